package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles and planes as rows: every sample where its rectangle says, in the file's own type. */
final class TileRowsTest {
  private static final int WIDTH = 150;
  private static final int HEIGHT = 90;

  @TempDir static Path folder;

  private static double sample(String type, int c, int z, int t, int y, int x) {
    double base =
        switch (type) {
          case "uint8" -> 200;
          case "int8" -> -100;
          case "uint16" -> 60_000;
          case "int16" -> -30_000;
          case "uint32" -> 4_000_000_000.0;
          case "int32" -> -2_000_000_000.0;
          default -> 0.25;
        };
    return base + Math.floorMod(x * 7 + y * 13 + z * 5 + t * 3 + c, 50);
  }

  @BeforeAll
  static void write() throws IOException {
    for (String type :
        List.of("uint8", "int8", "uint16", "int16", "uint32", "int32", "float", "double")) {
      Path images = Files.createDirectory(folder.resolve(type));
      TestImages.write(
          images.resolve("a.ome.tif"),
          TestImages.Spec.of(WIDTH, HEIGHT, type, (s, c, z, t, y, x) -> sample(type, c, z, t, y, x))
              .channels(2)
              .zt(2, 2)
              .tiled(32, "zlib"));
    }
    Path wells = Files.createDirectory(folder.resolve("wells"));
    for (String well : List.of("A01", "A02", "B01")) {
      for (String channel : List.of("dna", "heat")) {
        String type = channel.equals("dna") ? "uint16" : "float";
        TestImages.write(
            wells.resolve(well + "_" + channel + ".ome.tif"),
            TestImages.Spec.of(
                    WIDTH, HEIGHT, type, (s, c, z, t, y, x) -> sample(type, c, z, t, y, x))
                .tiled(32, "zlib"));
      }
    }
    byte[] bytes = Files.readAllBytes(wells.resolve("B01_heat.ome.tif"));
    Arrays.fill(bytes, bytes.length / 3, bytes.length / 3 + 200, (byte) 0xff);
    Path broken = Files.createDirectory(folder.resolve("broken"));
    for (String name : List.of("A01_dna", "A01_heat", "A02_dna", "A02_heat", "B01_dna")) {
      Files.copy(wells.resolve(name + ".ome.tif"), broken.resolve(name + ".ome.tif"));
    }
    Files.write(broken.resolve("B01_heat.ome.tif"), bytes);
    Files.writeString(broken.resolve("A02_dna.ome.tif"), "no image");
  }

  private static Dataset<Row> rows(String images, String rows, String... more) {
    Map<String, String> options = new HashMap<>();
    options.put("rows", rows);
    options.put("tile-pixels", "2048");
    if (images.equals("wells") || images.equals("broken")) {
      options.put("pattern", "(?<well>[A-P]\\d\\d)_(?<channel>[a-z]+)\\.ome\\.tif");
      options.put("channels", "dna=dna,heat=heat");
    } else {
      options.put("channels", "1=first,2=second");
    }
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return MicroscopySourceTest.read(folder.resolve(images), options);
  }

  private static double decode(ByteBuffer bytes, String type, int i) {
    return switch (type) {
      case "uint8" -> bytes.get(i) & 0xff;
      case "int8" -> bytes.get(i);
      case "uint16" -> bytes.getShort(2 * i) & 0xffff;
      case "int16" -> bytes.getShort(2 * i);
      case "uint32" -> bytes.getInt(4 * i) & 0xffffffffL;
      case "int32" -> bytes.getInt(4 * i);
      case "float32" -> bytes.getFloat(4 * i);
      case "float64" -> bytes.getDouble(8 * i);
      default -> throw new AssertionError(type);
    };
  }

