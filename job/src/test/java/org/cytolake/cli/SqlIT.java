package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.catalog.ArrivalOptions;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.query.Query;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command sql of the packaged jar, and the questions in its documentation. */
final class SqlIT {
  @TempDir Path folder;

  /** How a command ended, its streams apart. */
  private record Said(int code, String out, String err) {}

  private Said sql(String... arguments) throws Exception {
    return sqlWith("", arguments);
  }

  private Said sqlWith(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(Packaged.java());
    command.add("sql");
    command.addAll(List.of(arguments));
    Path in = Files.writeString(folder.resolve("in"), input);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(folder.resolve("work")).toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    int code = builder.start().waitFor();
    return new Said(code, Files.readString(out), Files.readString(err));
  }

  private static String output() throws Exception {
    return Packaged.sampleRun().output().toString();
  }

  @Test
  void tableOnStandardOutputAndNothingElse() throws Exception {
    Said said =
        sql("SELECT image, nuclei FROM images ORDER BY image", "--output", output(), "--rows", "2");
    assertThat(said.code()).as(said.err()).isZero();
    List<String> lines = said.out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).matches(" image +│ nuclei");
    assertThat(lines.get(1)).matches("─+┼─+");
    assertThat(lines.get(2)).matches(" SYN001_B02_1 │ +\\d+");
    assertThat(said.err()).contains("the first 2 rows");
    assertThat(folder.resolve("work")).isEmptyDirectory();
  }

  @Test
  void csvIsWhatThePolygonsAre() throws Exception {
    Said said =
        sql(
            "SELECT nucleus, prob, polygon, NULL AS nothing, '' AS empty, 'a \"b\", c' AS text"
                + " FROM nuclei WHERE image = 'SYN001_B02_1' ORDER BY nucleus",
            "-o",
            output(),
            "--format",
            "csv",
            "--quiet");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err().replaceAll("WARNING: Using incubator.*\n", "")).isEmpty();
    List<String> lines = said.out().lines().toList();
    List<Row> rows =
        Packaged.table(Packaged.sampleRun().output(), "nuclei")
            .where("image = 'SYN001_B02_1'")
            .orderBy("nucleus")
            .select("nucleus", "prob", "polygon")
            .collectAsList();
    assertThat(lines.get(0)).isEqualTo("nucleus,prob,polygon,nothing,empty,text");
    assertThat(lines).hasSize(rows.size() + 1);
    for (int i = 0; i < rows.size(); i++) {
      Row first = (Row) rows.get(i).getList(2).get(0);
      assertThat(lines.get(i + 1))
          .startsWith(
              rows.get(i).getInt(0)
                  + ","
                  + rows.get(i).getDouble(1)
                  + ",\"[{\"\"y\"\":"
                  + first.getDouble(0)
                  + ",\"\"x\"\":"
                  + first.getDouble(1))
          .endsWith("}]\",,\"\",\"a \"\"b\"\", c\"");
    }
  }

  @Test
  void jsonOfSeveralStatementsFromStandardInput() throws Exception {
    Said said =
        sqlWith(
            """
            -- two statements
            CREATE TEMPORARY VIEW big AS SELECT * FROM nuclei WHERE area_px > 1;
            SELECT count(*) AS n, max(NULL) AS nothing, ';' AS semicolon FROM big;
            """,
            "-",
            "-o",
            output(),
            "--format",
            "json");
    assertThat(said.code()).as(said.err()).isZero();
    JsonNode row = new ObjectMapper().readTree(said.out());
    assertThat(row.get("n").asLong()).isEqualTo(448);
    assertThat(row.get("nothing").isNull()).isTrue();
    assertThat(row.get("semicolon").asText()).isEqualTo(";");
  }

  @Test
  void parquetToAFolder() throws Exception {
    Path to = folder.resolve("copy");
    Said said =
        sql("SELECT * FROM nuclei", "-o", output(), "--format", "parquet", "--to", to.toString());
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).isEmpty();
    assertThat(LocalSpark.session().read().parquet(to.toString()).count()).isEqualTo(448);
    Said again = sql("SELECT 1 AS one", "--format", "parquet", "--to", to.toString());
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains(to.toString(), "already exists", "Choose another --to");
  }

  @Test
  void imagesWithoutTables() throws Exception {
    Said said =
        sql(
            "SELECT well, count(*) AS pixels, max(nuclei) AS brightest FROM pixels WHERE x < 10"
                + " GROUP BY well ORDER BY well",
            "--input",
            Packaged.sampleImages().toString(),
            "--pattern",
            Packaged.PATTERN,
            "--channels",
            Packaged.CHANNELS,
            "--format",
            "csv");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out().lines()).hasSize(4).anyMatch(l -> l.startsWith("B02,6560,"));
  }

  @Test
  void wrongStatementsAreExplained() throws Exception {
    Said syntax = sql("SELECT image\nFROM images\nWHER nuclei > 3", "-o", output());
    assertThat(syntax.code()).isEqualTo(2);
    assertThat(syntax.err())
        .contains("Syntax error at or near")
        .containsPattern("\\(line 3, column \\d+\\)")
        .contains("  WHER nuclei > 3\n")
        .doesNotContain("SQLSTATE", "\tat ");
    assertThat(syntax.out()).isEmpty();
    Said column = sql("SELECT 1;\n SELECT nucleus, aera_px FROM nuclei", "-o", output());
    assertThat(column.code()).isEqualTo(2);
    assertThat(column.err())
        .contains("`aera_px` cannot be resolved", "`area_px`", "(line 2, column 18)")
        .contains("\n" + " ".repeat(2 + 17) + "^")
        .doesNotContain("Project");
    Said table = sql("SELECT * FROM nuclie", "-o", output());
    assertThat(table.code()).isEqualTo(2);
    assertThat(table.err()).contains("`nuclie` cannot be found", "There are images, channel_stats");
    Said none = sql("SELECT * FROM nuclei", "-o", folder.resolve("none").toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("holds no tables", "cytolake analyze");
    assertThat(folder.resolve("none")).doesNotExist();
    Said value = sql("SELECT cast('B02' AS INT)", "--format", "csv");
    assertThat(value.code()).isEqualTo(2);
    assertThat(value.err()).contains("'B02'").doesNotContain("\tat ");
    Said path = sql("SELECT * FROM microscopy.`" + Packaged.sampleImages() + "`");
    assertThat(path.code()).isEqualTo(2);
    assertThat(path.err()).contains("--input");
  }

  private static Map<String, String> questions() throws IOException {
    String page =
        Files.readString(Packaged.ROOT.resolve("deploy/docs/sql.md"), StandardCharsets.UTF_8);
    String section = page.split("\n## Questions, answered in SQL\n", -1)[1].split("\n## ", -1)[0];
    Map<String, String> questions = new LinkedHashMap<>();
    for (String statement :
        section.split("```sql\n", -1)[1].split("```", -1)[0].split("\n\n", -1)) {
      String[] parts = statement.strip().split("\n", 2);
      assertThat(parts[0]).startsWith("-- ").endsWith("?");
      questions.put(parts[0].substring(3), parts[1]);
    }
    return questions;
  }

  /** Every question of the page on SQL has an answer on the sample data. */
  @Test
  void questionsOfTheDocuments() throws Exception {
    SourceOptions images =
        new SourceOptions(
            List.of(Packaged.sampleImages().toString()),
            Packaged.PATTERN,
            SourceOptions.parseChannels(Packaged.CHANNELS),
            SourceOptions.ALL_Z,
            false,
            true,
            RowSize.PIXELS,
            SourceOptions.DEFAULT_TILE_PIXELS,
            SourceOptions.DEFAULT_PARTITION_PIXELS,
            true,
            60,
            PyramidLevel.FULL,
            ArrivalOptions.DEFAULT);
    Query query =
        Query.over(LocalSpark.session().newSession(), output(), Optional.of(images), true);
    Map<String, List<Row>> answers = new LinkedHashMap<>();
    for (Map.Entry<String, String> question : questions().entrySet()) {
      answers.put(question.getKey(), query.run(question.getValue()).collectAsList());
    }
    assertThat(answers).hasSizeGreaterThan(12);
    answers.forEach(
        (question, rows) ->
            assertThat(rows.isEmpty())
                .as(question)
                .isEqualTo(question.startsWith("Which images failed")));

    JsonNode golden =
        new ObjectMapper()
            .readTree(Packaged.ROOT.resolve("sample-data/golden/golden.json").toFile());
    Map<String, Integer> nuclei = new TreeMap<>();
    for (JsonNode image : golden.get("images")) {
      nuclei.put(
          image.get("image").asText().replace("_f", "_"), image.get("stardist_count").asInt());
    }
    Map<String, Integer> counted = new TreeMap<>();
    answers
        .get("How many nuclei are in each image?")
        .forEach(r -> counted.put(r.getString(0), r.getInt(1)));
    assertThat(counted).isEqualTo(nuclei);
    // the tables and the images answer alike
    Map<String, Double> stained = new TreeMap<>();
    for (Row row : answers.get("How much of the field is stained, above which intensity?")) {
      if (row.getString(1).equals("nuclei")) {
        stained.put(row.getString(0), row.getDouble(2));
      }
    }
    Map<String, Double> fromImages = new TreeMap<>();
    answers
        .get("Straight from the images: how much is stained, by Otsu's threshold?")
        .forEach(r -> fromImages.put(r.getString(0), r.getDouble(1)));
    assertThat(fromImages).isEqualTo(stained);
    // shares of an image's clusters add up
    Map<String, Double> shares = new TreeMap<>();
    answers
        .get("How large is the share of each cluster of the best mixture, and where does it lie?")
        .forEach(r -> shares.merge(r.getString(0), r.getDouble(2), Double::sum));
    assertThat(shares)
        .hasSize(6)
        .allSatisfy((image, sum) -> assertThat(sum).isBetween(0.999999, 1.000001));
  }
}
