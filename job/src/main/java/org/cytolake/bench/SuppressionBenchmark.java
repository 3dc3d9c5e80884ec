package org.cytolake.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.PlaneTile;
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
  private static final float LARGEST = 20; // no ray is longer, pixels
  private static final StarThresholds LIMITS = new StarThresholds(0.5, 0.3);
  private static final int[] COUNTS = {100_000, 500_000};

  private SuppressionBenchmark() {}

  /** A table for people: seconds by number of candidates. */
  static String table(int rounds) {
    StringBuilder text = new StringBuilder("suppression, seconds on one core\n");
    for (int count : COUNTS) {
      List<Star> scene = scene(count);
      Candidates whole = Candidates.of(scene, LARGEST);
      text.append(line(count, "at once", rounds, () -> StarDist.select(List.of(whole), LIMITS)));
      List<PlaneTile> tiles = PlaneTile.cut(plane(count), plane(count), 16, 112, 1024);
      List<Candidates> parts = tiles.stream().map(tile -> inCore(tile, scene)).toList();
      text.append(
          line(
              count,
              "tile by tile, as in large images",
              rounds,
              () -> {
                List<Candidates> left = new ArrayList<>();
                for (int t = 0; t < parts.size(); t++) {
                  left.add(StarDist.thin(parts.get(t), tiles.get(t), LIMITS, LARGEST));
                }
                return StarDist.select(left, LIMITS);
              }));
    }
    return text.toString();
  }

  private static String line(int count, String how, int rounds, Supplier<List<Star>> select) {
    double[] seconds = new double[rounds];
    int kept = 0;
    for (int round = -1; round < rounds; round++) {
      long start = System.nanoTime();
      kept = select.get().size();
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    String what = String.format(Locale.ROOT, "%,d candidates, %,d stay, %s", count, kept, how);
    return String.format(Locale.ROOT, "  %-66s %8.3f%n", what, seconds[rounds / 2]);
  }

  private static Candidates inCore(PlaneTile tile, List<Star> scene) {
    List<Star> inside = new ArrayList<>();
    for (Star star : scene) {
      if (star.y() >= tile.rows().coreStart()
          && star.y() < tile.rows().coreEnd()
          && star.x() >= tile.columns().coreStart()
          && star.x() < tile.columns().coreEnd()) {
        inside.add(star);
      }
    }
    return Candidates.of(inside, LARGEST);
  }

  /** Nuclei along a side. */
  private static int side(int count) {
    return (int) Math.ceil(Math.sqrt((double) count / CANDIDATES));
  }

  /** Pixels along a side. */
  private static int plane(int count) {
    return (side(count) + 2) * SPACING;
  }

  private static List<Star> scene(int count) {
    Random random = new Random(1);
    int side = side(count);
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
    return stars;
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