  private static int requireSamples(Row row, String column, String written, int c) {
    int width = row.<Integer>getAs("width");
    int height = row.<Integer>getAs("height");
    String type = row.getAs(column + "_type");
    ByteBuffer bytes = ByteBuffer.wrap(row.getAs(column)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(type)
        .isEqualTo(
            switch (written) {
              case "float" -> "float32";
              case "double" -> "float64";
              default -> written;
            });
    assertThat(bytes.capacity() % (width * height)).isZero();
    for (int i = 0; i < width * height; i++) {
      assertThat(decode(bytes, type, i))
          .isEqualTo(
              sample(
                  written,
                  c,
                  row.<Integer>getAs("z"),
                  row.<Integer>getAs("t"),
                  row.<Integer>getAs("y") + i / width,
                  row.<Integer>getAs("x") + i % width));
    }
    return width * height;
  }

  @ParameterizedTest
  @CsvSource({
    "uint8,tiles",
    "int8,images",
    "uint16,tiles",
    "int16,images",
    "uint32,images",
    "int32,tiles",
    "float,images",
    "double,tiles",
    "uint8,images",
    "uint16,images",
    "float,tiles"
  })
  void samplesLieWhereTheRectangleSays(String type, String size) {
    List<Row> rows = rows(type, size).collectAsList();
    assertThat(rows.size()).matches(n -> size.equals("images") ? n == 4 : n > 30, "rows");
    int pixels = 0;
    for (Row row : rows) {
      pixels += requireSamples(row, "first", type, 0);
      requireSamples(row, "second", type, 1);
    }
    assertThat(pixels).isEqualTo(4 * WIDTH * HEIGHT);
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly(
            "image",
            "series",
            "z",
            "t",
            "y",
            "x",
            "height",
            "width",
            "first",
            "first_type",
            "second",
            "second_type");
  }

  @Test
  void onlyTheColumnsAndTilesAskedForAreRead() {
    Dataset<Row> some =
        rows("wells", "tiles")
            .where("well = 'A02' AND x >= 64 AND height = 26")
            .select("x", "dna", "dna_type", "z", "t", "y", "width", "height");
    assertThat(MicroscopySourceTest.explain(some))
        .contains("rows=tiles")
        .contains("channels=[dna]")
        .doesNotContain("Filter ");
    List<Row> rows = some.collectAsList();
    assertThat(rows).isNotEmpty().allSatisfy(row -> requireSamples(row, "dna", "uint16", 0));
    assertThat(rows)
        .extracting(Row::toString)
        .hasSameSizeAs(
            rows("wells", "tiles", "push-down", "false")
                .where("well = 'A02' AND x >= 64 AND height = 26")
                .collectAsList());
    Dataset<Row> keys = rows("wells", "images").select("well", "heat_type", "width");
    assertThat(MicroscopySourceTest.explain(keys)).contains("channels=[]");
    assertThat(keys.collectAsList().stream().map(Row::toString).sorted())
        .containsExactly("[A01,float32,150]", "[A02,float32,150]", "[B01,float32,150]");
    assertThat(rows("wells", "tiles").count())
        .isEqualTo(rows("wells", "tiles").collectAsList().size());
    assertThat(rows("wells", "images").groupBy("well").count().count()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"tiles", "images"})
  void whatCannotBeReadIsARow(String size) {
    Dataset<Row> all = rows("broken", size, "mode", "PERMISSIVE");
    List<Row> failed = all.where("corrupt IS NOT NULL").collectAsList();
    assertThat(failed)
        .extracting(row -> row.<String>getAs("well"))
        .containsExactlyInAnyOrder("A02", "B01");
    assertThat(failed)
        .allSatisfy(
            row -> {
              assertThat(row.isNullAt(row.fieldIndex("x"))).isTrue();
              assertThat(row.isNullAt(row.fieldIndex("width"))).isTrue();
              assertThat(row.isNullAt(row.fieldIndex("dna"))).isTrue();
              assertThat(row.isNullAt(row.fieldIndex("dna_type"))).isTrue();
            });
    List<Row> good = all.where("corrupt IS NULL").collectAsList();
    assertThat(good)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.<String>getAs("well")).isEqualTo("A01"));
    assertThat(good.stream().mapToInt(row -> requireSamples(row, "heat", "float", 0)).sum())
        .isEqualTo(WIDTH * HEIGHT);
    assertThat(all.where("width > 0").where("well > 'A01'").collectAsList()).isEmpty();
    assertThat(all.where("x IS NULL").select("well").collectAsList()).hasSize(2);
    assertThatThrownBy(() -> rows("broken", size).collectAsList())
        .hasStackTraceContaining("A02_dna.ome.tif");
  }

  @Test
  void anUnknownSizeIsRefused() {
    assertThatThrownBy(() -> rows("wells", "cells"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("rows is 'cells'")
        .hasMessageContaining("pixels, tiles or images");
  }

  @Test
  void aChannelThatHasTheNameOfAColumnIsRefused() {
    assertThatThrownBy(() -> rows("uint8", "tiles", "channels", "1=first,2=width"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("width");
  }
}
