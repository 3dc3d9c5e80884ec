package org.cytolake.cells;

/**
 * What the cells of one plane say together.
 *
 * @param count cells, 0 or more
 * @param medianArea of them, pixels; NaN without cells
 * @param threshold from which intensity on a pixel could be part of one; NaN where a network found
 *     them
 */
public record CellFigures(long count, double medianArea, double threshold) {}
