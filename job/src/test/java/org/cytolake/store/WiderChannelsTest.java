package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.output.OutputLock;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of wider types widen the columns of tables that are there. */
final class WiderChannelsTest {
  private static final Table TABLE = Table.JOINT_HISTOGRAMS;
  private static final Layout WIDER =
      new Layout(
          Samples.LAYOUT.groups(),
          List.of(
              new ChannelColumn("nuclei", DataTypes.LongType),
              new ChannelColumn("cytoplasm", DataTypes.IntegerType),
              new ChannelColumn("er", DataTypes.FloatType)));
  private static final List<String> TYPES = List.of("bigint", "double", "double");

  @TempDir Path folder;

  private TableStore open(Layout layout) {
    OutputLock.Timing impatient =
        new OutputLock.Timing(Duration.ofHours(1), Duration.ZERO, Duration.ZERO);
    return Samples.parquet(Samples.spark(), folder.toString(), layout, impatient, 100);
  }

  private static List<String> values(Dataset<Row> rows, String image) {
    return Samples.text(
        rows.where("image = '" + image + "'")
            .selectExpr(
                "image", "count", "double(nuclei)", "double(cytoplasm)", "double(er)", "levels"));
  }

  @Test
  void columnsWidenAndKilledOrNotReadersSeeIt() {
    Random random = new Random(3);
    Dataset<Row> narrow = Samples.dataset(TABLE, Samples.rows(TABLE, "a", 9, random));
    try (Run run = open(Samples.LAYOUT).begin()) {
      run.replace(TABLE, narrow, List.of("a"));
      run.commit(Map.of());
    }
    Run killed = open(Samples.LAYOUT).begin();
    Layout both = killed.layout(WIDER);
    assertThat(both.channels()).extracting(c -> c.type().simpleString()).isEqualTo(TYPES);
    Dataset<Row> wide =
        Samples.spark()
            .createDataFrame(Samples.rows(both, TABLE, "b", 5, random), TABLE.schema(both));
    killed.replace(TABLE, wide, List.of("b"));
    assertThatThrownBy(
            () ->
                killed.commit(
                    Map.of(),
                    (done, of) -> {
                      if (done == 1) {
                        throw new AssertionError("killed");
                      }
                    }))
        .hasMessage("killed");

    TableStore reader = TableStores.reader(Samples.spark(), folder.toString()).orElseThrow();
    assertThat(reader.layout()).isEqualTo(both);
    requireRows(reader.read(TABLE).orElseThrow(), narrow, wide);
    open(both).begin().close();
    requireRows(Samples.spark().read().parquet(folder + "/" + TABLE.folder()), narrow, wide);
    assertThat(open(both).fitting(Samples.LAYOUT)).isEqualTo(both);
  }

  private static void requireRows(Dataset<Row> found, Dataset<Row> narrow, Dataset<Row> wide) {
    assertThat(List.of("nuclei", "cytoplasm", "er"))
        .extracting(name -> found.schema().apply(name).dataType().simpleString())
        .isEqualTo(TYPES);
    assertThat(values(found, "a")).isEqualTo(values(narrow, "a"));
    assertThat(values(found, "b")).isEqualTo(values(wide, "b"));
    assertThat(found.count()).isEqualTo(14);
  }
}
