package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.cytolake.clusters.ModelName;
import org.junit.jupiter.api.Test;

final class ClusterLinesTest {
  @Test
  void aLineForEachMethod() {
    Map<ModelName, Integer> selected = new TreeMap<>();
    selected.put(new ModelName("k_means", 4), 1);
    selected.put(new ModelName("k_means", 3), 5);
    selected.put(new ModelName("gaussian_mixture", 2), 6);
    assertThat(ClusterLines.of("image", selected))
        .containsExactly(
            "gaussian_mixture by image: best k = 2 (6)", "k_means by image: best k = 3 (5), 4 (1)");
    assertThat(ClusterLines.of("dataset", Map.of(new ModelName("k_means", 4), 1)))
        .containsExactly("k_means by dataset: best k = 4");
    assertThat(ClusterLines.of("image", Map.of())).isEmpty();
  }
}
