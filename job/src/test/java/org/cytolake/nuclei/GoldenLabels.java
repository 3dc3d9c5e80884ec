package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.StarDistModel;
import org.cytolake.stardist.StarThresholds;

/** Label images that Python StarDist made, one below the other in a PNG file. */
final class GoldenLabels {
  /** Most pixels that may differ: float32, summed in another order by TensorFlow. */
  private static final double DIFFERENT = 1e-5;

  private static final int MOST = 1 << 24;

  private final Raster stacked;
  private int top;

  private GoldenLabels(Raster stacked) {
    this.stacked = stacked;
  }

  /** From a resource beside this class. */
  static GoldenLabels of(String resource) throws IOException {
    try (InputStream in = GoldenLabels.class.getResourceAsStream(resource)) {
      return new GoldenLabels(ImageIO.read(in).getRaster());
    }
  }

  /** The next label image. */
  int[] next(int height, int width) {
    int[] labels = stacked.getSamples(0, top, width, height, 0, (int[]) null);
    top += height;
    return labels;
  }

  /** Intensities of a channel of a raster. */
  static double[] samples(Raster raster, int channel) {
    return raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), channel, (double[]) null);
  }

  /** Shows the network planes at once. */
  static StarDistFinder finder(StarDistModel model, StarThresholds thresholds) {
    return finder(model, thresholds, new Tiling(model.multiple(), model.halo(), 1L << 40));
  }

  /** Finds nuclei in what the network sees, its channels all that there are. */
  static StarDistFinder finder(StarDistModel model, StarThresholds thresholds, Tiling tiling) {
    List<Integer> channels = IntStream.range(0, model.channels()).boxed().toList();
    return new StarDistFinder(
        new Segmenter(model, new NetworkBuffers(), thresholds, MOST),
        new NucleiSettings(
            channels,
            false,
            channels.stream().map(c -> "channel_" + c).toList(),
            thresholds,
            tiling,
            MOST,
            MOST,
            0));
  }

  /** What is found in a plane, each channel normalised by itself. */
  static PaintedNuclei segment(
      StarDistFinder finder, List<double[]> channels, int height, int width)
      throws ImageReadException {
    NucleiFinder.Found found =
        finder.find(
            PlanePixels.of(channels.stream().<Plane>map(c -> i -> c[i]).toList(), height, width),
            channels.stream().map(c -> percentiles(c)).toList());
    return PaintedNuclei.whole(found.stars(), height, width);
  }

  private static Percentiles percentiles(double[] samples) {
    Histogram histogram = Histogram.ofSamples(samples);
    return new Percentiles(histogram.percentile(1), histogram.percentile(99.8));
  }

  /** Labels can be matched one to one so that all but one pixel in 100,000 agree. */
  static void same(String what, LabelImage found, int[] expected) {
    Map<Long, Integer> overlaps = new HashMap<>();
    for (int i = 0; i < expected.length; i++) {
      long pair = (long) expected[i] << 32 | found.labels()[i];
      overlaps.merge(pair, 1, Integer::sum);
    }
    Map<Integer, Long> best = new HashMap<>();
    overlaps.forEach(
        (pair, pixels) ->
            best.merge(
                (int) (pair >> 32), pair, (a, b) -> overlaps.get(a) >= overlaps.get(b) ? a : b));
    long agreeing = best.values().stream().mapToLong(overlaps::get).sum();
    assertThat(best.values().stream().map(p -> (int) (long) p))
        .as(what + ": matches of labels")
        .doesNotHaveDuplicates();
    assertThat(expected.length - agreeing)
        .as(what + ": different pixels of " + expected.length)
        .isLessThanOrEqualTo((long) (expected.length * DIFFERENT));
  }
}
