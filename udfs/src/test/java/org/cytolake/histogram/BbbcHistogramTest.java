package org.cytolake.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * Against what numpy and scikit-image print for a field of the Broad Bioimage Benchmark
 * Collection's set BBBC008 (512x512, 8 bits). The set lies beside the repository or where the
 * environment variable CYTOLAKE_TEST_DATA points.
 */
class BbbcHistogramTest {
  private static double[] pixels(String name) throws IOException {
    String data = System.getenv().getOrDefault("CYTOLAKE_TEST_DATA", "../../shared/data");
    Path file = Path.of(data, "bbbc008", name);
    assumeTrue(Files.exists(file), () -> file.toAbsolutePath() + " is not here");
    Raster raster = ImageIO.read(file.toFile()).getRaster();
    return raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (double[]) null);
  }

  @Test
  void nucleiOfA24Slice1() throws IOException {
    Histogram h = Histogram.ofSamples(pixels("AS_09125_050116000001_A24f00d0_slice1_channel1.tif"));
    assertThat(h.count()).isEqualTo(262_144);
    assertThat(h.max()).isEqualTo(255);
    assertThat(h.mean()).isCloseTo(15.70911, within(5e-6));
    assertThat(h.stddev()).isCloseTo(20.42713, within(5e-6));
    assertThat(h.percentile(1)).isEqualTo(9);
    assertThat(h.percentile(99.8)).isEqualTo(180);
    assertThat(Otsu.threshold(h, SampleKind.INTEGER)).isEqualTo(57);
  }

  @Test
  void cytoplasmOfA24Slice1() throws IOException {
    Histogram h = Histogram.ofSamples(pixels("AS_09125_050116000001_A24f00d0_slice1_channel3.tif"));
    assertThat(h.max()).isEqualTo(122);
  }
}
