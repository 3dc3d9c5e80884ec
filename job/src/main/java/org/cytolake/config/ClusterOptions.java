package org.cytolake.config;

import java.io.Serializable;
import java.util.OptionalDouble;

/**
 * Settings of single clustering methods, in the units of the values that are clustered.
 *
 * @param dbscanEps up to which distance tuples are neighbours, above 0
 * @param dbscanMinPixels pixels within that distance that make a tuple dense, 1 or more
 * @param meanShiftBandwidth radius of the kernel, above 0; 0: estimated
 * @param meanShiftQuantile share of the pixels that the estimate is to reach, above 0 to 1
 * @param wardDistance at which merging stops, above 0; 0: at every k
 * @param powerIterationWidth standard deviation of the Gaussian similarity, above 0
 * @param powerIterationIterations 1 or more
 * @param maxTuples that DBSCAN, mean shift, Ward and power iteration take, 1 or more
 */
public record ClusterOptions(
    double dbscanEps,
    long dbscanMinPixels,
    double meanShiftBandwidth,
    double meanShiftQuantile,
    double wardDistance,
    double powerIterationWidth,
    int powerIterationIterations,
    int maxTuples)
    implements Serializable {

  static ClusterOptions of(Values v) {
    return new ClusterOptions(
        v.positive("clustering.dbscan.eps"),
        v.integer("clustering.dbscan.min-pixels", 1, Long.MAX_VALUE >>> 10),
        v.positiveOr("clustering.mean-shift.bandwidth", "estimate"),
        share(v),
        v.positiveOr("clustering.ward.distance", "none"),
        v.positive("clustering.power-iteration.width"),
        (int) v.integer("clustering.power-iteration.max-iterations", 1, 10_000),
        (int) v.integer("clustering.max-tuples", 100, 100_000));
  }

  private static double share(Values v) {
    String key = "clustering.mean-shift.quantile";
    OptionalDouble share = v.fractionOr(key, "");
    if (share.isEmpty() || share.getAsDouble() == 0) {
      throw v.bad(key, "It must lie above 0, up to 1.", null);
    }
    return share.getAsDouble();
  }
}
