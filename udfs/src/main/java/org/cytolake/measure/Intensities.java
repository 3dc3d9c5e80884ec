package org.cytolake.measure;

import java.util.Arrays;
import org.cytolake.image.LabelImage;
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
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  /**
   * Measures.
   *
   * @param plane intensities of the label image's pixels
   */
  public static Intensities of(LabelImage image, Plane plane) {
    return of(image, image.maxLabel(), plane);
  }

  /**
   * The same where the label image need not have the largest label.
   *
   * @param largest label, 0 or above
   * @throws IllegalArgumentException where the label image has a larger one
   */
  public static Intensities of(LabelImage image, int largest, Plane plane) {
    Intensities result = new Intensities(largest + 1);
    int[] labels = image.labels();
    int pixels = 0;
    for (int label : labels) {
      pixels += label > 0 ? 1 : 0;
    }
    double[] values = new double[pixels];
    int[] labelled = new int[pixels];
    int n = 0;
    for (int start = 0, end; start < labels.length; start = end) { // runs of one label
      int label = labels[start];
      end = start + 1;
      while (end < labels.length && labels[end] == label) {
        end++;
      }
      if (label > largest) {
        throw new IllegalArgumentException(
            "the largest label is " + image.maxLabel() + ", not " + largest);
      }
      if (label > 0) {
        Arrays.fill(labelled, n, n + end - start, label);
        for (int i = start; i < end; i++) {
          values[n++] = plane.at(i);
        }
        result.add(label, values, n - (end - start), n);
      }
    }
    double[] means = result.means();
    for (int i = 0; i < n; i++) {
      double deviation = values[i] - means[labelled[i]];
      result.squares[labelled[i]] += deviation * deviation;
    }
    return result;
  }

  private void add(int label, double[] values, int from, int to) {
    double total = sum[label];
    double least = min[label];
    double greatest = max[label];
    for (int i = from; i < to; i++) {
      total += values[i];
      least = Math.min(least, values[i]);
      greatest = Math.max(greatest, values[i]);
    }
    count[label] += to - from;
    sum[label] = total;
    min[label] = least;
    max[label] = greatest;
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

  private double[] means() {
    double[] means = new double[sum.length];
    Arrays.setAll(means, this::mean);
    return means;
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
      LabelImage image, Plane first, Intensities ofFirst, Plane second, Intensities ofSecond) {
    double[] products = new double[ofFirst.count.length];
    double[] firstMeans = ofFirst.means();
    double[] secondMeans = ofSecond.means();
    int[] labels = image.labels();
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (label > 0) {
        products[label] += (first.at(i) - firstMeans[label]) * (second.at(i) - secondMeans[label]);
      }
    }
    for (int label = 0; label < products.length; label++) {
      double scale = Math.sqrt(ofFirst.squares[label]) * Math.sqrt(ofSecond.squares[label]);
      products[label] = scale > 0 ? Math.max(-1, Math.min(1, products[label] / scale)) : Double.NaN;
    }
    return products;
  }
}
