package org.cytolake.clusters;

import java.util.List;
import java.util.Map;
import org.cytolake.cluster.Clustering;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Mixture;
import org.cytolake.points.WeightedPoints;

/** Models from elsewhere, by number of clusters, that compete with our own. */
public interface ClusterRivals {
  ClusterRivals NONE = new ClusterRivals() {};

  default Map<Integer, List<Mixture>> mixtures(
      WeightedPoints points, GaussianMixture.Options options) {
    return Map.of();
  }

  default Map<Integer, List<Clustering>> kMeans(WeightedPoints points, KMeans.Options options) {
    return Map.of();
  }

  default Map<Integer, List<Clustering>> bisectingKMeans(
      WeightedPoints points, KMeans.Options options) {
    return Map.of();
  }
}
