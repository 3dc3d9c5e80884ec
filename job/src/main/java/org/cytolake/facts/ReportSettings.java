package org.cytolake.facts;

import java.io.Serializable;
import java.util.List;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.Exploration;

/**
 * What tables and pictures were made with.
 *
 * @param channels names of all channels
 * @param exploration with channels named
 * @param clustering how pixels are clustered
 * @param ring width of the ring around a nucleus, pixels
 */
public record ReportSettings(
    List<String> channels, Exploration exploration, Clustering clustering, int ring)
    implements Serializable {
  public ReportSettings {
    channels = List.copyOf(channels);
  }

  /**
   * As a run is configured.
   *
   * @param channels names of all channels
   */
  public static ReportSettings of(CytolakeConfig config, List<String> channels) {
    return new ReportSettings(
        channels,
        config.exploration().resolved(channels),
        config.clustering(),
        config.segmentation().cytoplasmRing());
  }

  /** The channels of scatter plots: the composite's first and last, in the images' order. */
  public List<String> pair() {
    List<String> shown = exploration.composite();
    int a = channels.indexOf(shown.get(0));
    int b = channels.indexOf(shown.get(shown.size() - 1));
    return List.of(channels.get(Math.min(a, b)), channels.get(Math.max(a, b)));
  }

  public boolean hasPair() {
    return exploration.composite().size() > 1;
  }

  /** The channel to whose mean and standard deviation scatter plots are normalised. */
  public String reference() {
    return exploration.densityReferences().get(0);
  }

  /** Which of the clustering channels the scatter plots of clusters show, one or two. */
  public List<Integer> clusterAxes() {
    return clustering.options().axesOf(clustering.channelsOf(channels, exploration));
  }

  /** The reference of the values that pixels are clustered by. */
  public String clusterReference() {
    return clustering.referenceOf(exploration);
  }

  /** How models of these settings name their scope. */
  public String scope() {
    return String.join(", ", clustering.scope());
  }
}
