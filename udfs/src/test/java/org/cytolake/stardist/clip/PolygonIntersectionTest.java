package org.cytolake.stardist.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.cytolake.stardist.clip.Shapes.Shape;
import org.junit.jupiter.api.Test;

final class PolygonIntersectionTest {
  /** golden/polygon_golden.py */
  @Test
  void ringsAndAreasAreThoseOfClipper() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                PolygonIntersectionTest.class.getResourceAsStream("intersections.csv"),
                StandardCharsets.UTF_8))) {
      int seed = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Shape[] pair = Shapes.pair(seed);
        String[] golden = line.split(",", -1);
        assertThat(area(pair[0], pair[1]))
            .as("area of pair %d", seed)
            .isEqualTo(Float.parseFloat(golden[0]));
        assertThat(checksum(rings(pair[0], pair[1])))
            .as("rings of pair %d", seed)
            .isEqualTo(golden[1]);
        seed++;
      }
      assertThat(seed).isEqualTo(8000);
    }
  }

  private static float area(Shape a, Shape b) {
    return PolygonIntersection.area(a.xs(), a.ys(), b.xs(), b.ys());
  }

  private static List<int[]> rings(Shape a, Shape b) {
    return PolygonIntersection.rings(a.xs(), a.ys(), b.xs(), b.ys());
  }

  private static String checksum(List<int[]> rings) {
    CRC32 crc = new CRC32();
    crc.update(
        rings.stream()
            .map(r -> Arrays.stream(r).mapToObj(String::valueOf).collect(Collectors.joining(",")))
            .collect(Collectors.joining("|"))
            .getBytes(StandardCharsets.US_ASCII));
    return String.format("%08x", crc.getValue());
  }

  private static Shape square(int x, int y, int side) {
    return new Shape(new int[] {x, x + side, x + side, x}, new int[] {y, y, y + side, y + side});
  }

  @Test
  void squares() {
    assertThat(area(square(0, 0, 4), square(0, 0, 4))).isEqualTo(16);
    assertThat(area(square(0, 0, 4), square(1, 1, 2))).isEqualTo(4);
    assertThat(area(square(0, 0, 4), square(3, 2, 4))).isEqualTo(2);
    assertThat(rings(square(0, 0, 4), square(4, 0, 4))).isEmpty(); // along an edge
    assertThat(rings(square(0, 0, 4), square(4, 4, 4))).isEmpty(); // in a corner
    assertThat(rings(square(0, 0, 4), square(9, 9, 4))).isEmpty();
    assertThat(rings(square(0, 0, 4), square(1, 1, 0))).isEmpty(); // of no extent
  }

  /** As {@code stardist} takes absolute areas, what a ring leaves free counts once more. */
  @Test
  void holesCount() {
    // a square around which the polygon runs, and within it a second one the other way round
    Shape frame =
        new Shape(
            new int[] {0, 9, 9, 0, 0, 3, 3, 6, 6, 3}, new int[] {0, 0, 9, 9, 0, 3, 6, 6, 3, 3});
    assertThat(rings(frame, square(-1, -1, 12))).hasSize(2);
    assertThat(area(frame, square(-1, -1, 12))).isEqualTo(81 + 9);
  }

  @Test
  void convexPolygonsHaveOneRingWithinBothBoxes() {
    Random random = new Random(3);
    for (int round = 0; round < 500; round++) {
      Shape a = Shapes.convex(random, 30, 30, 3 + random.nextInt(20));
      Shape b =
          Shapes.convex(random, 20 + random.nextInt(20), 20 + random.nextInt(20), 3 + round % 20);
      List<int[]> rings = rings(a, b);
      assertThat(rings).hasSizeLessThan(2);
      for (int[] ring : rings) {
        for (int k = 0; k < ring.length; k += 2) {
          assertThat(ring[k])
              .isBetween(max(min(a.xs()), min(b.xs())), min(max(a.xs()), max(b.xs())));
          assertThat(ring[k + 1])
              .isBetween(max(min(a.ys()), min(b.ys())), min(max(a.ys()), max(b.ys())));
        }
      }
    }
  }

  private static int min(int... values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static int max(int... values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  @Test
  void equalRowsAreSortedAsByGnuSort() {
    // the order in which std::sort of GNU's library leaves rows i * 7 % 5 of 40 elements
    List<Integer> elements = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      elements.add(i);
    }
    RowSort.sort(elements, i -> i * 7 % 5);
    assertThat(elements)
        .containsExactly(
            17, 2, 37, 22, 7, 32, 27, 12, 9, 24, 14, 29, 19, 34, 4, 39, 21, 1, 26, 31, 36, 16, 11,
            6, 18, 23, 38, 13, 28, 3, 8, 33, 0, 20, 5, 35, 10, 30, 15, 25);
  }

  @Test
  void evenWhereQuicksortGivesUp() {
    // made by M. D. McIlroy's "killer adversary for quicksort" (1999), with ties
    int[] rows = {
      -19, 0, -18, -1, -17, -2, -16, -3, -18, -4, -16, -5, -20, -6, -15, -7, -17, -8, -10, -9, 0,
      -1, -2, -3, -4, -5, -6, -7, -8, -9, -15, -13, -14, -12, -13, -11, -12, -10, -11, -14
    };
    List<Integer> elements = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      elements.add(i);
    }
    RowSort.sort(elements, i -> rows[i]);
    assertThat(elements)
        .containsExactly(
            1, 20, 3, 21, 5, 22, 7, 23, 9, 24, 11, 25, 13, 26, 15, 27, 17, 28, 19, 29, 18, 37, 35,
            38, 36, 33, 31, 34, 39, 32, 14, 30, 6, 10, 16, 4, 2, 8, 0, 12);
  }
}
