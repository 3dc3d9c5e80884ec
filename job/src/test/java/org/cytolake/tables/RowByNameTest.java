package org.cytolake.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.cytolake.store.Samples;
import org.junit.jupiter.api.Test;

class RowByNameTest {
  private static final Layout LAYOUT = Samples.LAYOUT;

  private final Random random = new Random(7);

  /** Compared with Spark's own conversion of its rows. */
  @Test
  void everyColumnOfEveryTableGetsItsValue() {
    for (Table table : Table.values()) {
      StructType schema = table.schema(LAYOUT);
      RowByName rows = new RowByName(table, LAYOUT);
      for (Row values : Samples.rows(table, "a µm", 20, random)) {
        Row back =
            (Row)
                CatalystTypeConverters.convertToScala(Samples.filled(rows, schema, values), schema);
        assertThat(Samples.text(List.of(back))).isEqualTo(Samples.text(List.of(values)));
      }
    }
  }

  @Test
  void theKeyStaysAndTheRestDoesNot() {
    RowByName rows = new RowByName(Table.CHANNEL_STATS, new Layout(List.of("well"), channels()));
    rows.key("a", List.of("A01"), 0, 1, 2);
    InternalRow first = stats(rows, 5.0).row();
    InternalRow second = stats(rows, 6.0).row();
    rows.key("b", List.of(), null, null, null);
    InternalRow third = stats(rows, 7.0).row();
    assertThat(text(first)).isEqualTo("a A01 0 1 2 5.0");
    assertThat(text(second)).isEqualTo("a A01 0 1 2 6.0");
    assertThat(text(third)).isEqualTo("b null null null null 7.0");
    rows.put("mean", 1.0);
    assertThatThrownBy(rows::row)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "a row of table channel_stats lacks region, channel, pixels, stddev");
  }

  private static List<ChannelColumn> channels() {
    return LAYOUT.channels();
  }

  private static RowByName stats(RowByName rows, double mean) {
    for (String name : Table.CHANNEL_STATS.schema(LAYOUT).fieldNames()) {
      if (!List.of("image", "plate", "well", "series", "z", "t").contains(name)) {
        rows.putNull(name);
      }
    }
    return rows.put("mean", mean).putUnlessNaN("min", Double.NaN).put("pixels", 4);
  }

  private static String text(InternalRow row) {
    assertThat(row.isNullAt(9)).as("stddev").isTrue();
    assertThat(row.getLong(7)).as("pixels, an int widened").isEqualTo(4);
    StringBuilder text = new StringBuilder();
    text.append(row.getUTF8String(0)).append(' ').append(row.getUTF8String(1));
    for (int i = 2; i < 5; i++) {
      text.append(' ').append(row.isNullAt(i) ? "null" : row.getInt(i));
    }
    return text.append(' ').append(row.getDouble(8)).toString();
  }

  @Test
  void wrongNamesAndTypesAreRefused() {
    RowByName rows = new RowByName(Table.NUCLEI, LAYOUT);
    assertThatThrownBy(() -> rows.put("colour", 1.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("table nuclei has no column colour");
    assertThatThrownBy(() -> rows.put("area_px", 1.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("column area_px of table nuclei is BIGINT, not a double");
    assertThatThrownBy(() -> rows.put("nucleus", 1L))
        .hasMessage("column nucleus of table nuclei is INT, not a long");
    assertThatThrownBy(() -> rows.put("prob", "high"))
        .hasMessage("column prob of table nuclei is DOUBLE, not String high");
    assertThatThrownBy(() -> rows.put("nucleus", true)).hasMessageContaining("not Boolean true");
    assertThatThrownBy(() -> rows.struct("prob")).hasMessageEndingWith("is DOUBLE, no struct");
    RowByName point = rows.struct("polygon");
    assertThatThrownBy(() -> point.put("z", 1.0))
        .hasMessage("column polygon of table nuclei has no column z");
    assertThatThrownBy(() -> point.put("y", 1.0).row()).hasMessageContaining("lacks x");
    assertThatThrownBy(() -> rows.key("a", List.of("p", "w", "more"), 0, 0, 0))
        .hasMessage("table nuclei has 2 groups, not 3");
  }

  @Test
  void arraysMapsAndTimes() {
    RowByName pixels = new RowByName(Table.PIXELS, LAYOUT).key("a", List.of(), 0, 0, 0);
    pixels.put("y", 1).put("x", 2).put("nuclei", 3).put("cytoplasm", 0.5f).put("er", 4L);
    InternalRow row =
        pixels.putNull("nucleus").putNull("cell").put("clusters", Map.of("kmeans", 2)).row();
    assertThat(row.getFloat(9)).isEqualTo(0.5f);
    assertThat(row.getMap(13).keyArray().getUTF8String(0)).hasToString("kmeans");
    assertThat(row.getMap(13).valueArray().getInt(0)).isEqualTo(2);
    RowByName values = new RowByName(Table.CLUSTER_VALUES, LAYOUT).key("a", List.of(), 0, 0, 0);
    for (String name : Table.CLUSTER_VALUES.schema(LAYOUT).fieldNames()) {
      if (Table.CLUSTER_VALUES.schema(LAYOUT).fieldIndex(name) > 5) {
        values.putNull(name);
      }
    }
    row = values.put("values", new double[] {1.5, Double.NaN}).row();
    int place = Table.CLUSTER_VALUES.schema(LAYOUT).fieldIndex("values");
    assertThat(row.getArray(place).toDoubleArray()).containsExactly(1.5, Double.NaN);
    RowByName errors = new RowByName(Table.ERRORS, LAYOUT).key(null, List.of(), null, null, null);
    for (String name : List.of("file", "stage", "code", "message", "remedy")) {
      errors.putNull(name);
    }
    Timestamp before1970 = Timestamp.from(java.time.Instant.parse("1969-12-31T23:59:59.999999Z"));
    row = errors.put("time", before1970).row();
    assertThat(row.getLong(11)).isEqualTo(-1);
    assertThat(row.isNullAt(0)).isTrue();
  }

  @Test
  void mapsOfTheSameKeysAreThoseOfAMap() {
    RowByName pixels = new RowByName(Table.PIXELS, LAYOUT).key("a", List.of(), 0, 0, 0);
    IntsByKey.Keys keys = new IntsByKey.Keys(List.of("k_means_2", "gaussian_mixture_3"));
    int[] labels = {1, 3};
    InternalRow row =
        pixels
            .put("y", 1)
            .put("x", 2)
            .put("nuclei", 3)
            .put("cytoplasm", 0.5f)
            .put("er", 4L)
            .putNull("nucleus")
            .putNull("cell")
            .put("clusters", keys.to(labels))
            .row();
    labels[0] = 7;
    StructType schema = Table.PIXELS.schema(LAYOUT);
    Row back = (Row) CatalystTypeConverters.convertToScala(row, schema);
    assertThat(back.getJavaMap(13)).isEqualTo(Map.of("k_means_2", 1, "gaussian_mixture_3", 3));
    assertThatThrownBy(() -> keys.to(new int[3])).hasMessage("3 values for 2 keys");
    assertThatThrownBy(() -> pixels.put("nuclei", keys.to(labels)))
        .isInstanceOf(IllegalArgumentException.class);
    RowByName rows = new RowByName(Table.CLUSTER_LABELS, LAYOUT);
    assertThatThrownBy(() -> rows.put("responsibilities", keys.to(labels)))
        .as("a map of arrays")
        .isInstanceOf(IllegalArgumentException.class);
  }
}
