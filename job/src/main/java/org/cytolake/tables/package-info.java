/** The tables of an output: names, schemas and documentation. */
package org.cytolake.tables;
