package org.cytolake.stardist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

final class PolygonIntersectionTest {
  @Test
  void rectilinearPolygonsThatCrossThemselvesAgainstCountingCells() {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      StarPolygon a = walk(random);
      StarPolygon b = walk(random);
      int cells = 0;
      for (int y = 0; y < 12; y++) {
        for (int x = 0; x < 12; x++) {
          cells += winding(a, x + 0.5, y + 0.5) != 0 && winding(b, x + 0.5, y + 0.5) != 0 ? 1 : 0;
        }
      }
      assertThat(PolygonIntersection.area(a, b)).isEqualTo(cells, within(1e-9));
    }
  }

  /** A closed walk along the grid; x and y change in turn. */
  private static StarPolygon walk(Random random) {
    int n = 3 + random.nextInt(6);
    int[] corners = random.ints(2L * n, 0, 13).toArray();
    int[] xs = new int[2 * n];
    int[] ys = new int[2 * n];
    for (int i = 0; i < n; i++) {
      xs[2 * i] = corners[2 * i];
      ys[2 * i] = corners[2 * i + 1];
      xs[2 * i + 1] = corners[2 * ((i + 1) % n)];
      ys[2 * i + 1] = corners[2 * i + 1];
    }
    return StarPolygon.of(xs, ys);
  }

  private static int winding(StarPolygon p, double x, double y) {
    int winding = 0;
    for (int k = 0; k < p.xs.length; k++) {
      int next = (k + 1) % p.xs.length;
      double y0 = p.ys[k];
      double y1 = p.ys[next];
      if (y0 < y != y1 < y) {
        double at = p.xs[k] + (p.xs[next] - p.xs[k]) * (y - y0) / (y1 - y0);
        winding += at > x ? (y0 < y1 ? 1 : -1) : 0;
      }
    }
    return winding;
  }

  /** golden/polygon_golden.py */
  @ParameterizedTest
  @CsvFileSource(resources = "intersections.csv")
  void starsAgainstClipper(ArgumentsAccessor line) {
    int vertices = (line.size() - 1) / 2;
    int[] xs = new int[vertices];
    int[] ys = new int[vertices];
    for (int k = 0; k < vertices; k++) {
      xs[k] = line.getInteger(2 * k);
      ys[k] = line.getInteger(2 * k + 1);
    }
    // Clipper rounds a crossing to integers, and again where its sweep meets it with other edges;
    // this order is not followed, so the crossings of two stars may land a pixel aside
    assertThat(PolygonIntersection.area(half(xs, ys, 0), half(xs, ys, 1)))
        .isEqualTo(line.getDouble(2 * vertices), within(4.0));
  }

  private static StarPolygon half(int[] xs, int[] ys, int which) {
    int n = xs.length / 2;
    return StarPolygon.of(
        Arrays.copyOfRange(xs, which * n, which * n + n),
        Arrays.copyOfRange(ys, which * n, which * n + n));
  }
}
