package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.cytolake.cluster.Agglomeration;
import org.cytolake.cluster.Agglomeration.Linkage;
import org.cytolake.cluster.Bandwidth;
import org.cytolake.cluster.BisectingKMeans;
import org.cytolake.cluster.Clusters;
import org.cytolake.cluster.Dbscan;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.MeanShift;
import org.cytolake.cluster.MergeTree;
import org.cytolake.cluster.Mixture;
import org.cytolake.cluster.ModelSelection;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.cluster.Modes;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.Partition;
import org.cytolake.cluster.SelfOrganizingMap;
import org.cytolake.cluster.online.Birch;
import org.cytolake.cluster.online.MiniBatchKMeans;
import org.cytolake.cluster.similarity.AffinityPropagation;
import org.cytolake.cluster.similarity.PowerIteration;
import org.cytolake.cluster.similarity.SpectralClustering;
import org.cytolake.config.ClusterOptions;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.points.WeightedPoints;

/** Fits every method of the settings to the tuples of one image, group or data set. */
final class ClusterFits {
  /** What picks a k: likelihood and cost only ever prefer more clusters. */
  private static final List<Criterion> CRITERIA =
      List.of(
          Criterion.AIC,
          Criterion.BIC,
          Criterion.SILHOUETTE,
          Criterion.EXACT_SILHOUETTE,
          Criterion.EFFECTIVE_BIC,
          Criterion.ICL,
          Criterion.STABILITY,
          Criterion.MODES);

  private final Clustering settings;
  private final ClusterOptions options;
  private final ClusterRivals rivals;
  private final FittedPoints all;
  private final Recommendation recommendation;
  private final KMeans.Options kMeans;

  private ClusterFits(
      FittedPoints points,
      Recommendation recommendation,
      Clustering settings,
      ClusterRivals rivals) {
    this.settings = settings;
    this.options = settings.options();
    this.rivals = rivals;
    this.all = points;
    this.recommendation = recommendation;
    this.kMeans = FittedPoints.kMeansOptions(settings);
  }

  /**
   * In the calling thread.
   *
   * @param recommendation what says which k
   * @param rivals models from elsewhere, which are taken where they are better than ours
   */
  static List<ClusterFit> of(
      FittedPoints points,
      Recommendation recommendation,
      Clustering settings,
      ClusterRivals rivals) {
    ClusterFits fits = new ClusterFits(points, recommendation, settings, rivals);
    return settings.methods().stream().flatMap(m -> fits.of(m).stream()).toList();
  }

  private List<ClusterFit> of(String method) {
    WeightedPoints points = all.points();
    return switch (method) {
      case ClusterOptions.GAUSSIAN_MIXTURE -> {
        GaussianMixture.Options own = recommendation.mixtures();
        Map<Integer, List<Mixture>> others = rivals.mixtures(points, own);
        yield each(
            method,
            Criterion.BIC,
            all,
            Map.of("regularization", own.regularization()),
            k ->
                best(
                    GaussianMixture.fit(points, k, own),
                    others.get(k),
                    Comparator.comparingDouble(Mixture::logLikelihood)));
      }
      case ClusterOptions.K_MEANS -> {
        Map<Integer, List<org.cytolake.cluster.Clustering>> others = rivals.kMeans(points, kMeans);
        yield each(
            method,
            Criterion.SILHOUETTE,
            all,
            Map.of(),
            k -> best(KMeans.fit(points, k, kMeans), others.get(k), BY_COST));
      }
      case ClusterOptions.MINI_BATCH_K_MEANS -> miniBatchKMeans();
      case ClusterOptions.BISECTING_K_MEANS -> {
        Map<Integer, List<org.cytolake.cluster.Clustering>> others =
            rivals.bisectingKMeans(points, kMeans);
        yield each(
            method,
            Criterion.SILHOUETTE,
            all,
            Map.of(),
            k -> best(BisectingKMeans.fit(points, k, kMeans), others.get(k), BY_COST));
      }
      case ClusterOptions.BIRCH -> birch();
      case ClusterOptions.POWER_ITERATION -> powerIteration();
      case ClusterOptions.SPECTRAL -> spectral();
      case ClusterOptions.WARD -> agglomeration(method, Linkage.WARD);
      case ClusterOptions.AVERAGE_LINKAGE -> agglomeration(method, Linkage.AVERAGE);
      case ClusterOptions.COMPLETE_LINKAGE -> agglomeration(method, Linkage.COMPLETE);
      case ClusterOptions.SINGLE_LINKAGE -> agglomeration(method, Linkage.SINGLE);
      case ClusterOptions.SELF_ORGANIZING_MAP -> map();
      case ClusterOptions.DBSCAN -> dbscan();
      case ClusterOptions.MEAN_SHIFT -> meanShift();
      case ClusterOptions.AFFINITY_PROPAGATION -> affinityPropagation();
      default -> throw new IllegalArgumentException("no method " + method);
    };
  }

