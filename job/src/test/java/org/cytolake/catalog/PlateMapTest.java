package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.cytolake.catalog.PlateMap.Treated;
import org.cytolake.config.CytolakeException;
import org.cytolake.field.Well;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken for a plate map, and what is said of what is none. */
final class PlateMapTest {
  @TempDir Path folder;

  private PlateMap read(byte[] bytes, List<String> groups) throws IOException {
    Path file = Files.write(folder.resolve("map.csv"), bytes);
    return PlateMap.read(
        file.toString(), new Configuration(false), groups, List.of("image", "well", "nuclei"));
  }

  private PlateMap read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8), List.of("plate", "well"));
  }

  /** As spreadsheets of several countries write it. */
  @ParameterizedTest
  @CsvSource({"','", "';'", "'\t'"})
  void separatorsQuotesAndByteOrderMarks(String s) throws IOException {
    String text =
        String.join(s, "Plate", "Well", "compound", "dose")
            + "\r\n"
            + String.join(s, "P1", "A1", "\"a \"\"b\"\"" + s + " µ\"", "0.5")
            + "\r\n"
            + String.join(s, "P1", "r02c11", "", "1e-3")
            + "\r\n\r\n"
            + String.join(s, "P2", "a-01", "c", "")
            + "\r\n";
    PlateMap map = read("\uFEFF" + text);
    assertThat(map.ofPlates()).isTrue();
    assertThat(map.columns()).containsExactly("compound", "dose");
    assertThat(map.rows())
        .containsExactly(
            new Treated(
                Optional.of("P1"),
                new Well(0, 1),
                List.of(Optional.of("a \"b\"" + s + " µ"), Optional.of("0.5"))),
            new Treated(
                Optional.of("P1"), new Well(1, 11), List.of(Optional.empty(), Optional.of("1e-3"))),
            new Treated(
                Optional.of("P2"), new Well(0, 1), List.of(Optional.of("c"), Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "well,dose\\nA01,1\\nQ99,2 | Line 3 of the plate map .* has 'Q99', which is no well",
        "well,dose\\nA01,1\\n,2 | Line 3 .* has no well",
        "well,dose\\nA01,1\\nB01,2\\nA1,3 | Line 4 .* names well A01 again, after line 2",
        "well,dose\\nA01,1,2 | Line 2 .* has 3 values, the header 2",
        "well,dose,Dose\\nA01,1,2 | Line 1 .* has two columns 'Dose'",
        "well,Nuclei\\nA01,1 | Line 1 .* has a column 'Nuclei', as the tables have",
        "well,\\nA01,1 | Line 1 .* has a column without a name",
        "position,dose\\nA01,1 | Line 1 .* has no column 'well'",
        "well\\nA01 | says nothing of its wells",
        "well,dose\\n | has no rows below its header",
        "plate,well,dose\\n,A01,1 | Line 2 .* has no plate"
      })
  void saysWhatIsWrongAndWhere(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageMatching("(?s).*" + message.strip() + ".*");
  }

  @Test
  void needsWhatTheMapNamesInFileNames() {
    byte[] map = "plate,well,dose\nP1,A01,1\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(map, List.of("well")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("column 'plate', but file names tell no plate");
    assertThatThrownBy(
            () ->
                read(
                    "well,name\nA01,\u00e9\n".getBytes(StandardCharsets.ISO_8859_1),
                    List.of("well")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("is no text in UTF-8");
    assertThatThrownBy(
            () ->
                PlateMap.read(
                    folder.resolve("none.csv").toString(),
                    new Configuration(false),
                    List.of("well"),
                    List.of()))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("cannot be read");
  }

  /** Numbers only where all are, and none has a leading zero, which names have. */
  @Test
  void columnsHaveTheirTypes() throws IOException {
    PlateMap map =
        read("well,whole,real,code,text,none\nA01,1,1,007,1,\nA02,-20,2.5e-3,012,x,\nB1,,.5,1,,\n");
    List<Row> rows = PlateMapTable.of(map, LocalSpark.session()).collectAsList();
    assertThat(rows)
        .extracting(Row::toString)
        .containsExactly(
            "[A01,1,1.0,007,1,null]", "[A02,-20,0.0025,012,x,null]", "[B01,null,0.5,1,null,null]");
    assertThat(rows.get(0).schema().toDDL())
        .isEqualTo("well STRING,whole BIGINT,real DOUBLE,code STRING,text STRING,none STRING");
  }
}
