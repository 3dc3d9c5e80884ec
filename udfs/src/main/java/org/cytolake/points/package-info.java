/**
 * Distinct tuples of intensities with the numbers of pixels that have them, as points in space:
 * grids, blocks, neighbours and means of them.
 */
package org.cytolake.points;