  private static final Comparator<org.cytolake.cluster.Clustering> BY_COST =
      Comparator.<org.cytolake.cluster.Clustering>comparingDouble(c -> c.cost()).reversed();

  /** The best; our own, and then the first, of equals. */
  private static <T extends Clusters> Outcome<T> best(
      Outcome<T> own, List<T> others, Comparator<T> better) {
    T best = own.result().orElse(null);
    for (T other : others == null || best == null ? List.<T>of() : others) {
      best = better.compare(other, best) > 0 ? other : best;
    }
    return best == null ? own : new Outcome.Fitted<>(best);
  }

  private List<ClusterFit> miniBatchKMeans() {
    ClusterOptions.MiniBatch own = options.miniBatch();
    MiniBatchKMeans.Options how =
        new MiniBatchKMeans.Options(
            settings.fitStarts(),
            settings.maxIterations(),
            own.pixels(),
            own.patience(),
            own.reassignment(),
            settings.seed());
    return each(
        ClusterOptions.MINI_BATCH_K_MEANS,
        Criterion.SILHOUETTE,
        all,
        Map.of("batch", (double) own.pixels()),
        k -> MiniBatchKMeans.fit(all.points(), k, how));
  }

  private List<ClusterFit> birch() {
    Outcome<Birch> birch = Birch.fit(all.points(), options.birch());
    Map<String, Double> parameters = new TreeMap<>();
    parameters.put("threshold", options.birch().threshold());
    parameters.put("branching", (double) options.birch().branching());
    return each(
        ClusterOptions.BIRCH,
        Criterion.SILHOUETTE,
        all,
        parameters,
        k -> birch.then(b -> b.clusters(all.points(), k)));
  }

  private List<ClusterFit> powerIteration() {
    FittedPoints few = all.upTo(Math.min(options.maxTuples(), PowerIteration.MAX_TUPLES));
    List<Outcome<Partition>> outcomes =
        PowerIteration.fit(
            few.points(),
            settings.k(),
            options.powerIterationWidth(),
            options.powerIterationIterations(),
            kMeans);
    return each(
        ClusterOptions.POWER_ITERATION,
        Criterion.SILHOUETTE,
        few,
        Map.of("width", options.powerIterationWidth()),
        k -> outcomes.get(settings.k().indexOf(k)));
  }

  private List<ClusterFit> spectral() {
    FittedPoints few = all.upTo(Math.min(options.maxTuples(), SpectralClustering.MAX_TUPLES));
    List<Outcome<Partition>> outcomes =
        SpectralClustering.fit(few.points(), settings.k(), options.spectralWidth(), kMeans);
    return each(
        ClusterOptions.SPECTRAL,
        Criterion.SILHOUETTE,
        few,
        Map.of("width", options.spectralWidth()),
        k -> outcomes.get(settings.k().indexOf(k)));
  }

  private List<ClusterFit> agglomeration(String method, Linkage linkage) {
    FittedPoints few = all.upTo(Math.min(options.maxTuples(), linkage.maxTuples()));
    Outcome<MergeTree> tree = Agglomeration.fit(few.points(), linkage);
    double distance = options.mergeDistances().get(method);
    return distance > 0
        ? one(method, few, Map.of("distance", distance), tree.then(t -> t.cutBelow(distance)))
        : each(method, Criterion.SILHOUETTE, few, Map.of(), k -> tree.then(t -> t.cut(k)));
  }

