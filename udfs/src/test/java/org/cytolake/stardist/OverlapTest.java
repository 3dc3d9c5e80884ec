package org.cytolake.stardist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cytolake.stardist.clip.PolygonIntersection;
import org.junit.jupiter.api.Test;

/** The quick answer against the intersection itself, on random pairs. */
class OverlapTest {
  /** More for a search of the margin: {@code -Dcytolake.pairs=20000000}. */
  private static final int PAIRS = Integer.getInteger("cytolake.pairs", 200_000);

  private final Random random = new Random(7);

  /** Round, long, spiky or crumpled stars of 3 to 60 pixels, as networks give them and worse. */
  private Star star(int y, int x) {
    int rays = random.nextInt(4) == 0 ? 4 + random.nextInt(60) : 32;
    double size = Math.exp(random.nextDouble() * 3) * 1.5;
    double roughness = new double[] {0.02, 0.1, 0.5, 1}[random.nextInt(4)];
    double length = 1 + random.nextInt(3) * random.nextDouble();
    double turn = random.nextDouble() * Math.PI;
    float[] dist = new float[rays];
    for (int k = 0; k < rays; k++) {
      double angle = 2 * Math.PI * k / rays - turn;
      double ellipse = size / Math.hypot(Math.cos(angle) / length, Math.sin(angle) * length);
      dist[k] = (float) Math.max(0.001, ellipse * (1 + roughness * (random.nextDouble() - 0.5)));
    }
    return new Star(0.9f, y, x, dist);
  }

  @Test
  void quickAnswersAreThoseOfTheIntersection() {
    float[] thresholds = {0.05f, 0.3f, 0.4f, 0.5f, 0.8f};
    Overlap[] overlaps = new Overlap[thresholds.length];
    for (int t = 0; t < thresholds.length; t++) {
      overlaps[t] = new Overlap(thresholds[t]);
    }
    RowSpans mine = new RowSpans();
    RowSpans others = new RowSpans();
    int known = 0;
    int rectangles = 0;
    int discs = 0;
    double farthest = 0;
    for (int i = 0; i < PAIRS; i++) {
      // large coordinates are where 32-bit areas are coarse
      int y = random.nextInt(4) == 0 ? 200 : random.nextInt(140_000);
      int x = random.nextInt(4) == 0 ? 200 : random.nextInt(140_000);
      StarPolygon a = StarPolygon.of(star(y, x));
      StarPolygon b =
          StarPolygon.of(star(y + (int) (random.nextGaussian() * 8), x + random.nextInt(17) - 8));
      if (!a.isNear(b)) {
        continue;
      }
      double area = PolygonIntersection.area(a.xs, a.ys, b.xs, b.ys);
      double margin = Overlap.margin(a, b);
      rectangles += a.commonWidth(b) * a.commonHeight(b) + margin < 0.3 * a.smaller(b) ? 1 : 0;
      discs += a.discsInCommon(b) - margin > 0.3 * a.smaller(b) ? 1 : 0;
      for (int t = 0; t < thresholds.length; t++) {
        overlaps[t].with(a);
        boolean more = (float) (area / a.smaller(b)) > thresholds[t];
        assertThat(overlaps[t].isMore(b))
            .as("pair %s, threshold %s", i, thresholds[t])
            .isEqualTo(more);
      }
      mine.set(a);
      others.set(b);
      known += mine.compare(others, 0.3 * a.smaller(b), margin) != 0 ? 1 : 0;
      if (Math.max(a.maxX, a.maxY) <= 1 << 17) {
        farthest = Math.max(farthest, beyondBounds(mine, others, area) / margin);
      }
    }
    System.out.printf(
        "%d pairs, at 0.3 %.1f %% known by rows, %.1f %% by rectangles, %.1f %% by discs;"
            + " at most %.3f of the margin used%n",
        PAIRS, 100.0 * known / PAIRS, 100.0 * rectangles / PAIRS, 100.0 * discs / PAIRS, farthest);
    assertThat(farthest).isLessThan(0.5);
    assertThat(known).isGreaterThan(PAIRS / 4);
    assertThat(rectangles).isPositive();
    assertThat(discs).isPositive();
  }

  /** By how much an area is above the upper bound or below the lower one; found by bisection. */
  private static double beyondBounds(RowSpans a, RowSpans b, double area) {
    double margin = 0;
    for (double step = 64; step > 0.01; step /= 2) {
      boolean wrong =
          a.compare(b, area + 1e-9, margin + step) == 1
              || a.compare(b, area - 1e-9, margin + step) == -1;
      margin += wrong ? step : 0;
    }
    return margin;
  }
}
