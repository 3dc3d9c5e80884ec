package org.cytolake.clusters;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeConfig.Clustering;

/**
 * What tells the models of one scope apart.
 *
 * @param method as the table {@code cluster_models} has it
 * @param k number of clusters
 */
public record ModelName(String method, int k) implements Serializable, Comparable<ModelName> {
  /** Of a row of a table that has both columns. */
  static ModelName of(Row row) {
    return new ModelName(row.getAs("method"), row.getAs("k"));
  }

  /** Of its {@link #key}. */
  static ModelName ofKey(String key) {
    int end = key.lastIndexOf('_');
    return new ModelName(key.substring(0, end), Integer.parseInt(key.substring(end + 1)));
  }

  /** Its key in the column {@code labels} of {@code cluster_labels}: {@code k_means_3}. */
  public String key() {
    return method + "_" + k;
  }

  /** Its name in a label image: {@code k_means k=3}. */
  public String title() {
    return method + " k=" + k;
  }

  /** The largest label that clusters of such models have; 0 without a model. */
  public static int largest(Collection<ModelName> models) {
    return models.stream().mapToInt(ModelName::k).max().orElse(0);
  }

  /** Those models of the settings of which it is known beforehand how many clusters they have. */
  public static List<ModelName> told(Clustering settings) {
    List<ModelName> told = new ArrayList<>();
    for (String method : settings.methods()) {
      if (!settings.options().findsK(method)) {
        settings.k().forEach(k -> told.add(new ModelName(method, k)));
      }
    }
    return told;
  }

  @Override
  public int compareTo(ModelName other) {
    int order = method.compareTo(other.method);
    return order == 0 ? Integer.compare(k, other.k) : order;
  }
}
