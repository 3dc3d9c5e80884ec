package org.cytolake.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;

/** Distributions of every single intensity, of channels that are otherwise counted in levels. */
public final class ExactHistogram {
  /** More pixels take too much memory: 8 bytes a pixel and 16 a distinct intensity. */
  private static final int MOST = 1 << 24;

  private ExactHistogram() {}

  /**
   * Of the finite samples of some channels together.
   *
   * @return empty where they are too many
   */
  public static Optional<Histogram> of(PlanePixels pixels, Window window, List<Integer> channels)
      throws ImageReadException {
    if (window.pixels() * channels.size() > MOST) {
      return Optional.empty();
    }
    double[] values = new double[(int) window.pixels() * channels.size()];
    int n = 0;
    for (int c : channels) {
      for (Window band : PlaneCounting.bands(window)) {
        Plane samples = pixels.read(c, band);
        for (int i = 0; i < band.pixels(); i++) {
          double value = samples.at(i);
          if (Double.isFinite(value)) {
            values[n++] = value;
          }
        }
      }
    }
    return Optional.of(Histogram.ofSamples(n == values.length ? values : Arrays.copyOf(values, n)));
  }

  /**
   * Of one channel's samples where both channels' are finite.
   *
   * @return empty where they are too many
   */
  static Optional<Histogram> ofBoth(PlanePixels pixels, Window window, int channel, int other)
      throws ImageReadException {
    if (window.pixels() > MOST) {
      return Optional.empty();
    }
    double[] values = new double[(int) window.pixels()];
    int[] n = {0};
    PixelPairs.each(pixels, window, channel, other, (value, unused, one) -> values[n[0]++] = value);
    return Optional.of(Histogram.ofSamples(Arrays.copyOf(values, n[0])));
  }
}
