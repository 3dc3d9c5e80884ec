/** From nuclei to cells: secondary objects plane by plane or block by block, and their measures. */
package org.cytolake.cells;
