package org.cytolake.stardist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.cytolake.image.LabelImage;
import org.junit.jupiter.api.Test;

/** Tiles by brute force, and that a plane's objects are the same whichever way it is cut. */
final class PlaneTileTest {
  private static final StarThresholds THRESHOLDS = new StarThresholds(0.5, 0.3);

  @Test
  void coresCoverThePaddedSideOnceAndHalosEndWithThePlane() {
    for (int size = 1; size < 700; size += size < 40 ? 1 : 13) {
      for (int multiple : new int[] {1, 2, 8, 16}) {
        for (int halo : new int[] {multiple, 3 * multiple}) {
          for (int longest : new int[] {2 * halo + multiple, 2 * halo + 5 * multiple + 3, 4096}) {
            List<Span> spans = Span.cut(size, multiple, halo, longest);
            int padded = (size + multiple - 1) / multiple * multiple;
            int[] covered = new int[padded];
            for (Span span : spans) {
              for (int i = span.coreStart(); i < span.coreEnd(); i++) {
                covered[i]++;
              }
              assertThat(span.length()).isLessThanOrEqualTo(longest);
              assertThat(span.start()).isEqualTo(Math.max(0, span.coreStart() - halo));
              assertThat(span.end()).isEqualTo(Math.min(padded, span.coreEnd() + halo));
              assertThat(
                      List.of(span.start(), span.end(), span.coreStart(), span.coreEnd()).stream()
                          .allMatch(v -> v % multiple == 0))
                  .isTrue();
              // what is reflected into the padding is there to be reflected
              if (span.end() == padded && span.start() > 0) {
                assertThat(2 * (size - 1) - (padded - 1)).isGreaterThanOrEqualTo(span.start());
              }
            }
            assertThat(covered).containsOnly(1);
            if (padded <= longest) {
              assertThat(spans).hasSize(1);
            }
          }
        }
      }
    }
  }

  @Test
  void reachIsMeasuredToTheCoresEdgesInsideThePlane() {
    int halo = 16;
    for (PlaneTile tile : PlaneTile.cut(70, 85, 8, halo, 48)) {
      for (int y = tile.rows().coreStart(); y < tile.rows().coreEnd(); y += 3) {
        for (int x = tile.columns().coreStart(); x < tile.columns().coreEnd(); x += 3) {
          for (int distance : new int[] {0, 1, 5, 40}) {
            boolean inside = true;
            for (int d = -distance; d <= distance; d++) {
              inside &= y + d < 0 || y + d >= 72 || in(tile.rows(), y + d);
              inside &= x + d < 0 || x + d >= 88 || in(tile.columns(), x + d);
            }
            assertThat(tile.reaches(y, x, distance)).isEqualTo(inside);
          }
        }
      }
    }
  }

  private static boolean in(Span span, int place) {
    return place >= span.coreStart() && place < span.coreEnd();
  }

  @Test
  void noCoreWithinTheHaloIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Span.cut(1000, 16, 112, 239))
        .withMessageContaining("239");
    assertThat(Span.cut(1000, 16, 112, 240)).allMatch(span -> span.length() <= 240);
  }

  /** Many overlapping stars, some far larger than a tile's core, and many equal probabilities. */
  @Test
  void objectsAreTheSameWhicheverWayThePlaneIsCut() {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      int grid = 1 + seed % 2;
      int height = 150 + random.nextInt(120);
      int width = 150 + random.nextInt(120);
      StarPrediction whole = prediction(height, width, grid, seed % 3 == 0, random);
      List<Star> expected = StarDist.detect(whole, THRESHOLDS, height, width, 1 << 20);
      LabelImage image = StarDist.paint(expected, height, width);
      for (int side : new int[] {48, 64, 96, 200}) {
        List<PlaneTile> tiles = PlaneTile.cut(height, width, 16, 16, side);
        List<Candidates> all = new ArrayList<>();
        for (PlaneTile tile : tiles) {
          all.add(StarDist.candidates(crop(whole, tile, random), tile, THRESHOLDS, 1 << 20));
        }
        assertThat(places(StarDist.select(all, THRESHOLDS))).isEqualTo(places(expected));
        float largest = (float) all.stream().mapToDouble(Candidates::largest).max().orElseThrow();
        List<Candidates> thinned = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
          thinned.add(StarDist.thin(all.get(i), tiles.get(i), THRESHOLDS, largest));
        }
        int before = all.stream().mapToInt(Candidates::size).sum();
        int after = thinned.stream().mapToInt(Candidates::size).sum();
        assertThat(after).isLessThanOrEqualTo(before);
        if (side == 200 && seed % 3 != 0) {
          assertThat(after).isLessThan(before * 3 / 4);
        }
        Collections.shuffle(thinned, random);
        assertThat(places(StarDist.select(thinned, THRESHOLDS))).isEqualTo(places(expected));
        for (PlaneTile tile : tiles) {
          Window window = tile.window();
          LabelImage part = StarDist.paint(expected, window);
          for (int y = 0; y < window.height(); y++) {
            for (int x = 0; x < window.width(); x++) {
              if (part.at(y, x) != image.at(y + window.top(), x + window.left())) {
                throw new AssertionError("label at " + y + ", " + x + " of " + window);
              }
            }
          }
        }
      }
    }
  }

  private static List<String> places(List<Star> stars) {
    return stars.stream().map(s -> s.prob() + " " + s.y() + " " + s.x()).toList();
  }

  private static StarPrediction prediction(
      int height, int width, int grid, boolean giants, Random random) {
    int rows = Span.padded(height, 16) / grid;
    int columns = Span.padded(width, 16) / grid;
    int rays = 8;
    float[] prob = new float[rows * columns];
    float[] dist = new float[rows * columns * rays];
    for (int i = 0; i < prob.length; i++) {
      prob[i] = random.nextInt(grid == 1 ? 8 : 3) == 0 ? random.nextInt(256) / 256f : 0;
      float radius = 2 + 8 * random.nextFloat();
      if (giants && random.nextInt(1000) == 0) {
        radius = 90;
      }
      for (int k = 0; k < rays; k++) {
        dist[i * rays + k] = radius * (0.8f + 0.4f * random.nextFloat());
      }
    }
    return new StarPrediction(rows, columns, rays, grid, prob, dist);
  }

  /** What a network might give for a tile: nonsense beyond the core. */
  private static StarPrediction crop(StarPrediction whole, PlaneTile tile, Random random) {
    int grid = whole.grid();
    int rays = whole.rays();
    int rows = tile.rows().length() / grid;
    int columns = tile.columns().length() / grid;
    float[] prob = new float[rows * columns];
    float[] dist = new float[rows * columns * rays];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int cell = row * columns + column;
        int y = tile.rows().start() + row * grid;
        int x = tile.columns().start() + column * grid;
        boolean core = in(tile.rows(), y) && in(tile.columns(), x);
        int from = y / grid * whole.width() + x / grid;
        prob[cell] = core ? whole.prob()[from] : random.nextFloat();
        for (int k = 0; k < rays; k++) {
          dist[cell * rays + k] = core ? whole.dist()[from * rays + k] : 1000;
        }
      }
    }
    return new StarPrediction(rows, columns, rays, grid, prob, dist);
  }
}
