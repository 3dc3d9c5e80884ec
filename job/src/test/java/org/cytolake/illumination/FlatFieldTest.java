package org.cytolake.illumination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BaSiC's flat fields of plates whose light is known. */
final class FlatFieldTest {
  @TempDir Path folder;

  /** In the pass that reads the images, over batches, and before they are corrected: the same. */
  @Test
  void flatFieldsOfBasic() throws IOException {
    LitPlates plates = new LitPlates(folder);
    Files.createDirectory(plates.images());
    for (int well = 1; well <= 6; well++) {
      plates.field("P1", well);
      plates.field("P2", well);
    }
    String basic = "illumination.method=basic";
    plates.qc("once", basic);
    plates.qc("batches", basic, "run.batch-images=4");
    plates.qc("flat", basic, "illumination.apply=divide");
    double mean = 0;
    for (int i = 0; i < LitPlates.HEIGHT * LitPlates.WIDTH; i++) {
      mean +=
          LitPlates.light(i / LitPlates.WIDTH, i % LitPlates.WIDTH)
              / (LitPlates.HEIGHT * LitPlates.WIDTH);
    }
    for (String plate : List.of("P1", "P2")) {
      float[] function = plates.function("once", plate + "_w1.ome.tif");
      for (int i = 0; i < function.length; i++) {
        int y =
            plate.equals("P2") ? LitPlates.HEIGHT - 1 - i / LitPlates.WIDTH : i / LitPlates.WIDTH;
        assertThat((double) function[i])
            .as(plate + " " + i)
            .isCloseTo(LitPlates.light(y, i % LitPlates.WIDTH) / mean, within(0.01));
      }
      for (String output : List.of("batches", "flat")) {
        assertThat(plates.function(output, plate + "_w1.ome.tif")).isEqualTo(function);
      }
    }
    Row row = plates.table("flat", Table.ILLUMINATION_FUNCTIONS).collectAsList().get(0);
    assertThat(row.<String>getAs("method")).isEqualTo("basic");
    assertThat(row.<String>getAs("smoothing")).isEqualTo("none");
    assertThat(row.<Long>getAs("planes")).isEqualTo(6);
    assertThat(row.<Double>getAs("mean")).isCloseTo(1, within(0.01));
    Map<String, Row> before = plates.byImage("once", Table.IMAGE_QUALITY);
    plates
        .byImage("flat", Table.IMAGE_QUALITY)
        .forEach(
            (image, after) ->
                assertThat(LitPlates.spread(before.get(image)) / LitPlates.spread(after))
                    .isGreaterThan(3));
  }
}
