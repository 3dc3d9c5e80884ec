package org.cytolake.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.Star;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.StarThresholds;

/**
 * Suppression alone, on one thread: scenes of round nuclei some 20 pixels across, hardly touching,
 * each with a dozen candidates on a grid of 2 as a network gives them.
 */
final class SuppressionBenchmark {
  private static final int RAYS = 32;
  private static final int SPACING = 24; // pixels
  private static final int CANDIDATES = 12; // a nucleus
  private static final int[] COUNTS = {100_000, 500_000};

  private SuppressionBenchmark() {}

  /** A table for people: seconds by number of candidates. */
  static String table(int rounds) {
    StringBuilder text = new StringBuilder("suppression, seconds on one core\n");
    for (int count : COUNTS) {
      Candidates scene = scene(count);
      double[] seconds = new double[rounds];
      int kept = 0;
      for (int round = -1; round < rounds; round++) {
        long start = System.nanoTime();
        kept = StarDist.select(List.of(scene), new StarThresholds(0.5, 0.3)).size();
        if (round >= 0) {
          seconds[round] = (System.nanoTime() - start) / 1e9;
        }
      }
      Arrays.sort(seconds);
      text.append(
          String.format(
              Locale.ROOT,
              "  %,d candidates, of which %,d stay %33.3f%n",
              count,
              kept,
              seconds[rounds / 2]));
    }
    return text.toString();
  }

  private static Candidates scene(int count) {
    Random random = new Random(1);
    int side = (int) Math.ceil(Math.sqrt((double) count / CANDIDATES));
    List<Star> stars = new ArrayList<>(count);
    for (int n = 0; stars.size() < count; n++) {
      double cy = (n / side + 1) * SPACING + random.nextInt(5) - 2;
      double cx = (n % side + 1) * SPACING + random.nextInt(5) - 2;
      double radius = 8 + 4 * random.nextDouble();
      for (int c = 0; c < CANDIDATES && stars.size() < count; c++) {
        int y = (int) (cy + 2 * (c / 4 - 1));
        int x = (int) (cx + 2 * (c % 4 - 1.5));
        double off = Math.hypot(y - cy, x - cx);
        float prob = (float) (0.95 - 0.05 * off + 0.01 * random.nextDouble());
        stars.add(new Star(Math.max(prob, 0.51f), y, x, distances(y - cy, x - cx, radius, random)));
      }
    }
    Collections.shuffle(stars, random);
    return Candidates.of(stars, 20);
  }

  /** From a point inside a circle to the circle, give or take 3 %. */
  private static float[] distances(double y, double x, double radius, Random random) {
    float[] distances = new float[RAYS];
    for (int k = 0; k < RAYS; k++) {
      double angle = 2 * Math.PI * k / RAYS;
      double along = y * Math.sin(angle) + x * Math.cos(angle);
      double squared = radius * radius - (y * y + x * x) + along * along;
      distances[k] = (float) ((Math.sqrt(squared) - along) * (0.97 + 0.06 * random.nextDouble()));
    }
    return distances;
  }
}
