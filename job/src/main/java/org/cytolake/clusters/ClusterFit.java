package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cytolake.cluster.Clustering;
import org.cytolake.cluster.Clusters;
import org.cytolake.cluster.Coreset;
import org.cytolake.cluster.Mixture;
import org.cytolake.cluster.ModelSelection.Candidate;
import org.cytolake.cluster.ModelSelection.Criterion;
import org.cytolake.cluster.Modes;
import org.cytolake.cluster.NodeClusters;
import org.cytolake.gaussian.Components;
import org.cytolake.points.ClusterSummary;

/**
 * A model of one method and k in the units of the values, or why there is none.
 *
 * @param clusters in the order of their labels
 * @param labels of the tuples, 1 to k or 0; null without a model
 * @param responsibilities of the tuples, by cluster; null where not asked for or not of a mixture
 * @param scores by criterion
 * @param iterations null without any
 * @param converged null without iterations
 * @param selected whether it is the best of its method
 * @param pickedBy criteria by which it is the best of its method
 * @param parameters of the method, by name
 * @param coarsenedBits low bits dropped because the method takes fewer tuples
 * @param coreset what it was fitted to in place of those tuples
 * @param nodes of a map, in the units of the values, with their clusters; null for other methods
 * @param reason why there is no model, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClusterFit(
    String method,
    int k,
    List<Cluster> clusters,
    int[] labels,
    double[][] responsibilities,
    Map<Criterion, Double> scores,
    Integer iterations,
    Boolean converged,
    boolean selected,
    List<String> pickedBy,
    Map<String, Double> parameters,
    int coarsenedBits,
    Coreset coreset,
    Nodes nodes,
    String reason) {

  /**
   * Nodes of a map.
   *
   * @param profiles {@code [node][channel]}
   * @param clusters of the nodes, 1 to k, or 0
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Nodes(double[][] profiles, int[] clusters) {}

  /** What tells it apart. */
  public ModelName name() {
    return new ModelName(method, k);
  }

  /**
   * One cluster.
   *
   * @param weight share in the mixture, or of the clustered pixels, 0 to 1
   * @param pixels that belong to it
   * @param mean by channel
   * @param covariance by channel, then channel
   * @param centre what pixels of it are nearest to, by channel; null where the method has none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Cluster(
      double weight, long pixels, double[] mean, double[][] covariance, double[] centre) {}

  /**
   * A candidate, in the units of the values.
   *
   * @param fitted what it was fitted to
   */
  static ClusterFit of(
      String method,
      Candidate<? extends Clusters> candidate,
      boolean selected,
      List<String> pickedBy,
      FittedPoints fitted,
      Map<String, Double> parameters,
      boolean withResponsibilities) {
    if (candidate.model().result().isEmpty()) {
      return new ClusterFit(
          method,
          candidate.k(),
          List.of(),
          null,
          null,
          Map.of(),
          null,
          null,
          false,
          List.of(),
          parameters,
          fitted.coarsened().droppedBits(),
          Coreset.NONE,
          null,
          candidate.model().reasonWhyNot().orElseThrow());
    }
    Clusters model = candidate.model().result().get();
    int[] labels = fitted.coarsened().spread(model.labels());
    boolean iterated = model.iterations() > 0;
    return new ClusterFit(
        method,
        candidate.k(),
        model instanceof Mixture mixture
            ? components(mixture.components(), labels, fitted)
            : summaries(model, labels, fitted),
        labels,
        withResponsibilities && model instanceof Mixture mixture
            ? mixture.responsibilities(fitted.coarsened().points())
            : null,
        candidate.scores(),
        iterated ? model.iterations() : null,
        iterated ? model.converged() : null,
        selected,
        pickedBy,
        parameters,
        fitted.coarsened().droppedBits(),
        model.coreset(),
        model instanceof NodeClusters map
            ? new Nodes(fitted.restore(map.nodes()), map.ofNodes())
            : null,
        null);
  }

  private static List<Cluster> components(
      Components components, int[] labels, FittedPoints fitted) {
    long[] pixels = new long[components.k() + 1];
    for (int i = 0; i < labels.length; i++) {
      pixels[labels[i]] += fitted.values().weight(i);
    }
    double[][] means = fitted.restore(components.means());
    List<Cluster> clusters = new ArrayList<>();
    for (int c = 0; c < components.k(); c++) {
      double[][] covariance = fitted.restoreCovariance(components.covariances()[c]);
      clusters.add(
          new Cluster(components.weights()[c], pixels[c + 1], means[c], covariance, means[c]));
    }
    return clusters;
  }

  private static List<Cluster> summaries(Clusters model, int[] labels, FittedPoints fitted) {
    double[][] centres = null;
    if (model instanceof Clustering clustering) {
      centres = fitted.restore(clustering.centres());
    } else if (model instanceof Modes modes) {
      centres = fitted.restore(modes.centres());
    }
    List<Cluster> clusters = new ArrayList<>();
    for (ClusterSummary s : ClusterSummary.of(fitted.values(), labels, model.k())) {
      double[] centre = centres == null ? null : centres[s.cluster() - 1];
      clusters.add(new Cluster(s.weight(), s.pixels(), s.mean(), s.covariance(), centre));
    }
    return clusters;
  }
}
