package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.query.Query;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.store.StagedCommitProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plate map goes with the tables, which stay as they are. */
final class PlateMapRunTest {
  @TempDir Path folder;

  private void image(String well, int level) {
    TestImages.write(
        folder.resolve("images").resolve("P1_" + well + "_dna.ome.tif"),
        TestImages.Spec.of(32, 24, "uint8", (s, c, z, t, y, x) -> level + (x + y) % 3));
  }

  private RunSummary analyze(String map) throws IOException {
    String file = "";
    if (!map.isEmpty()) {
      file = Files.writeString(folder.resolve("map.csv"), map).toString();
    }
    SparkSession session = LocalSpark.session().newSession();
    session.conf().set(StagedCommitProtocol.SETTING, StagedCommitProtocol.class.getName()); // CLI's
    return new AnalyzePipeline(
            session,
            ConfigLoader.load(
                Optional.empty(),
                Map.of(
                    "input.paths",
                    List.of(folder.resolve("images").toString()),
                    "input.pattern",
                    "(?<plate>[^_]+)_(?<well>[^_]+)_(?<channel>\\w+)\\.ome\\.tif",
                    "input.plate-map",
                    file,
                    "output.path",
                    folder.resolve("tables").toString()),
                List.of("segmentation.enabled=false", "clustering.enabled=false")),
            Progress.NONE)
        .run();
  }

  private List<String> ask(String query) {
    SparkSession session = LocalSpark.session().newSession();
    return Query.over(session, folder.resolve("tables").toString(), Optional.empty(), false)
        .run(query)
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  private String report() throws IOException {
    return Files.readString(folder.resolve("tables/report/index.html"));
  }

  private Map<String, Long> tableFiles() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve("tables"))) {
      for (Path file : all.filter(p -> p.toString().endsWith(".parquet")).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.contains("plate_map")) {
          files.put(name, Files.getLastModifiedTime(file).toMillis());
        }
      }
    }
    return files;
  }

  @Test
  void viewsAndReportFollowTheMapAndTablesStay() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    image("A1", 10);
    image("B2", 30);
    image("C3", 50);
    analyze("well,compound,dose\nA01,x,0.5\nB-02,y,1\nH12,z,2\n");
    String query = "SELECT well, compound, dose FROM images ORDER BY well";
    assertThat(ask(query)).containsExactly("[A01,x,0.5]", "[B02,y,1.0]", "[C03,null,null]");
    assertThat(ask("SELECT compound, round(avg(mean)) FROM channel_stats GROUP BY 1 ORDER BY 1"))
        .containsExactly("[null,51.0]", "[x,11.0]", "[y,31.0]");
    assertThat(ask("SELECT * FROM plate_map ORDER BY well"))
        .containsExactly("[A01,x,0.5]", "[B02,y,1.0]", "[H12,z,2.0]");
    assertThat(report()).contains("\"columns\":[\"well\",\"compound\",\"dose\"]");
    Map<String, Long> before = tableFiles();

    RunSummary again = analyze("plate,well,compound\nP1,C03,new\nP2,A01,other\n");
    assertThat(again.analyzed()).isZero();
    assertThat(ask("SELECT well, compound FROM images ORDER BY well"))
        .containsExactly("[A01,null]", "[B02,null]", "[C03,new]");
    assertThat(report()).contains("\"new\"").doesNotContain("\"dose\"");
    assertThat(tableFiles()).isEqualTo(before);

    analyze("");
    assertThat(folder.resolve("tables/plate_map")).doesNotExist();
    assertThat(ask("SELECT well FROM images ORDER BY well"))
        .containsExactly("[A01]", "[B02]", "[C03]");
    assertThat(report()).contains("\"plateMap\":null");
    assertThat(tableFiles()).isEqualTo(before);
  }

  @Test
  void aColumnOfATableIsRefusedBeforeAnyWork() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    image("A1", 10);
    assertThatThrownBy(() -> analyze("well,stddev\nA01,x\n"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("has a column 'stddev', as the tables have");
    assertThat(folder.resolve("tables/images")).doesNotExist();
  }
}
