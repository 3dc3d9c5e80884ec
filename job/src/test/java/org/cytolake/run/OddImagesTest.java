package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.cytolake.config.ConfigLoader;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.source.TestImages.Pattern;
import org.cytolake.source.TestImages.Spec;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image of another kind beside others costs itself at most, and changes no value of theirs. */
final class OddImagesTest {
  private static final Pattern BLOBS =
      (s, c, z, t, y, x) ->
          20 + (3 * x + y) % 7 + ((x - 30) * (x - 30) + (y - 20) * (y - 20) < 90 ? 90 : 0);

  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void folders() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
  }

  private void image(String name, String type, Pattern pattern) {
    TestImages.write(images.resolve(name), Spec.of(64, 48, type, pattern));
  }

  private RunSummary analyze(String output) {
    Map<String, Object> flags =
        Map.of(
            "input.paths", List.of(images.toString()),
            "output.path", folder.resolve(output).toString());
    return new AnalyzePipeline(
            LocalSpark.session(),
            ConfigLoader.load(
                Optional.empty(),
                flags,
                List.of("clustering.k=[2,3]", "report.enabled=false", "output.pixels=true")),
            Progress.NONE)
        .run();
  }

  /** Rows of an image without the run and its times; numbers as doubles, as wider columns are. */
  private List<String> rows(String output, Table table, String image) {
    Dataset<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(folder.resolve(output).resolve(table.folder()).toString());
    String[] columns =
        Arrays.stream(rows.schema().fields())
            .filter(f -> !List.of("run", "time", "fingerprint", "warnings").contains(f.name()))
            .filter(f -> !f.name().endsWith("_seconds"))
            .map(OddImagesTest::comparable)
            .toArray(String[]::new);
    return rows.where("image = '" + image + "'").selectExpr(columns).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  private static String comparable(StructField field) {
    String name = "`" + field.name() + "`";
    if (field.dataType() instanceof MapType) {
      return "array_sort(map_entries(" + name + "))"; // maps have no order
    }
    return field.dataType() instanceof org.apache.spark.sql.types.NumericType
        ? "cast(" + name + " AS DOUBLE)"
        : name;
  }

  @Test
  void typesAreEachImagesOwn() throws IOException {
    image("grey.tif", "uint8", BLOBS);
    image("deep.tif", "uint16", (s, c, z, t, y, x) -> 40 * BLOBS.at(s, c, z, t, y, x));
    assertThat(analyze("alone").failures()).isEmpty();
    image("long.tif", "uint32", (s, c, z, t, y, x) -> 70_000.0 * (x + 64 * y));
    image("real.tif", "float", (s, c, z, t, y, x) -> 1.0014801 + x / 3.0 + y);
    image("huge.tif", "double", (s, c, z, t, y, x) -> x % 2 == 0 ? 1e308 : -1e308);
    image("tiny.tif", "double", (s, c, z, t, y, x) -> (x + y) * Double.MIN_VALUE);
    image("wide.tif", "double", (s, c, z, t, y, x) -> x % 2 == 0 ? 1e300 : 1e-300);
    image("faint.tif", "float", (s, c, z, t, y, x) -> (x + y) * Float.MIN_VALUE);
    image("holes.tif", "double", (s, c, z, t, y, x) -> x == 3 ? Double.NaN : 1e100 * x);
    TestImages.write(images.resolve("000_rgb.tif"), Spec.of(64, 48, "uint8", BLOBS).asRgb());
    RunSummary mixed = analyze("mixed");
    for (Table table : Table.values()) {
      for (String image : List.of("grey", "deep")) {
        assertThat(rows("mixed", table, image))
            .as(table.folder() + " of " + image)
            .isEqualTo(rows("alone", table, image));
      }
    }
    assertThat(rows("alone", Table.CHANNEL_STATS, "grey")).isNotEmpty();
    assertThat(rows("alone", Table.JOINT_HISTOGRAMS, "grey")).isNotEmpty();
    assertThat(rows("alone", Table.CLUSTER_LABELS, "grey")).isNotEmpty();
    assertThat(rows("alone", Table.PIXELS, "deep")).hasSize(64 * 48);
    assertThat(mixed.failures())
        .extracting(f -> f.image() + " " + f.code())
        .containsExactlyInAnyOrder(
            "000_rgb CHANNEL_COUNT",
            "huge STATISTICS_FAILED",
            "tiny STATISTICS_FAILED",
            "wide STATISTICS_FAILED");
    assertThat(mixed.failures())
        .extracting(f -> f.message())
        .noneMatch(message -> message.contains("fault of the program"));
  }

  /** A row of more than a tile's pixels, and one of more bytes than Bio-Formats reads at once. */
  @Test
  void rowsLongerThanATile() throws IOException {
    int width = 1_200_000;
    byte[] header =
        ("NRRD0004\ntype: uint8\ndimension: 2\nsizes: " + width + " 2\nencoding: raw\n\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = Arrays.copyOf(header, header.length + 2 * width);
    bytes[header.length + width - 1] = 100;
    bytes[header.length + width] = 99;
    Path file = images.resolve("long.nrrd");
    Files.write(file, bytes);
    Dataset<Row> pixels =
        LocalSpark.session()
            .read()
            .format("microscopy")
            .option("tile-pixels", "65536")
            .load(file.toString());
    assertThat(pixels.count()).isEqualTo(2L * width);
    String channel = pixels.columns()[pixels.columns().length - 1];
    assertThat(
            pixels.where(channel + " > 50").select("y", "x", channel).collectAsList().stream()
                .map(Row::toString))
        .containsExactlyInAnyOrder("[0," + (width - 1) + ",100]", "[1,0,99]");
  }
}
