package org.cytolake.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The images' pixels in every kind of statement, the first that asks for them included. */
final class QueryPixelsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void write() {
    TestImages.write(
        folder.resolve("a.tif"), TestImages.Spec.of(30, 20, "uint8", (s, c, z, t, y, x) -> x + y));
  }

  private static Query query() {
    SourceOptions images =
        SourceOptions.of(Map.of("path", folder.resolve("a.tif").toString(), "channels", "1=dna"));
    return Query.over(
        LocalSpark.session().newSession(),
        folder.resolve("none").toString(),
        Optional.of(images),
        true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXPLAIN SELECT image, avg(dna) FROM pixels GROUP BY image|aggregates=[AVG(dna)]",
        "EXPLAIN FORMATTED SELECT count(*) FROM pixels WHERE x < 3|region=x [0, 2], y [0, ]",
        "EXPLAIN EXTENDED WITH p AS (SELECT * FROM pixels) SELECT max(dna) FROM p|MAX(dna)",
        "DESCRIBE pixels|[dna,int,null]",
        "DESCRIBE TABLE EXTENDED pixels|[dna,int,null]",
        "DESCRIBE QUERY SELECT dna FROM pixels|[dna,int,null]",
        "SHOW COLUMNS IN pixels|[dna]",
        "SHOW TABLES|[,pixels,true]",
        "SHOW VIEWS|[,pixels,true]",
        "CREATE TEMPORARY VIEW bright AS SELECT * FROM pixels WHERE dna > 47; SELECT * FROM"
            + " bright|[a,0,0,0,19,29,48]"
      })
  void everyStatementFindsThePixels(String statement, String expected) {
    List<Row> rows = query().run(statement).collectAsList();
    assertThat(rows.toString()).contains(expected).doesNotContain("AnalysisException");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXPLAIN SELECT nuclei FROM pixels|nuclei",
        "EXPLAIN SELECT * FROM pixel|pixel",
        "EXPLAIN SELECT * FROM pixels WHER x = 2|x"
      })
  void explainOfAWrongStatementIsAnError(String statement, String named) {
    assertThatThrownBy(() -> query().run(statement))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining(named);
  }

  @Test
  void withoutImagesThereAreNone() {
    Query none =
        Query.over(
            LocalSpark.session().newSession(),
            folder.resolve("none").toString(),
            Optional.empty(),
            false);
    assertThat(none.run("SHOW TABLES").collectAsList().toString()).doesNotContain(",pixels,");
    assertThatThrownBy(() -> none.run("EXPLAIN SELECT * FROM pixels"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("pixels");
  }
}
