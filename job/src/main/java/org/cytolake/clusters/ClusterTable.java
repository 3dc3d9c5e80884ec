package org.cytolake.clusters;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Which cluster every tuple of values belongs to, in each of several models. Not thread-safe. */
public final class ClusterTable implements Serializable {
  private static final long serialVersionUID = 1;

  private record Values(double first, double second) implements Serializable {}

  private final HashMap<Values, Integer> places = new HashMap<>();
  private final Map<ClusterModel, int[]> labels = new HashMap<>();

  /**
   * Adds what a row of the table {@code cluster_labels} says.
   *
   * @param second value of the second channel; 0 where there is one only
   * @param cluster 1 or more
   */
  public void add(ClusterModel model, double first, double second, int cluster) {
    int place = places.computeIfAbsent(new Values(first, second), v -> places.size());
    int[] ofModel = labels.computeIfAbsent(model, m -> new int[1 << 10]);
    if (place >= ofModel.length) {
      ofModel = Arrays.copyOf(ofModel, Math.max(2 * ofModel.length, place + 1));
      labels.put(model, ofModel);
    }
    ofModel[place] = cluster;
  }

  /** The place of a tuple of values in {@link #labels}; -1 where there is none. */
  int place(double first, double second) {
    return places.getOrDefault(new Values(first, second), -1);
  }

  /**
   * The clusters of pixels, 0 for none.
   *
   * @param at places of the pixels, -1 for those not clustered
   * @param into receives one a pixel
   */
  public void labels(ClusterModel model, int[] at, int[] into) {
    int[] ofModel = labels.getOrDefault(model, new int[0]);
    for (int i = 0; i < at.length; i++) {
      into[i] = at[i] < 0 || at[i] >= ofModel.length ? 0 : ofModel[at[i]];
    }
  }
}
