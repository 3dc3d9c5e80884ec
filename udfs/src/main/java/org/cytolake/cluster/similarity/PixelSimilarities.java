package org.cytolake.cluster.similarity;

import java.util.Arrays;
import org.cytolake.gaussian.Elementary;
import org.cytolake.points.WeightedPoints;

/**
 * How similar a pixel is to all others: the Gaussian of the distance, exp(-d² / (2 width²)). To one
 * of its own tuple it is 1, to itself nothing.
 *
 * @param sums of a pixel of a tuple to all pixels of another, {@code [one][other]}
 * @param degrees of a pixel of a tuple to all pixels
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PixelSimilarities(double[][] sums, double[] degrees) {
  static PixelSimilarities of(WeightedPoints points, double width) {
    int n = points.size();
    double[][] sums = new double[n][n];
    for (int i = 0; i < n; i++) {
      sums[i][i] = points.weight(i) - 1.0;
      for (int j = 0; j < i; j++) {
        double s = Elementary.exp(-points.squaredDistance(i, j) / (2 * width * width));
        sums[i][j] = s * points.weight(j);
        sums[j][i] = s * points.weight(i);
      }
    }
    return new PixelSimilarities(
        sums, Arrays.stream(sums).mapToDouble(row -> Arrays.stream(row).sum()).toArray());
  }

  /** Whether a pixel is similar to no other. */
  boolean isAnyAlone() {
    return !Arrays.stream(degrees).allMatch(d -> d > 0);
  }
}
