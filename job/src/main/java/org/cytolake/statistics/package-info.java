/** From the intensities of planes to their statistics. */
package org.cytolake.statistics;
