package org.cytolake.focus;

import java.util.OptionalDouble;

/**
 * The slope of a plane's radial power spectrum, log power by log radius: sharp planes have flatter
 * ones, blurred planes steeper ones (D. Field and N. Brady 1997, "Visual sensitivity, blur and the
 * sources of variability in the amplitude spectra of natural scenes"). As CellProfiler's {@code
 * PowerLogLogSlope}, with {@code centrosome.radial_power_spectrum.rps}: radii from 2 to an eighth
 * of the smaller side; that of an element is counted from 1, from the nearest corner of the array,
 * so that frequency -1 has the radius of frequency 0.
 *
 * <p>Rows are given one after the other. Only the columns of low frequencies are kept: 2 bytes a
 * pixel. Not thread-safe.
 */
public final class PowerSpectrum {
  /** Sequences that are transformed at once. */
  private static final int BATCH = 16;

  private static final int LARGEST_SHARE = 8; // of the smaller side

  private final int height;
  private final int width;
  private final int radius; // the largest distance from a corner that counts
  private final int columns;
  private final Fourier ofRows;
  private final double[] re;
  private final double[] im;
  private final double[][] columnsRe; // groups of BATCH columns, interleaved
  private final double[][] columnsIm;
  private int rows;

  /**
   * For a plane.
   *
   * @param height rows, 1 or more
   * @param width columns, 1 or more
   */
  public PowerSpectrum(int height, int width) {
    this.height = height;
    this.width = width;
    this.radius = Math.min(height, width) / LARGEST_SHARE - 2;
    this.columns = radius < 1 ? 0 : radius + 2;
    int groups = (columns + BATCH - 1) / BATCH;
    this.columnsRe = new double[groups][columns == 0 ? 0 : height * BATCH];
    this.columnsIm = new double[groups][columns == 0 ? 0 : height * BATCH];
    this.ofRows = columns == 0 ? null : Fourier.of(width, BATCH);
    this.re = new double[columns == 0 ? 0 : width * BATCH];
    this.im = new double[re.length];
  }

  /**
   * Takes the next row.
   *
   * @param values of the row, less the plane's mean; 0 for pixels without a value
   */
  public void row(double[] values) {
    int slot = rows++ % (2 * BATCH);
    if (columns == 0) {
      return;
    }
    double[] part = slot % 2 == 0 ? re : im; // two real rows make a complex one
    for (int x = 0, at = slot / 2; x < width; x++, at += BATCH) {
      part[at] = values[x];
    }
    if (slot == 2 * BATCH - 1) {
      transformRows();
    }
  }

  private void transformRows() {
    int first = (rows - 1) / (2 * BATCH) * (2 * BATCH);
    ofRows.forward(re, im);
    for (int k = 0; k < columns; k++) {
      double[] toRe = columnsRe[k / BATCH];
      double[] toIm = columnsIm[k / BATCH];
      int a = k * BATCH;
      int b = (width - k) % width * BATCH;
      int to = first * BATCH + k % BATCH;
      for (int pair = 0; first + 2 * pair < rows; pair++, to += 2 * BATCH) {
        toRe[to] = (re[a + pair] + re[b + pair]) / 2;
        toIm[to] = (im[a + pair] - im[b + pair]) / 2;
        if (first + 2 * pair + 1 < rows) {
          toRe[to + BATCH] = (im[a + pair] + im[b + pair]) / 2;
          toIm[to + BATCH] = (re[b + pair] - re[a + pair]) / 2;
        }
      }
    }
  }

  /**
   * The slope, once all rows are given.
   *
   * @return empty where fewer than two radii have power: the plane is constant, or smaller than 32
   *     pixels one way
   * @throws IllegalStateException if not all rows were given
   */
  public OptionalDouble slope() {
    if (rows != height) {
      throw new IllegalStateException("of " + height + " rows, " + rows + " were given");
    }
    if (columns == 0) {
      return OptionalDouble.empty();
    }
    if (rows % (2 * BATCH) != 0) {
      transformRows();
    }
    Fourier ofColumns = Fourier.of(height, BATCH);
    double[] power = new double[radius + 1];
    for (int group = 0; group < columnsRe.length; group++) {
      ofColumns.forward(columnsRe[group], columnsIm[group]);
      for (int k = group * BATCH; k < Math.min(columns, (group + 1) * BATCH); k++) {
        add(k, power);
      }
    }
    return slope(power);
  }

  /** Adds what a column of the transform, and that of the negative frequency, hold. */
  private void add(int k, double[] power) {
    double[] partRe = columnsRe[k / BATCH];
    double[] partIm = columnsIm[k / BATCH];
    for (int row = 0; row < height; row++) {
      int dy = Math.min(row, height - 1 - row);
      int opposite = (height - row) % height;
      int oppositeDy = Math.min(opposite, height - 1 - opposite);
      if (Math.min(dy, oppositeDy) > radius) {
        continue;
      }
      int at = row * BATCH + k % BATCH;
      double square = partRe[at] * partRe[at] + partIm[at] * partIm[at];
      add(dy, k, square, power);
      if (k > 0) { // column width - k of row opposite
        add(oppositeDy, k - 1, square, power);
      }
    }
  }

  private void add(int dy, int dx, double square, double[] power) {
    int distance = (int) Math.sqrt((double) dy * dy + (double) dx * dx);
    if (distance >= 1 && distance <= radius) {
      power[distance] += square;
    }
  }

  private static OptionalDouble slope(double[] power) {
    int n = 0;
    double sumX = 0;
    double sumY = 0;
    for (int d = 1; d < power.length; d++) {
      if (power[d] > 0) {
        n++;
        sumX += Math.log(d + 1.0);
        sumY += Math.log(power[d]);
      }
    }
    if (n < 2) {
      return OptionalDouble.empty();
    }
    double xy = 0;
    double xx = 0;
    for (int d = 1; d < power.length; d++) {
      if (power[d] > 0) {
        double x = Math.log(d + 1.0) - sumX / n;
        xy += x * (Math.log(power[d]) - sumY / n);
        xx += x * x;
      }
    }
    return OptionalDouble.of(xy / xx);
  }
}
