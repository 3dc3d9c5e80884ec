package org.cytolake.clusters;

import java.io.Serializable;

/**
 * A model of clusters.
 *
 * @param method as the table {@code cluster_models} has it
 * @param k number of clusters, 1 or more
 */
public record ClusterModel(String method, int k) implements Serializable {
  /** Its name in a label image: {@code k_means k=3}. */
  public String title() {
    return method + " k=" + k;
  }
}
