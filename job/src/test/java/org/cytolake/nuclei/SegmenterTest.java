package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cytolake.image.Plane;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.StarDistModel;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.StarThresholds;
import org.junit.jupiter.api.Test;

/** Blank tiles of one size and value share a prediction. */
final class SegmenterTest {
  private static final List<Percentiles> PERCENTILES = List.of(new Percentiles(7, 200));
  private static final PlaneTile TILE = PlaneTile.whole(60, 70, 16);

  private static Candidates look(Segmenter segmenter, PlaneTile tile, Plane pixels) {
    return segmenter.candidates(List.of(pixels), tile, PERCENTILES);
  }

  @Test
  void theNetworkRunsOnceForBlankTilesWithoutNuclei() {
    StarDistModel model = StarDistModel.load(ModelFile.builtIn("fp32"), 1);
    Segmenter segmenter = new Segmenter(model, new NetworkBuffers(), model.thresholds(), 1 << 20);
    assertThat(look(segmenter, TILE, i -> 9).size()).isZero();
    model.close(); // from now on it cannot run
    assertThat(look(segmenter, TILE, i -> 9).size()).isZero();
    assertThatThrownBy(() -> look(segmenter, TILE, i -> 10))
        .as("another value")
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> look(segmenter, TILE, i -> i == 4199 ? 10 : 9))
        .as("not blank")
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> look(segmenter, PlaneTile.whole(60, 90, 16), i -> 9))
        .as("another size")
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aBlankTileWithNucleiKeepsThem() {
    try (StarDistModel model = StarDistModel.load(ModelFile.builtIn("fp32"), 1)) {
      StarThresholds any = new StarThresholds(0, 0.3); // whatever the network says is enough
      Segmenter segmenter = new Segmenter(model, new NetworkBuffers(), any, 1 << 20);
      int first = look(segmenter, TILE, i -> 9).size();
      assertThat(first).isPositive();
      assertThat(look(segmenter, TILE, i -> 9).size()).isEqualTo(first);
    }
  }

  @Test
  void channelsMustBeThoseOfTheNetwork() {
    try (StarDistModel model = StarDistModel.load(ModelFile.builtIn("fp32"), 1)) {
      Segmenter segmenter = new Segmenter(model, new NetworkBuffers(), model.thresholds(), 1 << 20);
      assertThatThrownBy(
              () ->
                  segmenter.candidates(List.of(i -> 1, i -> 2), TILE, List.of(PERCENTILES.get(0))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("2 channels for a network of 1");
    }
  }
}
