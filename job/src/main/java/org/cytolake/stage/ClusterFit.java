package org.cytolake.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cytolake.cluster.ClusterSummary;
import org.cytolake.cluster.Clustering;
import org.cytolake.cluster.Components;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Mixture;
import org.cytolake.cluster.ModelSelection;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.cluster.Outcome;
import org.cytolake.cluster.WeightedPoints;
import org.cytolake.config.CytolakeConfig;

/**
 * A model of one method and k, or why there is none.
 *
 * @param clusters in the order of their labels
 * @param labels of the tuples, 1 to k; null without a model
 * @param scores by criterion
 * @param selected whether it is the best of its method
 * @param reason why there is no model, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ClusterFit(
    String method,
    int k,
    List<Cluster> clusters,
    int[] labels,
    Map<Criterion, Double> scores,
    int iterations,
    boolean converged,
    boolean selected,
    String reason) {

  /**
   * One cluster.
   *
   * @param weight share in the mixture, or of the pixels, 0 to 1
   * @param pixels that belong to it
   * @param mean by channel
   * @param covariance by channel, then channel
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Cluster(double weight, long pixels, double[] mean, double[][] covariance) {}

  /** Fits every method and k of the settings, in the calling thread. */
  static List<ClusterFit> all(WeightedPoints points, CytolakeConfig.Clustering settings) {
    List<ClusterFit> fits = new ArrayList<>();
    WeightedPoints.Standardized standardized =
        settings.standardize() && points.size() > 0 ? points.standardized() : null;
    WeightedPoints fitted = standardized == null ? points : standardized.points();
    for (String method : settings.methods()) {
      if (method.equals(CytolakeConfig.Clustering.K_MEANS)) {
        KMeans.Options options =
            new KMeans.Options(
                settings.starts(), settings.maxIterations(), settings.tolerance(), settings.seed());
        fits.addAll(
            ofKMeans(
                points,
                ModelSelection.kMeans(fitted, settings.k(), options, settings.exactSilhouette())));
      } else {
        GaussianMixture.Options options =
            new GaussianMixture.Options(
                settings.starts(),
                settings.maxIterations(),
                settings.tolerance(),
                settings.regularization(),
                settings.seed());
        fits.addAll(
            ofMixtures(
                points,
                standardized,
                ModelSelection.mixtures(
                    fitted, settings.k(), options, settings.exactSilhouette())));
      }
    }
    return fits;
  }

  /**
   * From k-means.
   *
   * @param points in the units of the values, also where the fit was to standardised ones
   */
  static List<ClusterFit> ofKMeans(WeightedPoints points, ModelSelection<Clustering> selection) {
    int best = selection.selected(Criterion.SILHOUETTE).orElse(-1);
    List<ClusterFit> fits = new ArrayList<>();
    for (ModelSelection.Candidate<Clustering> candidate : selection.candidates()) {
      Outcome<Clustering> model = candidate.model();
      if (model.result().isEmpty()) {
        fits.add(
            none(
                CytolakeConfig.Clustering.K_MEANS,
                candidate.k(),
                model.reasonWhyNot().orElseThrow()));
        continue;
      }
      Clustering fit = model.result().get();
      List<Cluster> clusters = new ArrayList<>();
      for (ClusterSummary s : ClusterSummary.of(points, fit.labels(), fit.k())) {
        clusters.add(new Cluster(s.weight(), s.pixels(), s.mean(), s.covariance()));
      }
      fits.add(
          new ClusterFit(
              CytolakeConfig.Clustering.K_MEANS,
              candidate.k(),
              clusters,
              fit.labels(),
              candidate.scores(),
              fit.iterations(),
              fit.converged(),
              candidate.k() == best || selection.candidates().size() == 1,
              null));
    }
    return fits;
  }

  /**
   * From mixtures.
   *
   * @param standardized what the fit was to, or null where it was to the values themselves
   */
  static List<ClusterFit> ofMixtures(
      WeightedPoints points,
      WeightedPoints.Standardized standardized,
      ModelSelection<Mixture> selection) {
    int best = selection.selected(Criterion.BIC).orElse(-1);
    List<ClusterFit> fits = new ArrayList<>();
    for (ModelSelection.Candidate<Mixture> candidate : selection.candidates()) {
      Outcome<Mixture> model = candidate.model();
      if (model.result().isEmpty()) {
        fits.add(
            none(
                CytolakeConfig.Clustering.GAUSSIAN_MIXTURE,
                candidate.k(),
                model.reasonWhyNot().orElseThrow()));
        continue;
      }
      Mixture fit = model.result().get();
      long[] pixels = new long[fit.k() + 1];
      for (int i = 0; i < fit.labels().length; i++) {
        pixels[fit.labels()[i]] += points.weight(i);
      }
      Components components = fit.components();
      double[][] means =
          standardized == null ? components.means() : standardized.restore(components.means());
      List<Cluster> clusters = new ArrayList<>();
      for (int c = 0; c < fit.k(); c++) {
        clusters.add(
            new Cluster(
                components.weights()[c],
                pixels[c + 1],
                means[c],
                scaled(components.covariances()[c], standardized)));
      }
      fits.add(
          new ClusterFit(
              CytolakeConfig.Clustering.GAUSSIAN_MIXTURE,
              candidate.k(),
              clusters,
              fit.labels(),
              candidate.scores(),
              fit.iterations(),
              fit.converged(),
              candidate.k() == best,
              null));
    }
    return fits;
  }

  private static double[][] scaled(
      double[][] covariance, WeightedPoints.Standardized standardized) {
    if (standardized == null) {
      return covariance;
    }
    double[][] scaled = new double[covariance.length][covariance.length];
    for (int a = 0; a < scaled.length; a++) {
      for (int b = 0; b < scaled.length; b++) {
        scaled[a][b] = covariance[a][b] * standardized.scale()[a] * standardized.scale()[b];
      }
    }
    return scaled;
  }

  private static ClusterFit none(String method, int k, String reason) {
    return new ClusterFit(method, k, List.of(), null, Map.of(), 0, false, false, reason);
  }
}
