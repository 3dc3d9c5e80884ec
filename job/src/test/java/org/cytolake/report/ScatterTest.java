package org.cytolake.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.Part;
import org.junit.jupiter.api.Test;

/** However much the tables hold, a page gets little of it, and the sums stay. */
final class ScatterTest {
  private final ImageFacts facts = new ImageFacts(new ImageKey("a", 0, 0, 0), Map.of());

  private void add(Part part, double... numbers) {
    facts.add(part, new String[] {"gaussian_mixture"}, numbers);
  }

  private static long every(long[] flat, int place) {
    long sum = 0;
    for (int i = place; i < flat.length; i += 3) {
      sum += flat[i];
    }
    return sum;
  }

  @Test
  void tuplesAreFewAndKeepTheirPixels() {
    Part part = Part.of("normalized_joint_histograms", "", "dna actin count");
    long pixels = 0;
    for (int x = 0; x < 256; x++) {
      for (int y = 0; y < 256; y++) {
        add(part, x, y, 1 + x % 3);
        pixels += 1 + x % 3;
      }
    }
    long[] points = new Scatter(facts).tuples(List.of("dna", "actin"));
    assertThat(points.length / 3).isBetween(500, 3000);
    assertThat(every(points, 2)).isEqualTo(pixels);
  }

  @Test
  void fewTuplesStayAsTheyAre() {
    Part part = Part.of("normalized_joint_histograms", "", "dna actin count");
    add(part, 3, 200, 7);
    add(part, 255, 0, 1);
    assertThat(new Scatter(facts).tuples(List.of("dna", "actin")))
        .containsExactly(3L, 200L, 7L, 255L, 0L, 1L);
  }

  @Test
  void cellsAreFewAndKeepTheirPixels() {
    Part part = Part.of("histograms_2d", "", "x_bin y_bin x_lower x_upper y_lower y_upper count");
    int bins = 200;
    for (int i = 0; i < bins; i++) {
      for (int j = 0; j < bins; j++) {
        add(part, i, j, 10 + i * 0.5, 10.5 + i * 0.5, j, j + 1, 2);
      }
    }
    Map<String, Object> histogram = new Scatter(facts).histogram2d();
    long[] cells = (long[]) histogram.get("cells");
    assertThat(cells.length / 3).isEqualTo(50 * 50);
    assertThat(every(cells, 2)).isEqualTo(2L * bins * bins);
    assertThat(((Number) histogram.get("x0")).doubleValue()).isEqualTo(10);
    assertThat(((Number) histogram.get("width")).doubleValue()).isEqualTo(2);
    assertThat(((Number) histogram.get("height")).doubleValue()).isEqualTo(4);
  }

  @Test
  void labelsAreFewAndOfTheTuplesTheyStandFor() {
    Part part = Part.of("cluster_labels", "method", "k cluster pixels").withTail("values");
    add(Part.of("cluster_models", "method", "k tuples selected"), 2, 40_000, 1);
    add(Part.of("cluster_models", "method", "k tuples selected"), 3, 40_000, 0);
    Random random = new Random(5);
    for (int i = 0; i < 40_000; i++) {
      double x = random.nextInt(256);
      double y = random.nextInt(256);
      add(part, 2, x < 128 ? 1 : 2, 1 + random.nextInt(9), x, y);
    }
    List<Number> points = new Scatter(facts).labels("gaussian_mixture", List.of(0, 1));
    assertThat(points.size() / 3).isBetween(500, 3000);
    for (int i = 0; i < points.size(); i += 3) {
      assertThat(points.get(i + 2).intValue()).isEqualTo(points.get(i).doubleValue() < 128 ? 1 : 2);
    }
    List<Number> turned = new Scatter(facts).labels("gaussian_mixture", List.of(1, 0));
    for (int i = 0; i < turned.size(); i += 3) {
      assertThat(turned.get(i + 2).intValue())
          .isEqualTo(turned.get(i + 1).doubleValue() < 128 ? 1 : 2);
    }
    assertThat(new Scatter(facts).labels("k_means", List.of(0, 1))).isEmpty();
  }

  @Test
  void densitiesKeepTheirShapeAndLevels() {
    Part part = Part.of("density", "", "row column x y density");
    Part level = Part.of("density_levels", "", "level proportion density");
    for (int row = 0; row < 40; row += 2) {
      for (int column = 0; column < 60; column += 2) {
        add(part, row, column, column * 3.0, row * 5.0, row == 20 && column == 30 ? 4e-3 : 1e-3);
      }
    }
    add(level, 1, 0.05, 1e-3);
    Map<String, Object> density = new Scatter(facts).density();
    long[] values = (long[]) density.get("values");
    assertThat(density).containsEntry("columns", 30).containsEntry("rows", 20);
    assertThat(density.get("x")).isEqualTo(List.of(0.0, 174.0));
    assertThat(values[10 * 30 + 15]).isEqualTo(9999);
    assertThat(values[0]).isEqualTo(Math.round(9999 * 0.5));
    @SuppressWarnings("unchecked")
    List<List<Number>> levels = (List<List<Number>>) density.get("levels");
    assertThat(levels.get(0).get(1).doubleValue()).isEqualTo(4999.5, within(0.1));
  }

  @Test
  void distributionsCountEveryNucleus() {
    Part part = Part.of("nuclei", "", "area_px");
    for (int i = 1; i <= 101; i++) {
      add(part, i);
    }
    Map<String, Object> distribution = ImageJson.distribution(facts.all("nuclei"), "area_px");
    assertThat(java.util.Arrays.stream((int[]) distribution.get("counts")).sum()).isEqualTo(101);
    assertThat(distribution.get("median")).isEqualTo(51L);
    assertThat(ImageJson.distribution(List.of(), "area_px")).isEmpty();
  }
}
