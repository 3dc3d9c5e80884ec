package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.network.ModelFile;
import org.cytolake.network.StarDistModel;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.StarThresholds;
import org.cytolake.stardist.Window;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A plane cut into tiles has the labels, numbers included, of the plane at once. */
final class TiledSegmentationTest {
  private static final StarDistModel MODEL = StarDistModel.load(ModelFile.builtIn("fp32"), 2);
  private static final StarThresholds THRESHOLDS = MODEL.thresholds();

  @Test
  void theHaloIsAsWideAsTheNetworkSees() {
    assertThat(MODEL.halo()).isEqualTo(112);
    assertThat(MODEL.seesBeyond(MODEL.halo())).isFalse();
    assertThat(MODEL.seesBeyond(80)).as("noise shows what the network sees").isTrue();
  }

  @Test
  void sampleData() throws ImageReadException {
    Mosaic mosaic = Mosaic.ofSamples("nuclei");
    assertThat(tiledEqualsWhole(mosaic, 352, 512, 1024)).isGreaterThan(100);
  }

  /** HT29 cells (BBBC008), where they are at hand. */
  @Test
  void crowdedCells() throws IOException, ImageReadException {
    Path folder = Path.of("..", "..", "shared", "data", "bbbc008");
    Assumptions.assumeTrue(Files.isDirectory(folder), "the fields are not at hand");
    List<Path> fields;
    try (Stream<Path> files = Files.list(folder)) {
      fields = files.filter(f -> f.toString().endsWith("channel1.tif")).sorted().toList();
    }
    assertThat(tiledEqualsWhole(Mosaic.of(fields, 3), 480, 768, 1024)).isGreaterThan(1500);
  }

  private static int tiledEqualsWhole(Mosaic mosaic, int... sides) throws ImageReadException {
    int[] samples = mosaic.pixels();
    int[] sorted = samples.clone();
    Arrays.sort(sorted);
    List<Percentiles> percentiles =
        List.of(
            new Percentiles(sorted[sorted.length / 100], sorted[(int) (sorted.length * 0.998)]));
    int height = mosaic.height();
    int width = mosaic.width();
    PlanePixels pixels = PlanePixels.of(List.<Plane>of(i -> samples[i]), height, width);
    NucleiFinder.Found whole = GoldenLabels.finder(MODEL, THRESHOLDS).find(pixels, percentiles);
    LabelImage labels = StarDist.paint(whole.stars(), height, width);
    for (int side : sides) {
      Tiling tiling = new Tiling(MODEL.multiple(), MODEL.halo(), (long) side * side);
      assertThat(tiling.cut(height, width)).hasSizeGreaterThan(1);
      NucleiFinder.Found found =
          GoldenLabels.finder(MODEL, THRESHOLDS, tiling).find(pixels, percentiles);
      assertThat(StarDist.paint(found.stars(), height, width).labels())
          .as("tiles of " + side)
          .isEqualTo(labels.labels());
      blocksShowTheSame(found.stars(), labels, side);
      assertThat(found.candidates()).as("left by tiles").isLessThan(whole.candidates());
    }
    return whole.stars().size();
  }

  private static void blocksShowTheSame(
      List<? extends OutlinedObject> stars, LabelImage labels, int side) {
    List<Integer> numbers = new ArrayList<>();
    for (NucleiBlock block : NucleiBlock.divide(stars, labels.height(), labels.width(), 5, side)) {
      PaintedNuclei nuclei = PaintedNuclei.of(block, labels.height(), labels.width());
      Window w = block.window();
      for (int y = 0; y < w.height(); y++) {
        for (int x = 0; x < w.width(); x++) {
          int label = nuclei.labels().at(y, x);
          int expected = labels.at(w.top() + y, w.left() + x);
          if ((label == 0 ? 0 : nuclei.number(label)) != expected) {
            throw new AssertionError("not label " + expected + " at " + y + ", " + x + " of " + w);
          }
        }
      }
      for (int k = 0; k < nuclei.stars().size(); k++) {
        if (nuclei.own()[k]) {
          numbers.add(nuclei.numbers()[k]);
        }
      }
    }
    assertThat(numbers).doesNotHaveDuplicates().hasSize(stars.size());
  }
}
