package org.cytolake.populations;

import static org.assertj.core.api.Assertions.assertThat;

import org.cytolake.gaussian.Components;
import org.junit.jupiter.api.Test;

final class MixtureModesTest {
  private static Components line(double... means) {
    double[] weights = new double[means.length];
    double[][] centres = new double[means.length][];
    double[][][] covariances = new double[means.length][][];
    for (int j = 0; j < means.length; j++) {
      weights[j] = 1.0 / means.length;
      centres[j] = new double[] {means[j]};
      covariances[j] = new double[][] {{1}};
    }
    return new Components(weights, centres, covariances);
  }

  /** Two equal ones have two modes where they are more than two standard deviations apart. */
  @Test
  void twoOnALine() {
    assertThat(MixtureModes.count(line(0, 1.9))).isEqualTo(1);
    assertThat(MixtureModes.count(line(0, 2.2))).isEqualTo(2);
    assertThat(MixtureModes.count(line(0, 1, 9, 9.5, 20))).isEqualTo(3);
  }

  /** Against the local maxima of the density on a fine grid. */
  @Test
  void inAPlane() {
    Components mixture =
        new Components(
            new double[] {0.4, 0.3, 0.2, 0.1},
            new double[][] {{0, 0}, {1.2, 0.6}, {3, 6}, {-4, 5}},
            new double[][][] {
              {{4, 1}, {1, 1}}, {{2, -0.5}, {-0.5, 3}}, {{1, 0.6}, {0.6, 2}}, {{9, 0}, {0, 0.5}}
            });
    int maxima = 0;
    for (int y = -200; y <= 200; y++) {
      for (int x = -200; x <= 200; x++) {
        double here = density(mixture, x / 16.0, y / 16.0);
        boolean highest = true;
        for (int i = 0; i < 9 && highest; i++) {
          highest =
              i == 4 || density(mixture, (x + i % 3 - 1) / 16.0, (y + i / 3 - 1) / 16.0) < here;
        }
        maxima += highest ? 1 : 0;
      }
    }
    assertThat(maxima).isBetween(2, 3);
    assertThat(MixtureModes.count(mixture)).isEqualTo(maxima);
  }

  private static double density(Components of, double x, double y) {
    double sum = 0;
    for (int j = 0; j < of.k(); j++) {
      double[][] s = of.covariances()[j];
      double determinant = s[0][0] * s[1][1] - s[0][1] * s[0][1];
      double dx = x - of.means()[j][0];
      double dy = y - of.means()[j][1];
      double square = (s[1][1] * dx * dx - 2 * s[0][1] * dx * dy + s[0][0] * dy * dy) / determinant;
      sum += of.weights()[j] * Math.exp(-square / 2) / Math.sqrt(determinant);
    }
    return sum;
  }
}
