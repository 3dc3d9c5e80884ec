package org.cytolake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.bench.DrawnPopulations;
import org.cytolake.bench.PopulationsBenchmark;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images of a known number of populations; {@code cytolake bench --populations} draws more. */
final class RecommendedClustersTest {
  /** Of 12 bits, and of 7: those of one population are then two to seven grey levels wide. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void asManyModesAsPopulations(int dropped) throws Exception {
    Clustering settings = ConfigLoader.load(Optional.empty(), Map.of(), List.of()).clustering();
    int right = 0;
    for (int seed = 100; seed < 110; seed++) {
      DrawnPopulations image = DrawnPopulations.of(seed, 320, dropped);
      ClusterValues values = PopulationsBenchmark.values(image);
      Recommendation found =
          Recommendation.of(FittedPoints.of(values.points(), false), values.even(), settings);
      assertThat(found.pixels()).isBetween(10.0, 5000.0);
      right += found.modes() == image.populations() ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(8);
  }
}
