package org.cytolake.points;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The pixels of one cluster.
 *
 * @param cluster its label, from 1
 * @param pixels number of pixels, at least 1
 * @param weight share of the clustered pixels, above 0 to 1
 * @param mean mean per channel
 * @param covariance population covariance {@code [channel][channel]}
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared as a whole
public record ClusterSummary(
    int cluster, long pixels, double weight, double[] mean, double[][] covariance)
    implements Serializable {
  public ClusterSummary {
    if (cluster < 1 || pixels < 1 || mean.length != covariance.length) {
      throw new IllegalArgumentException(
          "no summary of a cluster: label " + cluster + ", " + pixels + " pixels");
    }
  }

  /**
   * Of every cluster that has pixels, in the order of labels; pixels with label 0 are left out.
   *
   * @param labels a label per tuple, 0 to {@code clusters}
   * @throws IllegalArgumentException if the number of labels differs or a label is out of range
   */
  public static List<ClusterSummary> of(WeightedPoints points, int[] labels, int clusters) {
    requireLabels(points, labels, clusters);
    int d = points.channels();
    long[] pixels = new long[clusters + 1];
    double[][] mean = new double[clusters + 1][d];
    double[][][] covariance = new double[clusters + 1][d][d];
    for (int i = 0; i < labels.length; i++) {
      pixels[labels[i]] += points.weight(i);
      for (int c = 0; c < d; c++) {
        mean[labels[i]][c] += points.weight(i) * points.value(c, i);
      }
    }
    for (int k = 1; k <= clusters; k++) {
      for (int c = 0; c < d; c++) {
        mean[k][c] /= pixels[k];
      }
    }
    for (int i = 0; i < labels.length; i++) {
      int k = labels[i];
      for (int a = 0; a < d; a++) {
        double scaled = points.weight(i) * (points.value(a, i) - mean[k][a]);
        for (int b = 0; b < d; b++) {
          covariance[k][a][b] += scaled * (points.value(b, i) - mean[k][b]);
        }
      }
    }
    long clustered = points.weight() - pixels[0];
    List<ClusterSummary> summaries = new ArrayList<>();
    for (int k = 1; k <= clusters; k++) {
      if (pixels[k] > 0) {
        for (double[] row : covariance[k]) {
          for (int b = 0; b < d; b++) {
            row[b] /= pixels[k];
          }
        }
        summaries.add(
            new ClusterSummary(
                k, pixels[k], (double) pixels[k] / clustered, mean[k], covariance[k]));
      }
    }
    return List.copyOf(summaries);
  }

  public static void requireLabels(WeightedPoints points, int[] labels, int clusters) {
    if (labels.length != points.size()) {
      throw new IllegalArgumentException(
          labels.length + " labels for " + points.size() + " tuples");
    }
    for (int label : labels) {
      if (label < 0 || label > clusters) {
        throw new IllegalArgumentException("label " + label + " among " + clusters + " clusters");
      }
    }
  }
}
