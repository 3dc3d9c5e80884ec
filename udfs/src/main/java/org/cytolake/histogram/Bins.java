package org.cytolake.histogram;

import java.util.Arrays;

/**
 * Equal-width bins of a histogram as {@code numpy.histogram(pixels, bins)} makes them: from the
 * minimum to the maximum, each bin closed below and open above, the last one closed. Where all
 * pixels are equal the range is that value ± 0.5; without pixels it is 0 to 1.
 *
 * <p>Immutable. There is one edge more than there are bins.
 */
public final class Bins {
  private final double[] edges;
  private final long[] counts;

  private Bins(double[] edges, long[] counts) {
    this.edges = edges;
    this.counts = counts;
  }

  /**
   * Bins of 64-bit or integer pixels.
   *
   * @param bins number of bins, at least 1
   * @throws IllegalArgumentException if {@code bins} is below 1
   */
  public static Bins of(Histogram histogram, int bins) {
    return of(histogram, bins, SampleKind.DOUBLE);
  }

  /**
   * Bins computed in the precision that numpy uses for the kind of sample.
   *
   * @param bins number of bins, at least 1
   * @throws IllegalArgumentException if {@code bins} is below 1
   */
  public static Bins of(Histogram histogram, int bins, SampleKind kind) {
    if (bins < 1) {
      throw new IllegalArgumentException("a histogram needs at least 1 bin, not " + bins);
    }
    double first = histogram.isEmpty() ? 0 : histogram.min();
    double last = histogram.isEmpty() ? 1 : histogram.max();
    if (first == last) {
      first = kind.round(first - 0.5);
      last = kind.round(last + 0.5);
    }
    double[] edges = linspace(first, last, bins, kind);
    double width = kind.round(last - first);
    long[] counts = new long[bins];
    for (int i = 0; i < histogram.size(); i++) {
      double value = histogram.value(i);
      double position = kind.round(kind.round(kind.round(value - first) / width) * bins);
      int bin = Math.min((int) position, bins - 1);
      if (value < edges[bin]) {
        bin--;
      } else if (bin < bins - 1 && value >= edges[bin + 1]) {
        bin++;
      }
      counts[bin] += histogram.count(i);
    }
    return new Bins(edges, counts);
  }

  /** {@code numpy.linspace(first, last, bins + 1)}: first + i · step, the last one exact. */
  private static double[] linspace(double first, double last, int bins, SampleKind kind) {
    double delta = kind.round(last - first);
    double step = kind.round(delta / bins);
    double[] edges = new double[bins + 1];
    for (int i = 0; i < bins; i++) {
      double offset =
          step == 0 ? kind.round(kind.round((double) i / bins) * delta) : kind.round(i * step);
      edges[i] = kind.round(offset + first);
    }
    edges[bins] = last;
    return edges;
  }

  /** Number of bins. */
  public int size() {
    return counts.length;
  }

  /** The lower limit of a bin. */
  public double lower(int bin) {
    return edges[bin];
  }

  /** The upper limit of a bin. */
  public double upper(int bin) {
    return edges[bin + 1];
  }

  /** The pixels of a bin. */
  public long count(int bin) {
    return counts[bin];
  }

  /** The bins' limits, ascending; a copy. */
  public double[] edges() {
    return edges.clone();
  }

  /** Pixels per bin; a copy. */
  public long[] counts() {
    return counts.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bins b
        && Arrays.equals(edges, b.edges)
        && Arrays.equals(counts, b.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(edges) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "Bins[" + size() + " from " + edges[0] + " to " + edges[size()] + "]";
  }
}
