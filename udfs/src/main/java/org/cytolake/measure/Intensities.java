package org.cytolake.measure;

import org.cytolake.image.Plane;

/**
 * Intensities of all labelled objects in one channel, of those of their pixels that are finite.
 * Index 0 is unused; an object without such pixels has NaN throughout.
 */
public final class Intensities {
  private final long[] count;
  private final double[] sum;
  private final double[] min;
  private final double[] max;
  private final double[] squares; // sums of squared deviations

  private Intensities(int labels) {
    count = new long[labels];
    sum = new double[labels];
    min = new double[labels];
    max = new double[labels];
    squares = new double[labels];
  }

  /**
   * Measures.
   *
   * @param plane intensities of the label image's pixels
   */
  public static Intensities of(LabelledPixels pixels, Plane plane) {
    Intensities result = new Intensities(pixels.largest() + 1);
    double[] values = new double[pixels.most()];
    for (int label = 1; label <= pixels.largest(); label++) {
      pixels.read(label, plane, values);
      result.measure(label, values, pixels.count(label));
    }
    return result;
  }

  private void measure(int label, double[] values, int n) {
    double total = 0;
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      double value = values[i];
      total += value;
      least = value < least ? value : least;
      greatest = value > greatest ? value : greatest;
    }
    if (!Double.isFinite(total)) {
      int finite = keepFinite(values, n);
      if (finite < n) {
        measure(label, values, finite);
        return;
      }
    }
    double mean = total / n;
    double deviations = 0;
    for (int i = 0; i < n; i++) {
      double deviation = values[i] - mean;
      deviations += deviation * deviation;
    }
    count[label] = n;
    sum[label] = total;
    min[label] = least;
    max[label] = greatest;
    squares[label] = deviations;
  }

  /** Moves the finite ones of the first {@code n} values to the front. */
  private static int keepFinite(double[] values, int n) {
    int finite = 0;
    for (int i = 0; i < n; i++) {
      if (Double.isFinite(values[i])) {
        values[finite++] = values[i];
      }
    }
    return finite;
  }

  /** Number of the object's pixels that are finite. */
  public long count(int label) {
    return count[label];
  }

  /** Sum over them. */
  public double sum(int label) {
    return count[label] == 0 ? Double.NaN : sum[label];
  }

  /** Arithmetic mean. */
  public double mean(int label) {
    return sum[label] / count[label];
  }

  /** Population standard deviation, as {@code numpy.std}. */
  public double stddev(int label) {
    return Math.sqrt(squares[label] / count[label]);
  }

  /** Smallest intensity. */
  public double min(int label) {
    return count[label] == 0 ? Double.NaN : min[label];
  }

  /** Largest intensity. */
  public double max(int label) {
    return count[label] == 0 ? Double.NaN : max[label];
  }

  /**
   * Pearson's correlation of two channels within every object, by label, over the pixels that are
   * finite in both; NaN where a channel is constant there.
   */
  public static double[] pearson(
      LabelledPixels pixels, Plane first, Intensities ofFirst, Plane second, Intensities ofSecond) {
    double[] correlations = new double[pixels.largest() + 1];
    double[] a = new double[pixels.most()];
    double[] b = new double[a.length];
    correlations[0] = Double.NaN;
    for (int label = 1; label < correlations.length; label++) {
      int n = pixels.count(label);
      pixels.read(label, first, a);
      pixels.read(label, second, b);
      Intensities x = ofFirst;
      Intensities y = ofSecond;
      int at = label;
      if (x.count[label] < n || y.count[label] < n) {
        n = keepFinite(a, b, n);
        x = of(a, n);
        y = of(b, n);
        at = 0;
      }
      double firstMean = x.mean(at);
      double secondMean = y.mean(at);
      double products = 0;
      for (int i = 0; i < n; i++) {
        products += (a[i] - firstMean) * (b[i] - secondMean);
      }
      double scale = Math.sqrt(x.squares[at]) * Math.sqrt(y.squares[at]);
      correlations[label] = scale > 0 ? Math.max(-1, Math.min(1, products / scale)) : Double.NaN;
    }
    return correlations;
  }

  /** Of one object, at index 0. */
  private static Intensities of(double[] values, int n) {
    Intensities result = new Intensities(1);
    result.measure(0, values, n);
    return result;
  }

  /** Moves the pairs of the first {@code n} that are finite in both to the front. */
  private static int keepFinite(double[] a, double[] b, int n) {
    int finite = 0;
    for (int i = 0; i < n; i++) {
      if (Double.isFinite(a[i]) && Double.isFinite(b[i])) {
        a[finite] = a[i];
        b[finite++] = b[i];
      }
    }
    return finite;
  }
}
