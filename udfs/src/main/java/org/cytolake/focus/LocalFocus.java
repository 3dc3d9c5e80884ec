package org.cytolake.focus;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How much the contrast differs over a plane: it is cut into cells of nearly equal size, each has
 * the variance over the mean of its pixels, and the score is the variance of those over their
 * median. Blurred planes have lower ones. As CellProfiler's {@code LocalFocusScore}, in units of
 * the intensity.
 *
 * <p>Rows are given one after the other. Not thread-safe.
 */
public final class LocalFocus {
  private final int height;
  private final int width;
  private final double offset;
  private final int cellRows;
  private final int cellColumns;
  private final int[] columns; // that have values, of the row of cells under way
  private final double[] sums;
  private final double[] squares;
  private final double[] ratios;
  private int cells;
  private int rows;
  private int cellRow;

  /**
   * For a plane.
   *
   * @param scale side of a cell at most, pixels, 1 or more
   * @param offset that rows are less than the intensities
   */
  public LocalFocus(int height, int width, int scale, double offset) {
    this.height = height;
    this.width = width;
    this.offset = offset;
    this.cellRows = (height + scale - 1) / scale;
    this.cellColumns = (width + scale - 1) / scale;
    this.columns = new int[width];
    this.sums = new double[width];
    this.squares = new double[width];
    this.ratios = new double[Math.multiplyExact(cellRows, cellColumns)];
  }

  /**
   * Takes the next row.
   *
   * @param values intensities less the offset; NaN for pixels without a value
   * @param complete whether there are none of those
   */
  public void row(double[] values, boolean complete) {
    int cell = (int) ((long) rows * cellRows / height);
    if (cell != cellRow) {
      endCells();
      cellRow = cell;
    }
    rows++;
    if (complete) {
      for (int x = 0; x < width; x++) {
        columns[x]++;
        sums[x] += values[x];
        squares[x] += values[x] * values[x];
      }
      return;
    }
    for (int x = 0; x < width; x++) {
      if (!Double.isNaN(values[x])) {
        columns[x]++;
        sums[x] += values[x];
        squares[x] += values[x] * values[x];
      }
    }
  }

  /** A cell whose mean is 0, or that has no values, has no ratio. */
  private void endCells() {
    int x = 0;
    for (int c = 0; c < cellColumns; c++) {
      int end = (int) (((c + 1L) * width + cellColumns - 1) / cellColumns);
      long n = 0;
      double sum = 0;
      double square = 0;
      for (; x < end; x++) {
        n += columns[x];
        sum += sums[x];
        square += squares[x];
      }
      double less = sum / n;
      double mean = less + offset;
      if (n > 0 && mean != 0) {
        ratios[cells++] = Math.max(0, square / n - less * less) / mean;
      }
    }
    Arrays.fill(columns, 0);
    Arrays.fill(sums, 0);
    Arrays.fill(squares, 0);
  }

  /**
   * The score, once all rows are given.
   *
   * @return empty where the median is not above 0: half of the plane is constant, or intensities
   *     are negative
   * @throws IllegalStateException if not all rows were given
   */
  public OptionalDouble score() {
    if (rows != height) {
      throw new IllegalStateException("of " + height + " rows, " + rows + " were given");
    }
    endCells();
    double[] sorted = Arrays.copyOf(ratios, cells);
    Arrays.sort(sorted);
    double median = cells == 0 ? 0 : (sorted[(cells - 1) / 2] + sorted[cells / 2]) / 2;
    if (!(median > 0)) {
      return OptionalDouble.empty();
    }
    double mean = Arrays.stream(sorted).sum() / cells;
    return OptionalDouble.of(
        Arrays.stream(sorted).map(r -> (r - mean) * (r - mean)).sum() / cells / median);
  }
}
