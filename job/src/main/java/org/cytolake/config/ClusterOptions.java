package org.cytolake.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.intensity.PixelProfile;

/**
 * Settings of single clustering methods, in the units of the values that are clustered.
 *
 * @param dbscanEps up to which distance tuples are neighbours, above 0
 * @param dbscanMinPixels pixels within that distance that make a tuple dense, 1 or more
 * @param meanShiftBandwidth radius of the kernel, above 0; 0: estimated
 * @param meanShiftQuantile share of the pixels that the estimate is to reach, above 0 to 1
 * @param mergeDistances by method that merges: at which merging stops, above 0; 0: at every k
 * @param powerIterationWidth standard deviation of the Gaussian similarity, above 0
 * @param powerIterationIterations 1 or more
 * @param mapSide nodes along a side of a self-organising map, 2 to 32
 * @param mapEpochs 1 or more
 * @param profile what is made of intensities before pixels are clustered by them
 * @param axes the two clustering channels of the report's scatter plots; empty: the first and the
 *     last
 * @param maxTuples that methods take whose time grows with the square, 1 or more
 */
public record ClusterOptions(
    double dbscanEps,
    long dbscanMinPixels,
    double meanShiftBandwidth,
    double meanShiftQuantile,
    Map<String, Double> mergeDistances,
    double powerIterationWidth,
    int powerIterationIterations,
    int mapSide,
    int mapEpochs,
    PixelProfile profile,
    List<String> axes,
    int maxTuples)
    implements Serializable {
  /** The names of all methods. */
  public static final List<String> METHODS =
      List.of(
          Clustering.GAUSSIAN_MIXTURE,
          Clustering.K_MEANS,
          Clustering.BISECTING_K_MEANS,
          Clustering.POWER_ITERATION,
          Clustering.DBSCAN,
          Clustering.MEAN_SHIFT,
          Clustering.WARD,
          Clustering.AVERAGE_LINKAGE,
          Clustering.COMPLETE_LINKAGE,
          Clustering.SINGLE_LINKAGE,
          Clustering.SELF_ORGANIZING_MAP);

  public ClusterOptions {
    mergeDistances = Map.copyOf(mergeDistances);
    axes = List.copyOf(axes);
  }

  /**
   * Which of the clustering channels the report's scatter plots show, as indices.
   *
   * @param channels the clustering channels
   * @throws CytolakeException (USAGE) where the settings name others
   */
  public List<Integer> axesOf(List<String> channels) {
    if (axes.isEmpty()) {
      return channels.size() == 1 ? List.of(0) : List.of(0, channels.size() - 1);
    }
    if (axes.size() != 2 || axes.get(0).equals(axes.get(1)) || !channels.containsAll(axes)) {
      throw new CytolakeException(
          Code.USAGE,
          "clustering.axes is "
              + axes
              + ", but pixels are clustered by "
              + String.join(", ", channels)
              + ".",
          "Name two of those, or leave it empty for the first and the last.");
    }
    return axes.stream().map(channels::indexOf).toList();
  }

  static ClusterOptions of(Values v) {
    return new ClusterOptions(
        v.positive("clustering.dbscan.eps"),
        v.integer("clustering.dbscan.min-pixels", 1, Long.MAX_VALUE >>> 10),
        v.positiveOr("clustering.mean-shift.bandwidth", "estimate"),
        share(v),
        Map.of(
            Clustering.WARD,
            v.positiveOr("clustering.ward.distance", "none"),
            Clustering.AVERAGE_LINKAGE,
            v.positiveOr("clustering.average-linkage.distance", "none"),
            Clustering.COMPLETE_LINKAGE,
            v.positiveOr("clustering.complete-linkage.distance", "none"),
            Clustering.SINGLE_LINKAGE,
            v.positiveOr("clustering.single-linkage.distance", "none")),
        v.positive("clustering.power-iteration.width"),
        (int) v.integer("clustering.power-iteration.max-iterations", 1, 10_000),
        (int) v.integer("clustering.self-organizing-map.side", 2, 32),
        (int) v.integer("clustering.self-organizing-map.epochs", 1, 10_000),
        new PixelProfile(
            v.notNegative("clustering.profile.blur"),
            v.bool("clustering.profile.share"),
            percentile(v)),
        v.strings("clustering.axes"),
        (int) v.integer("clustering.max-tuples", 100, 100_000));
  }

  private static double percentile(Values v) {
    String key = "clustering.profile.percentile";
    double percentile = v.positiveOr(key, "none");
    if (percentile > 100) {
      throw v.bad(key, "It must lie above 0, up to 100, or be none.", null);
    }
    return percentile;
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