  private List<ClusterFit> map() {
    int side = options.mapSide();
    Outcome<SelfOrganizingMap> map =
        SelfOrganizingMap.fit(all.points(), side, side, options.mapEpochs());
    Map<String, Double> parameters = new TreeMap<>();
    parameters.put("side", (double) side);
    parameters.put("epochs", (double) options.mapEpochs());
    map.result().ifPresent(m -> parameters.put("quantization_error", m.quantizationError()));
    return each(
        ClusterOptions.SELF_ORGANIZING_MAP,
        Criterion.SILHOUETTE,
        all,
        parameters,
        k -> map.then(m -> m.metaclusters(all.points(), k)));
  }

  private List<ClusterFit> dbscan() {
    FittedPoints few = all.upTo(Math.min(options.maxTuples(), Dbscan.MAX_TUPLES));
    return one(
        ClusterOptions.DBSCAN,
        few,
        Map.of("eps", options.dbscanEps(), "min_pixels", (double) options.dbscanMinPixels()),
        Dbscan.fit(few.points(), options.dbscanEps(), options.dbscanMinPixels()));
  }

  private List<ClusterFit> meanShift() {
    FittedPoints few = all.upTo(Math.min(options.maxTuples(), MeanShift.MAX_TUPLES));
    double bandwidth =
        options.meanShiftBandwidth() > 0
            ? options.meanShiftBandwidth()
            : Bandwidth.estimate(few.points(), options.meanShiftQuantile());
    // without any distance between most pixels every tuple is a mode
    Outcome<Modes> modes =
        MeanShift.fit(few.points(), bandwidth > 0 ? bandwidth : Double.MIN_NORMAL);
    return one(ClusterOptions.MEAN_SHIFT, few, Map.of("bandwidth", bandwidth), modes);
  }

  private List<ClusterFit> affinityPropagation() {
    FittedPoints few = all.upTo(Math.min(options.maxTuples(), AffinityPropagation.MAX_TUPLES));
    AffinityPropagation.Options own = options.affinity().of(few.points());
    return one(
        ClusterOptions.AFFINITY_PROPAGATION,
        few,
        Map.of("damping", own.damping(), "preference", own.preference()),
        AffinityPropagation.fit(few.points(), own, settings.seed()));
  }

  private <T extends Clusters> List<ClusterFit> each(
      String method,
      Criterion criterion,
      FittedPoints fitted,
      Map<String, Double> parameters,
      IntFunction<Outcome<T>> fit) {
    ModelSelection<T> selection =
        ModelSelection.of(
            fitted.points(),
            settings.k(),
            fit,
            settings.exactSilhouette(),
            (k, model) -> recommendation.scores(method, k, model));
    OptionalInt recommended = selection.selected(options.recommend());
    int best =
        settings.k().size() == 1
            ? settings.k().get(0)
            : recommended.orElseGet(() -> selection.selected(criterion).orElse(-1));
    List<ClusterFit> fits = new ArrayList<>();
    for (ModelSelection.Candidate<T> candidate : selection.candidates()) {
      fits.add(fit(method, selection, candidate, candidate.k() == best, fitted, parameters));
    }
    return fits;
  }

  private <T extends Clusters> List<ClusterFit> one(
      String method, FittedPoints fitted, Map<String, Double> parameters, Outcome<T> model) {
    ModelSelection<T> selection =
        ModelSelection.of(fitted.points(), model, settings.exactSilhouette());
    return List.of(fit(method, selection, selection.candidates().get(0), true, fitted, parameters));
  }

  private ClusterFit fit(
      String method,
      ModelSelection<?> selection,
      ModelSelection.Candidate<? extends Clusters> candidate,
      boolean selected,
      FittedPoints fitted,
      Map<String, Double> parameters) {
    List<String> pickedBy =
        CRITERIA.stream()
            .filter(c -> selection.selected(c).equals(OptionalInt.of(candidate.k())))
            .map(c -> c.name().toLowerCase(Locale.ROOT))
            .toList();
    return ClusterFit.of(
        method,
        candidate,
        selected,
        pickedBy,
        fitted,
        new TreeMap<>(parameters),
        settings.responsibilities());
  }
}
