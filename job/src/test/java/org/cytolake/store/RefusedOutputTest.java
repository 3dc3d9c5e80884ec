package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an output and a run over it refuse, and how they say it. */
final class RefusedOutputTest {
  private final Random random = new Random(12);

  @TempDir Path folder;

  private String output() {
    return folder.resolve("screen").toString();
  }

  private TableStore open(String output) {
    return Samples.parquet(output, Samples.LAYOUT);
  }

  @Test
  void rowsOfOtherColumnsAreRefused() {
    Dataset<Row> rows = Samples.dataset(Table.NUCLEI, Samples.rows(Table.NUCLEI, "a", 2, random));
    Dataset<Row> wrong =
        rows.drop("prob")
            .withColumn("area_px", functions.col("area_px").cast(DataTypes.IntegerType))
            .withColumn("colour", functions.lit("red"));
    try (Run run = open(output()).begin()) {
      assertThatThrownBy(() -> run.replace(Table.NUCLEI, wrong, List.of("a")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "rows for table nuclei: column prob is missing; column area_px is INT, not BIGINT;"
                  + " there is no column colour");
      assertThatThrownBy(() -> run.replace(Table.NUCLEI, rows, List.of("b")))
          .hasMessage(
              "rows for table nuclei: 2 are of images that are not to be replaced, such as a");
      Dataset<Row> without =
          Samples.dataset(Table.NUCLEI, Samples.rows(Table.NUCLEI, null, 1, random));
      assertThatThrownBy(() -> run.replace(Table.NUCLEI, without, List.of()))
          .hasMessage("rows for table nuclei: some have no image");
      List<Column> reversed = new ArrayList<>();
      for (String name : rows.columns()) {
        reversed.add(0, functions.col(name));
      }
      run.replace(Table.NUCLEI, rows.select(reversed.toArray(Column[]::new)), List.of("a"));
      assertThat(Samples.text(run.read(Table.NUCLEI))).isEqualTo(Samples.text(rows));
    }
  }

  @Test
  void rowsThatCannotBeComputedSayWhy() {
    Dataset<Row> rows =
        Samples.dataset(Table.NUCLEI, Samples.rows(Table.NUCLEI, "a", 2, random))
            .withColumn("nucleus", functions.raise_error(functions.lit("the model is broken")))
            .withColumn("nucleus", functions.col("nucleus").cast(DataTypes.IntegerType));
    try (Run run = open(output()).begin()) {
      assertThatThrownBy(() -> run.replace(Table.NUCLEI, rows, List.of("a")))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("Table nuclei could not be written to file:")
          .hasMessageContaining("the model is broken");
    }
    assertThat(Path.of(output(), "_staging")).isEmptyDirectory();
  }

  @Test
  void anOutputOfAnotherLayoutIsRefused() {
    try (Run run = open(output()).begin()) {
      run.commit(Map.of());
    }
    assertThat(TableStores.reader(Samples.spark(), output()).map(TableStore::layout))
        .contains(Samples.LAYOUT);
    Layout other = new Layout(List.of("plate"), Samples.LAYOUT.channels());
    assertThatThrownBy(() -> Samples.parquet(output(), other))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("nuclei INT, cytoplasm FLOAT, er BIGINT, groups plate, well;")
        .hasMessageContaining("have channels nuclei INT, cytoplasm FLOAT, er BIGINT, groups plate.")
        .hasMessageEndingWith("Use another --output.")
        .extracting("code")
        .isEqualTo(Code.USAGE);
  }

  @Test
  void anOutputThatSparkWouldTakeForAPatternIsRefused() {
    assertThatThrownBy(() -> open(folder + "/screen[1]"))
        .hasMessageContaining("/screen[1]' has one of the characters * ? [ ] { } \\ in its name")
        .extracting("code")
        .isEqualTo(Code.USAGE);
  }

  @Test
  void foreignFilesAreNotMistakenForTablesNorTouched() throws IOException {
    Files.createDirectories(folder.resolve("images"));
    Files.createFile(folder.resolve("images/a.tif"));
    assertThatThrownBy(() -> open(folder.toString()))
        .hasMessageContaining("has a folder 'images' with files that are no tables of Cytolake")
        .extracting("code")
        .isEqualTo(Code.USAGE);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("images"));
    }
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    for (String path : List.of(file.toString(), file + "/below", "nowhere://bucket/x")) {
      assertThatThrownBy(() -> open(path))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining(path)
          .hasMessageEndingWith("Give a folder that this account may write to as --output.")
          .extracting("code")
          .isEqualTo(Code.USAGE);
    }
  }

  @Test
  void aFullDiskIsNamed() {
    String output = "faulty://" + folder;
    TableStore store = open(output);
    Dataset<Row> rows = Samples.dataset(Table.NUCLEI, Samples.rows(Table.NUCLEI, "a", 2, random));
    try (Run run = store.begin()) {
      FaultyFileSystem.failAt(0, FaultyFileSystem.Fault.FROM_THEN_ON, "No space left on device");
      assertThatThrownBy(() -> run.replace(Table.NUCLEI, rows, List.of("a")))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("Table nuclei could not be written to faulty:")
          .hasMessageContaining("No space left on device")
          .hasMessageEndingWith(
              "Free some space there or choose another --output, then run the same command again.")
          .extracting("code")
          .isEqualTo(Code.FAILED);
      assertThatThrownBy(() -> open(output)).extracting("code").isEqualTo(Code.FAILED);
    } finally {
      FaultyFileSystem.heal();
    }
  }
}
