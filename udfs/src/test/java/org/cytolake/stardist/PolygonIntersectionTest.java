package org.cytolake.stardist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

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

  @Test
  void trianglesAgainstClippingByHalfPlanes() {
    Random random = new Random(4);
    for (int round = 0; round < 2000; round++) {
      int[][] a = triangle(random);
      int[][] b = triangle(random);
      assertThat(PolygonIntersection.area(StarPolygon.of(a[0], a[1]), StarPolygon.of(b[0], b[1])))
          .isEqualTo(clipped(a, b), within(1e-7));
    }
  }

  private static int[][] triangle(Random random) {
    while (true) {
      int[] x = random.ints(3, 0, 20).toArray();
      int[] y = random.ints(3, 0, 20).toArray();
      int cross = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
      if (cross > 0) {
        return new int[][] {x, y};
      }
    }
  }

  /** Sutherland and Hodgman 1974; then the vertices are rounded. */
  private static double clipped(int[][] a, int[][] b) {
    List<double[]> polygon = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      polygon.add(new double[] {a[0][i], a[1][i]});
    }
    for (int i = 0; i < 3; i++) {
      int j = (i + 1) % 3;
      List<double[]> next = new ArrayList<>();
      for (int k = 0; k < polygon.size(); k++) {
        double[] p = polygon.get(k);
        double[] q = polygon.get((k + 1) % polygon.size());
        double sp = side(b, i, j, p);
        double sq = side(b, i, j, q);
        if (sp >= 0) {
          next.add(p);
        }
        if (sp * sq < 0) {
          double t = sp / (sp - sq);
          next.add(new double[] {p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])});
        }
      }
      polygon = next;
    }
    double sum = 0;
    for (int k = 0; k < polygon.size(); k++) {
      double[] p = rounded(polygon.get(k));
      double[] q = rounded(polygon.get((k + 1) % polygon.size()));
      sum += p[0] * q[1] - q[0] * p[1];
    }
    return Math.abs(sum) / 2;
  }

  private static double[] rounded(double[] p) {
    // coordinates are positive; the little more undoes what the clipping lost
    return new double[] {Math.floor(p[0] + 0.5 + 1e-9), Math.floor(p[1] + 0.5 + 1e-9)};
  }

  private static double side(int[][] b, int i, int j, double[] p) {
    return (b[0][j] - b[0][i]) * (p[1] - b[1][i]) - (p[0] - b[0][i]) * (b[1][j] - b[1][i]);
  }
}
