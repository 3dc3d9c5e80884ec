package org.cytolake.cluster;

import java.io.Serializable;
import java.util.Map;
import org.cytolake.cluster.ModelSelection.Criterion;

/** What a method made of points: a cluster for every tuple. */
public sealed interface Clusters extends Serializable
    permits Clustering, Mixture, Modes, NodeClusters, Partition {
  /** Number of clusters, 0 or more. */
  int k();

  /** Per tuple its cluster, from 1, or 0 for none; the caller leaves them as they are. */
  int[] labels();

  /** What the method itself compares its models by. */
  default Map<Criterion, Double> scores() {
    return Map.of();
  }

  /** Iterations of the best start; 0 where the method has none to stop. */
  default int iterations() {
    return 0;
  }

  /** Whether it came to rest within the limit of iterations. */
  default boolean converged() {
    return true;
  }

  /** What it was fitted to in place of the tuples. */
  default Coreset coreset() {
    return Coreset.NONE;
  }
}
