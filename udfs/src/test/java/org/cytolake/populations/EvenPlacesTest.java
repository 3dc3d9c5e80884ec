package org.cytolake.populations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.cytolake.intensity.GaussianBlur;
import org.junit.jupiter.api.Test;

final class EvenPlacesTest {
  private static final int HEIGHT = 200;
  private static final int WIDTH = 240;

  private static float[] noise(int seed) {
    Random random = new Random(seed);
    float[] noise = new float[HEIGHT * WIDTH];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (100 + random.nextGaussian());
    }
    return noise;
  }

  private static SpatialCorrelation correlation(float[]... channels) {
    SpatialCorrelation correlation = new SpatialCorrelation(channels.length, HEIGHT, WIDTH);
    correlation.add(channels, HEIGHT, WIDTH);
    return correlation;
  }

  /** White noise after a Gaussian filter is correlated by exp(-d^2 / 4 sigma^2). */
  @Test
  void howFarPixelsAreAlike() {
    assertThat(correlation(noise(1), noise(2)).distance()).isEqualTo(1);
    for (double sigma : new double[] {1.5, 3, 5}) {
      float[] blurred = GaussianBlur.of(noise(1), WIDTH, sigma);
      double expected = 2 * sigma * Math.sqrt(Math.log(2));
      assertThat(correlation(blurred).distance()).isEqualTo(expected, within(0.15 * expected));
    }
  }

  /** Rows that come in parts give what the formula written out gives. */
  @Test
  void correlationIsPearsons() {
    float[] plane = GaussianBlur.of(noise(3), WIDTH, 2);
    double sum = 0;
    double squares = 0;
    for (float v : plane) {
      sum += v;
    }
    double mean = sum / plane.length;
    for (float v : plane) {
      squares += (v - mean) * (v - mean);
    }
    assertThat(correlation(plane).variances()[0])
        .isEqualTo(squares / plane.length, within(1e-6 * squares / plane.length));
    SpatialCorrelation parts = new SpatialCorrelation(1, HEIGHT, WIDTH);
    int middle = 100 * WIDTH;
    parts.add(new float[][] {java.util.Arrays.copyOf(plane, middle)}, 100, WIDTH);
    parts.add(
        new float[][] {java.util.Arrays.copyOfRange(plane, middle, plane.length)}, 100, WIDTH);
    assertThat(parts.distance()).isEqualTo(correlation(plane).distance(), within(0.3));
  }

  /** A checkerboard of fields of 20 pixels, blurred: no place lies on an edge. */
  @Test
  void placesLieInsideOfWhatIsEven() {
    float[] plane = noise(4);
    float[] board = new float[plane.length];
    for (int i = 0; i < board.length; i++) {
      board[i] = (i / WIDTH / 20 + i % WIDTH / 20) % 2 * 60;
    }
    board = GaussianBlur.of(board, WIDTH, 1.5);
    for (int i = 0; i < plane.length; i++) {
      plane[i] += board[i];
    }
    SpatialCorrelation correlation = correlation(plane);
    EvenPlaces even = new EvenPlaces(correlation, HEIGHT, WIDTH);
    List<EvenPlaces.Place> places = even.add(new float[][] {plane}, 0, HEIGHT, WIDTH);
    int side = (int) Math.rint(correlation.distance());
    assertThat(side).isBetween(3, 12);
    int squares = ((HEIGHT + side - 1) / side) * ((WIDTH + side - 1) / side);
    assertThat(places).hasSize(squares).doesNotHaveDuplicates();
    List<EvenPlaces.Place> inside =
        places.stream().filter(p -> p.uneven() <= even.mostUneven()).toList();
    assertThat(inside).hasSizeGreaterThan(squares / 2);
    assertThat(inside)
        .allSatisfy(p -> assertThat(plane[p.y() * WIDTH + p.x()]).matches(v -> v < 112 || v > 148));
  }
}
