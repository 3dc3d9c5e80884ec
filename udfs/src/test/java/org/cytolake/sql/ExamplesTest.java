package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Otsu;
import org.cytolake.histogram.SampleKind;
import org.cytolake.intensity.Golden;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The documented queries over a view {@code pixels}, against the same from the pixels in Java. */
final class ExamplesTest {
  private static final Map<String, double[][]> IMAGES = new TreeMap<>();

  @BeforeAll
  static void makePixels() {
    SplittableRandom random = new SplittableRandom(7);
    List<Row> rows = new ArrayList<>();
    for (String image : List.of("B02_1", "B02_2", "C03_1")) {
      double[][] pixels = new double[2][500];
      for (int i = 0; i < 500; i++) {
        int nuclei = random.nextInt(3) == 0 ? 40_000 + random.nextInt(9_000) : random.nextInt(900);
        int cytoplasm = nuclei / 2 + random.nextInt(20_000);
        pixels[0][i] = nuclei;
        pixels[1][i] = cytoplasm;
        rows.add(RowFactory.create(image, image.substring(0, 3), nuclei, cytoplasm));
      }
      IMAGES.put(image, pixels);
    }
    SqlSession.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("image", DataTypes.StringType)
                .add("well", DataTypes.StringType)
                .add("nuclei", DataTypes.IntegerType)
                .add("cytoplasm", DataTypes.IntegerType))
        .createOrReplaceTempView("pixels");
  }

  private static List<Row> run(String example) throws IOException {
    try (InputStream in = Catalogue.class.getResourceAsStream("examples/" + example + ".sql")) {
      return SqlSession.sql(new String(in.readAllBytes(), StandardCharsets.UTF_8)).collectAsList();
    }
  }

  @Test
  void stainedAreaPerWell() throws IOException {
    List<Row> rows = run("stained_area_per_well");
    assertThat(rows).extracting(row -> row.getString(0)).containsExactly("B02", "C03");
    for (Row row : rows) {
      List<Histogram> histograms =
          IMAGES.entrySet().stream()
              .filter(e -> e.getKey().startsWith(row.getString(0)))
              .map(e -> Histogram.ofSamples(e.getValue()[0]))
              .toList();
      long area =
          histograms.stream()
              .mapToLong(h -> h.countAbove(Otsu.threshold(h, SampleKind.INTEGER)))
              .sum();
      assertThat(row.getLong(1)).isEqualTo(histograms.size());
      assertThat(row.getLong(2)).isEqualTo(area).isPositive();
      assertThat(row.getDouble(3)).isEqualTo(area / (500.0 * histograms.size()));
    }
  }

  @Test
  void meanIntensityPerImage() throws IOException {
    for (Row row : run("mean_intensity_per_image")) {
      double[][] pixels = IMAGES.get(row.getString(0));
      assertThat(row.getLong(1)).isEqualTo(500);
      assertThat(row.getDouble(2)).isEqualTo(Histogram.ofSamples(pixels[0]).mean());
      assertThat(row.getDouble(3)).isEqualTo(Histogram.ofSamples(pixels[1]).mean());
    }
  }

  @Test
  void pearsonPerImage() throws IOException {
    List<Row> rows = run("pearson_per_image");
    assertThat(rows).hasSize(3);
    for (Row row : rows) {
      Colocalization expected =
          Colocalization.of(Golden.joint(IMAGES.get(row.getString(0))), SampleKind.INTEGER);
      assertThat(row.getDouble(1)).isCloseTo(expected.pearson(), within(1e-14));
    }
  }
}
