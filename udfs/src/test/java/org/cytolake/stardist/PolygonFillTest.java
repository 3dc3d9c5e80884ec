package org.cytolake.stardist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cytolake.image.LabelImage;
import org.junit.jupiter.api.Test;

/**
 * Against the rule itself in whole numbers: inside by an odd number of crossings, or on an edge.
 */
class PolygonFillTest {
  private static final int SIDE = 48;

  private final Random random = new Random(5);

  /** Vertices in multiples of 1 / scale: many edges pass through pixels' centres. */
  @Test
  void starsWhoseEdgesMeetPixels() {
    int painted = 0;
    for (int i = 0; i < 3000; i++) {
      int scale = new int[] {1, 2, 4, 64}[i % 4];
      int n = 3 + random.nextInt(30);
      int[] ys = new int[n];
      int[] xs = new int[n];
      int middleY = scale * random.nextInt(SIDE);
      int middleX = scale * random.nextInt(SIDE);
      double radius = 1 + 20 * random.nextDouble();
      for (int k = 0; k < n; k++) {
        double d = scale * radius * (0.5 + random.nextDouble());
        ys[k] = middleY + (int) (d * Math.sin(2 * Math.PI * k / n));
        xs[k] = middleX + (int) (d * Math.cos(2 * Math.PI * k / n));
      }
      Window window = new Window(random.nextInt(9), random.nextInt(9), SIDE - 9, SIDE - 9);
      LabelImage found = new LabelImage(window.height(), window.width());
      PolygonFill.fill(divided(ys, scale), divided(xs, scale), 7, found, window);
      for (int y = 0; y < found.height(); y++) {
        for (int x = 0; x < found.width(); x++) {
          boolean inside =
              contains(ys, xs, scale * (window.top() + y), scale * (window.left() + x));
          assertThat(found.at(y, x))
              .as("polygon %s, row %s, column %s", i, y, x)
              .isEqualTo(inside ? 7 : 0);
          painted += inside ? 1 : 0;
        }
      }
    }
    assertThat(painted).isGreaterThan(100_000);
  }

  private static float[] divided(int[] values, int scale) {
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) values[i] / scale;
    }
    return result;
  }

  /** As skimage.draw.polygon, whose crossings to the left and to the right differ on an edge. */
  private static boolean contains(int[] ys, int[] xs, int y, int x) {
    boolean oddRight = false;
    boolean oddLeft = false;
    for (int k = 0; k < ys.length; k++) {
      int before = k == 0 ? ys.length - 1 : k - 1;
      long y0 = (long) ys[k] - y;
      long x0 = (long) xs[k] - x;
      long y1 = (long) ys[before] - y;
      long x1 = (long) xs[before] - x;
      if (y0 == 0 && x0 == 0) {
        return true;
      }
      long cross = (x0 * y1 - x1 * y0) * Long.signum(y1 - y0); // its sign is that of the column
      oddRight ^= y0 > 0 != y1 > 0 && cross > 0;
      oddLeft ^= y0 < 0 != y1 < 0 && cross < 0;
    }
    return oddRight || oddLeft;
  }
}
