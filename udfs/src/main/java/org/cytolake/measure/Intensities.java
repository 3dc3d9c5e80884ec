package org.cytolake.measure;

import java.util.Arrays;
import org.cytolake.image.Plane;

/**
 * Intensities of all labelled objects in one channel. Index 0 is unused; an object without pixels
 * has NaN throughout.
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
    if (Double.isNaN(total)) { // perhaps of a value that is no number
      least = Arrays.stream(values, 0, n).min().orElseThrow();
      greatest = Arrays.stream(values, 0, n).max().orElseThrow();
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

  /** Number of the object's pixels. */
  public long count(int label) {
    return count[label];
  }

  /** Sum over the object's pixels. */
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
   * Pearson's correlation of two channels within every object, by label; NaN where a channel is
   * constant in it.
   */
  public static double[] pearson(
      LabelledPixels pixels, Plane first, Intensities ofFirst, Plane second, Intensities ofSecond) {
    double[] correlations = new double[pixels.largest() + 1];
    double[] a = new double[pixels.most()];
    double[] b = new double[a.length];
    correlations[0] = Double.NaN;
    for (int label = 1; label < correlations.length; label++) {
      pixels.read(label, first, a);
      pixels.read(label, second, b);
      double firstMean = ofFirst.mean(label);
      double secondMean = ofSecond.mean(label);
      double products = 0;
      for (int i = 0; i < pixels.count(label); i++) {
        products += (a[i] - firstMean) * (b[i] - secondMean);
      }
      double scale = Math.sqrt(ofFirst.squares[label]) * Math.sqrt(ofSecond.squares[label]);
      correlations[label] = scale > 0 ? Math.max(-1, Math.min(1, products / scale)) : Double.NaN;
    }
    return correlations;
  }
}
