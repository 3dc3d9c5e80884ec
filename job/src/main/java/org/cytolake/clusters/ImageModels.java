package org.cytolake.clusters;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one image's label images are made of beside its own rows.
 *
 * @param models whose clusters are painted, in order
 * @param selected the number of clusters that was chosen, by method, of shared models
 * @param shared of the image's group or the data set; null where each plane has its own
 * @param deep whether nuclei have numbers above 65,535
 */
public record ImageModels(
    List<ClusterModel> models, Map<String, Integer> selected, ClusterTable shared, boolean deep)
    implements Serializable {
  public ImageModels {
    models = List.copyOf(models);
    selected = Collections.unmodifiableMap(new LinkedHashMap<>(selected));
  }
}
