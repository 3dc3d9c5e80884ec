/** The tables of an output folder: their columns, and how a run writes them. */
package org.cytolake.output;
