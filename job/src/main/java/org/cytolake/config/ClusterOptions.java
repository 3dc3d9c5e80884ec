package org.cytolake.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.cluster.online.Birch;
import org.cytolake.cluster.similarity.AffinityPropagation;
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
 * @param spectralWidth the same, of spectral clustering
 * @param mapSide nodes along a side of a self-organising map, 2 to 32
 * @param mapEpochs 1 or more
 * @param miniBatch of mini-batch k-means
 * @param birch of Birch
 * @param affinity of affinity propagation
 * @param profile what is made of intensities before pixels are clustered by them
 * @param axes the two clustering channels of the report's scatter plots; empty: the first and the
 *     last
 * @param recommend what says which k is selected
 * @param sharesOrNull see {@link #shares}; serialisation takes no Optional
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
    double spectralWidth,
    int mapSide,
    int mapEpochs,
    MiniBatch miniBatch,
    Birch.Options birch,
    AffinityPropagation.Options affinity,
    PixelProfile profile,
    List<String> axes,
    Criterion recommend,
    Boolean sharesOrNull,
    int maxTuples)
    implements Serializable {
  public static final String GAUSSIAN_MIXTURE = "gaussian_mixture";
  public static final String K_MEANS = "k_means";
  public static final String MINI_BATCH_K_MEANS = "mini_batch_k_means";
  public static final String BISECTING_K_MEANS = "bisecting_k_means";
  public static final String BIRCH = "birch";
  public static final String SPECTRAL = "spectral";
  public static final String POWER_ITERATION = "power_iteration";
  public static final String DBSCAN = "dbscan";
  public static final String AFFINITY_PROPAGATION = "affinity_propagation";
  public static final String MEAN_SHIFT = "mean_shift";
  public static final String WARD = "ward";
  public static final String AVERAGE_LINKAGE = "average_linkage";
  public static final String COMPLETE_LINKAGE = "complete_linkage";
  public static final String SINGLE_LINKAGE = "single_linkage";
  public static final String SELF_ORGANIZING_MAP = "self_organizing_map";

  /** The names of all methods. */
  public static final List<String> METHODS =
      List.of(
          GAUSSIAN_MIXTURE,
          K_MEANS,
          MINI_BATCH_K_MEANS,
          BISECTING_K_MEANS,
          BIRCH,
          POWER_ITERATION,
          SPECTRAL,
          DBSCAN,
          MEAN_SHIFT,
          AFFINITY_PROPAGATION,
          WARD,
          AVERAGE_LINKAGE,
          COMPLETE_LINKAGE,
          SINGLE_LINKAGE,
          SELF_ORGANIZING_MAP);

  /**
   * How mini-batch k-means goes on and ends.
   *
   * @param pixels of a batch, 1 or more
   * @param patience batches without a lower cost after which a start ends, 1 or more
   * @param reassignment share of the largest cluster's pixels below which a centre starts anew, 0
   *     to 1
   */
  public record MiniBatch(int pixels, int patience, double reassignment) implements Serializable {}

  private static final List<String> FINDING_K = List.of(DBSCAN, MEAN_SHIFT, AFFINITY_PROPAGATION);

  /** What can say which k is selected. */
  private static final List<Criterion> RECOMMENDING =
      List.of(
          Criterion.MODES,
          Criterion.EFFECTIVE_BIC,
          Criterion.ICL,
          Criterion.STABILITY,
          Criterion.BIC,
          Criterion.AIC,
          Criterion.SILHOUETTE);

  public ClusterOptions {
    mergeDistances = Map.copyOf(mergeDistances);
    axes = List.copyOf(axes);
  }

  /**
   * Whether the clusters of the pixels of nuclei and cells are counted; empty: where that takes no
   * pass of its own over the images.
   */
  public Optional<Boolean> shares() {
    return Optional.ofNullable(sharesOrNull);
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

  /** Whether a method finds the number of clusters: by itself, or by cutting its tree. */
  public boolean findsK(String method) {
    return FINDING_K.contains(method) || mergeDistances.getOrDefault(method, 0.0) > 0;
  }

  static ClusterOptions of(Values v) {
    return new ClusterOptions(
        v.positive("clustering.dbscan.eps"),
        v.integer("clustering.dbscan.min-pixels", 1, Long.MAX_VALUE >>> 10),
        v.positiveOr("clustering.mean-shift.bandwidth", "estimate"),
        share(v),
        Map.of(
            WARD,
            v.positiveOr("clustering.ward.distance", "none"),
            AVERAGE_LINKAGE,
            v.positiveOr("clustering.average-linkage.distance", "none"),
            COMPLETE_LINKAGE,
            v.positiveOr("clustering.complete-linkage.distance", "none"),
            SINGLE_LINKAGE,
            v.positiveOr("clustering.single-linkage.distance", "none")),
        v.positive("clustering.power-iteration.width"),
        (int) v.integer("clustering.power-iteration.max-iterations", 1, 10_000),
        v.positive("clustering.spectral.width"),
        (int) v.integer("clustering.self-organizing-map.side", 2, 32),
        (int) v.integer("clustering.self-organizing-map.epochs", 1, 10_000),
        new MiniBatch(
            (int) v.integer("clustering.mini-batch-k-means.batch", 1, 1_000_000),
            (int) v.integer("clustering.mini-batch-k-means.patience", 1, 10_000),
            v.fraction("clustering.mini-batch-k-means.reassignment")),
        new Birch.Options(
            v.positive("clustering.birch.threshold"),
            (int) v.integer("clustering.birch.branching", 2, 1_000)),
        affinity(v),
        new PixelProfile(
            v.notNegative("clustering.profile.blur"),
            v.bool("clustering.profile.share"),
            percentile(v)),
        v.strings("clustering.axes"),
        v.choice("clustering.recommend", RECOMMENDING),
        v.boolOr("clustering.shares", "auto").orElse(null),
        (int) v.integer("clustering.max-tuples", 100, 100_000));
  }

  private static AffinityPropagation.Options affinity(Values v) {
    String key = "clustering.affinity-propagation.";
    double damping = v.fraction(key + "damping");
    if (damping < 0.5 || damping == 1) {
      throw v.bad(key + "damping", "It must lie between 0.5 and 1, below 1.", null);
    }
    double preference = v.numberOr(key + "preference", "median").orElse(0);
    if (!Double.isFinite(preference)
        || (preference >= 0 && !v.text(key + "preference").equals("median"))) {
      throw v.bad(key + "preference", "It must lie below 0, or be the word median.", null);
    }
    return new AffinityPropagation.Options(
        damping,
        preference,
        (int) v.integer(key + "max-iterations", 1, 100_000),
        (int) v.integer(key + "patience", 1, 10_000));
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
