package org.cytolake.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.junit.jupiter.api.Test;

/** Images that are long and thin, as damaged headers say, take no more memory than others. */
final class LongImagesTest {
  private static final int HEIGHT = 32;

  private static OptionalDouble slope(int width) throws ImageReadException {
    Plane plane = index -> index * 7919L % 251;
    PlanePixels pixels = PlanePixels.of(List.of(plane), HEIGHT, width);
    Extremes ends = new Extremes(0, 250, 1, 1);
    return PixelMeasures.of(pixels, pixels.whole(), 0, ends, 125, true, List.of(10)).powerSlope();
  }

  @Test
  void aSpectrumIsOfSidesThatItCanTakeAtOnce() throws ImageReadException {
    assertThat(slope(4099)).isPresent();
    assertThat(slope((1 << 16) + 1)).isEmpty();
    assertThat(slope(1_048_583)).as("a prime, of which a spectrum would take 2 GB").isEmpty();
  }
}
