package org.cytolake.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import loci.formats.in.OMETiffReader;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where images share models, too, a row of {@code pixels} has the labels of the label images. */
final class PixelObjectsTest {
  private static final int WIDTH = 110;
  private static final int HEIGHT = 90;

  @TempDir Path folder;

  /** Nuclei of radius 7 on a grid that touches the border, each with a cell in channel 1. */
  private static double scene(int shift, int channel, int z, int y, int x) {
    int row = Math.floorMod(y + 5 * shift + 9 * z, 27) - 13;
    int column = Math.floorMod(x + 4 * shift, 29) - 14;
    double radius = Math.sqrt(row * row + column * column);
    double noise = Math.floorMod(x * 7 + y * 13 + x * y, 5);
    return (radius < (channel == 0 ? 7 : 11) ? 150 : 12) + noise;
  }

  private void image(String name, int shift) throws IOException {
    TestImages.write(
        Files.createDirectories(folder.resolve("images")).resolve(name + ".ome.tif"),
        TestImages.Spec.of(WIDTH, HEIGHT, "uint8", (s, c, z, t, y, x) -> scene(shift, c, z, y, x))
            .channels(2)
            .zt(2, 1));
  }

  @AfterEach
  void tasksAreOver() throws InterruptedException { // else they write into the folder as it goes
    LocalSpark.awaitIdle();
  }

  private RunSummary analyze(String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(
        List.of(
            "output.pixels=true",
            "clustering.scope=dataset",
            "clustering.k=2",
            "clustering.methods=[k_means]",
            "clustering.dataset-starts=1",
            "density.enabled=false",
            "report.enabled=false",
            "cells.border=drop_with_nucleus"));
    RunSummary summary =
        new AnalyzePipeline(
                LocalSpark.session(),
                ConfigLoader.load(
                    Optional.empty(),
                    Map.of(
                        "input.paths",
                        List.of(folder.resolve("images").toString()),
                        "output.path",
                        folder.resolve("tables").toString()),
                    all),
                Progress.NONE)
            .run();
    assertThat(summary.failures()).isEmpty();
    return summary;
  }

  /** Labels of a plane, row by row. */
  private int[] labels(String kind, String image, int plane) throws Exception {
    try (OMETiffReader reader = new OMETiffReader()) {
      reader.setId(folder.resolve("tables/" + kind + "/" + image + ".ome.tif").toString());
      ByteBuffer bytes = ByteBuffer.wrap(reader.openBytes(plane));
      bytes.order(reader.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int[] labels = new int[WIDTH * HEIGHT];
      Arrays.setAll(labels, i -> bytes.getShort() & 0xffff);
      return labels;
    }
  }

  private void pixelsAreThoseOfTheLabelImages(String image, int z, int plane) throws Exception {
    int[] nuclei = labels("labels", image, plane);
    int[] cells = labels("cell_labels", image, plane);
    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(folder.resolve("tables/pixels").toString())
            .where("image = '" + image + "' and z = " + z)
            .select("y", "x", "nucleus", "cell", "clusters")
            .collectAsList();
    assertThat(rows).hasSize(nuclei.length);
    Set<Integer> seen = new HashSet<>();
    int cytoplasm = 0;
    for (Row row : rows) {
      int at = row.getInt(0) * WIDTH + row.getInt(1);
      assertThat(row.getInt(2)).isEqualTo(nuclei[at]);
      assertThat(row.getInt(3)).isEqualTo(cells[at]);
      assertThat(row.getMap(4).contains("k_means")).isTrue();
      seen.add(row.getInt(3));
      cytoplasm += nuclei[at] == 0 && cells[at] != 0 ? 1 : 0;
    }
    assertThat(seen).hasSizeGreaterThan(4);
    assertThat(cytoplasm).isGreaterThan(500);
  }

  @Test
  void ofThisRunAndOfEarlierOnes() throws Exception {
    image("a", 0);
    analyze();
    for (int z = 0; z < 2; z++) {
      pixelsAreThoseOfTheLabelImages("a", z, z);
    }
    image("b", 1);
    assertThat(analyze().analyzed()).isEqualTo(1);
    pixelsAreThoseOfTheLabelImages("a", 1, 1);
    pixelsAreThoseOfTheLabelImages("b", 1, 1);

    image("c", 2);
    Files.delete(folder.resolve("tables/cell_labels/a.ome.tif"));
    assertThatThrownBy(this::analyze)
        .hasStackTraceContaining("Nuclei and cells of pixels are taken from label images")
        .hasStackTraceContaining("cell_labels/a.ome.tif is not there");
  }

  @Test
  void ofOnePlaneOfSeveralInABatchEach() throws Exception {
    image("a", 0);
    image("b", 1);
    analyze("input.z=1", "run.batch-images=1");
    pixelsAreThoseOfTheLabelImages("a", 1, 0);
    pixelsAreThoseOfTheLabelImages("b", 1, 0);
  }

  @Test
  void withoutLabelImagesThereIsNothingToTakeThemFrom() throws Exception {
    image("a", 0);
    assertThatThrownBy(() -> analyze("output.label-images=[nuclei,clusters]"))
        .isInstanceOfSatisfying(
            CytolakeException.class,
            e -> assertThat(e.remedy()).contains("Let it have nuclei and cells"))
        .hasMessageContaining("output.label-images is [clusters, nuclei]");
  }
}
