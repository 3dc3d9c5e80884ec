package org.cytolake.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.clusters.ModelName;

/** What the console says of the models. */
final class ClusterLines {
  private ClusterLines() {}

  /**
   * What was selected, a line for each method.
   *
   * @param scope whose models they are
   * @param selected how often which model was
   */
  static List<String> of(String scope, Map<ModelName, Integer> selected) {
    Map<String, List<String>> byMethod = new LinkedHashMap<>();
    boolean one = selected.values().stream().allMatch(n -> n == 1);
    selected.forEach(
        (model, n) ->
            byMethod
                .computeIfAbsent(model.method(), m -> new ArrayList<>())
                .add(model.k() + (one ? "" : " (" + n + ")")));
    List<String> lines = new ArrayList<>();
    byMethod.forEach(
        (method, best) ->
            lines.add(method + " by " + scope + ": best k = " + String.join(", ", best)));
    return lines;
  }
}
