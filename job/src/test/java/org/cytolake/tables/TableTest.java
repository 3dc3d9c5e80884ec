package org.cytolake.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.store.Samples;
import org.junit.jupiter.api.Test;

class TableTest {
  private static ChannelColumn channel(String name) {
    return new ChannelColumn(name, DataTypes.IntegerType);
  }

  @Test
  void everyColumnSaysWhatItIs() {
    for (Table table : Table.values()) {
      requireComments(table.folder(), table.schema(Samples.LAYOUT));
      assertThat(table.description()).endsWith(".");
    }
  }

  private static void requireComments(String parent, StructType schema) {
    for (StructField field : schema.fields()) {
      String name = parent + "." + field.name();
      assertThat(field.getComment().isDefined()).as(name).isTrue();
      assertThat(field.getComment().get()).as(name).hasSizeGreaterThan(9).doesNotEndWith(".");
      if (field.dataType() instanceof ArrayType array
          && array.elementType() instanceof StructType inner) {
        requireComments(name, inner);
      }
    }
  }

  @Test
  void tablesBeginWithTheKey() {
    for (Table table : Table.values()) {
      List<String> names = Arrays.asList(table.schema(Samples.LAYOUT).fieldNames());
      List<String> key = List.of("image", "plate", "well", "series", "z", "t");
      assertThat(names.subList(0, 6)).isEqualTo(key);
      assertThat(names).containsAll(table.order());
    }
    assertThat(Table.JOINT_HISTOGRAMS.folder()).isEqualTo("joint_histograms");
  }

  @Test
  void channelsGiveTheirColumns() {
    StructType joint = Table.JOINT_HISTOGRAMS.schema(Samples.LAYOUT);
    assertThat(Schemas.text(joint))
        .contains("region STRING, nuclei INT, cytoplasm FLOAT, er BIGINT, count BIGINT,");
    List<String> nuclei = Arrays.asList(Table.NUCLEI.schema(Samples.LAYOUT).fieldNames());
    assertThat(nuclei)
        .containsSubsequence(
            "mean_er",
            "sum_er",
            "stddev_er",
            "min_er",
            "max_er",
            "pearson_nuclei_cytoplasm",
            "pearson_nuclei_er",
            "pearson_cytoplasm_er",
            "ring_area_px",
            "ring_mean_nuclei",
            "ring_max_er",
            "ring_pearson_cytoplasm_er");
    assertThat(Schemas.text(Table.IMAGES.schema(Samples.LAYOUT)))
        .contains("files ARRAY<STRUCT<path STRING, length BIGINT, modified TIMESTAMP>>");
    assertThat(Schemas.text(Table.CLUSTERS.schema(Samples.LAYOUT)))
        .contains("mean ARRAY<DOUBLE>, covariance ARRAY<ARRAY<DOUBLE>>");
  }

  @Test
  void aLayoutWithTwoColumnsOfOneNameIsRefused() {
    for (List<String> names :
        List.of(
            List.of("count"),
            List.of("Z"),
            List.of("dapi", "DAPI"),
            List.of("a", "b_c", "a_b", "c"),
            List.of("region"),
            List.of("plate"))) {
      assertThatThrownBy(
              () -> new Layout(List.of("plate"), names.stream().map(TableTest::channel).toList()))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("would have two columns named '")
          .extracting("code")
          .isEqualTo(Code.USAGE);
    }
    assertThatThrownBy(() -> new Layout(List.of("status"), List.of(channel("dapi"))))
        .hasMessageContaining("Table images would have two columns named 'status'");
    assertThatThrownBy(() -> new Layout(List.of("a b"), List.of(channel("dapi"))))
        .hasMessageContaining("'a b' cannot name a group");
    assertThatThrownBy(() -> channel("1st")).hasMessageContaining("'1st' cannot name a channel");
    assertThatThrownBy(() -> new ChannelColumn("dapi", DataTypes.StringType))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not STRING");
    assertThatThrownBy(() -> new Layout(List.of(), List.of()))
        .hasMessageContaining("at least one channel");
  }

  @Test
  void aLayoutCanBeShipped() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Samples.LAYOUT);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(Samples.LAYOUT);
    }
  }

  @Test
  void theDocumentationIsAlignedAndComplete() {
    String text = TableDocs.text(Optional.empty());
    for (Table table : Table.values()) {
      assertThat(text).contains(table.folder() + "\n  " + table.description());
    }
    assertThat(text)
        .contains("<group>", "  mean_<channel>", "pearson_<channel>_<channel>", "files.modified")
        .containsPattern(Pattern.compile("(?m)^  <channel> +INT\\|BIGINT\\|FLOAT\\|DOUBLE  +Int"))
        .containsPattern(Pattern.compile("(?m)^  area_um2 +DOUBLE  +Area in µm²; NULL where"));
    assertThat(TableDocs.text(Optional.of(Samples.LAYOUT)))
        .contains("  pearson_nuclei_er ", "  well ")
        .doesNotContain("<channel>", "<group>");
  }

  @Test
  void theDocumentationForProgramsSaysTheSame() throws IOException {
    JsonNode tables = new ObjectMapper().readTree(TableDocs.json(Optional.of(Samples.LAYOUT)));
    assertThat(tables).hasSize(Table.values().length);
    for (JsonNode table : tables) {
      Table named = Table.valueOf(table.get("table").asText().toUpperCase(java.util.Locale.ROOT));
      List<String> names = new ArrayList<>();
      table.get("columns").forEach(column -> names.add(column.get("name").asText()));
      assertThat(names).containsAll(List.of(named.schema(Samples.LAYOUT).fieldNames()));
    }
  }
}
