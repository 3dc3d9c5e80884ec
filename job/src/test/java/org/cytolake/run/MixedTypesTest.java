package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.cytolake.config.ConfigLoader;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.source.TestImages.Spec;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image has the same numbers whatever types of samples lie beside it. */
final class MixedTypesTest {
  @TempDir Path folder;

  private RunSummary analyze(Path input, String output) {
    Map<String, Object> flags =
        Map.of(
            "input.paths", List.of(input.toString()),
            "output.path", folder.resolve(output).toString());
    List<String> settings =
        List.of(
            "segmentation.enabled=false",
            "clustering.k=[2]",
            "output.label-images=[]",
            "report.enabled=false");
    return new AnalyzePipeline(
            LocalSpark.session(),
            ConfigLoader.load(Optional.empty(), flags, settings),
            Progress.NONE)
        .run();
  }

  private static void image(Path input, String name, String type, double factor)
      throws IOException {
    Files.createDirectories(input);
    TestImages.write(
        input.resolve(name + ".tif"),
        Spec.of(
            40,
            30,
            type,
            (s, c, z, t, y, x) -> ((x * 13 + y * 7) % 101 + (x > 20 ? 90 : 0)) * factor));
  }

  /** Rows of an image, numbers as doubles. */
  private List<String> rows(String output, Table table, String image) {
    Dataset<Row> all =
        LocalSpark.session()
            .read()
            .parquet(folder.resolve(output).resolve(table.folder()).toString());
    String[] columns =
        Arrays.stream(all.schema().fields()).map(MixedTypesTest::comparable).toArray(String[]::new);
    return all.where("image = '" + image + "'").selectExpr(columns).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  private static String comparable(StructField field) {
    return field.dataType() instanceof NumericType
        ? "cast(`" + field.name() + "` AS double)"
        : "to_json(struct(`" + field.name() + "`))";
  }

  @Test
  void anImageIsTheSameBesideOthers() throws IOException {
    Path together = folder.resolve("together");
    for (String type : List.of("uint8", "uint32", "float")) {
      double factor = type.equals("uint32") ? 20_000_003 : type.equals("float") ? 0.37 : 1;
      image(folder.resolve(type), "of_" + type, type, factor);
      image(together, "of_" + type, type, factor);
      assertThat(analyze(folder.resolve(type), type + "_out").analyzed()).isEqualTo(1);
    }
    RunSummary all = analyze(together, "all");
    assertThat(all.failures()).isEmpty();
    for (String type : List.of("uint8", "uint32", "float")) {
      for (Table table :
          List.of(
              Table.CHANNEL_STATS,
              Table.HISTOGRAMS,
              Table.LOOKUP_TABLES,
              Table.CLUSTER_MODELS,
              Table.CLUSTERS)) {
        assertThat(rows("all", table, "of_" + type))
            .as(table + " of " + type)
            .isNotEmpty()
            .isEqualTo(rows(type + "_out", table, "of_" + type));
      }
    }
  }
}
