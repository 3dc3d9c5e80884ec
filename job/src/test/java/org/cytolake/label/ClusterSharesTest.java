package org.cytolake.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import loci.common.services.ServiceFactory;
import loci.formats.in.OMETiffReader;
import loci.formats.meta.IMetadata;
import loci.formats.services.OMEXMLService;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table {@code cluster_shares} against the label images, counted pixel by pixel. */
final class ClusterSharesTest {
  private static final String PATTERN =
      "(?<plate>P\\d)_(?<well>[A-P]\\d\\d)_c(?<channel>\\d)\\.ome\\.tif";

  @TempDir Path folder;

  /** Nuclei of radius 7 on a grid that touches the border, each with a cell in channel 1. */
  private static double scene(int shift, int channel, int z, int y, int x) {
    int row = Math.floorMod(y + 5 * shift + 9 * z, 27) - 13;
    int column = Math.floorMod(x + 4 * shift, 29) - 14;
    double radius = Math.sqrt(row * row + column * column);
    double noise = Math.floorMod(x * 7 + y * 13 + x * y, 5);
    if (radius >= 10 && (x + y) % 11 == 0) {
      return 0; // not clustered, some of it in cells
    }
    return (radius < (channel == 0 ? 7 : 11) ? 150 - 3 * radius : 12) + noise;
  }

  private void image(String name, int width, int height, TestImages.Pattern sample)
      throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    for (int channel = 0; channel < 2; channel++) {
      int of = channel;
      TestImages.write(
          images.resolve(name + "_c" + channel + ".ome.tif"),
          TestImages.Spec.of(
                  width, height, "uint8", (s, c, z, t, y, x) -> sample.at(s, of, z, t, y, x))
              .zt(2, 1));
    }
  }

  private void screen() throws IOException {
    for (String name : List.of("P1_A01", "P1_A02")) {
      int shift = name.hashCode() % 17;
      image(name, 110, 90, (s, c, z, t, y, x) -> scene(shift, c, z, y, x));
    }
    // without a nucleus
    image("P2_A02", 110, 90, (s, c, z, t, y, x) -> 10 + Math.floorMod(x * 7 + y * 13, 3));
  }

  private RunSummary analyze(String output, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "clustering.k=[2,3]",
                "clustering.methods=[k_means,gaussian_mixture]",
                "clustering.starts=1",
                "clustering.max-iterations=30",
                "quality.enabled=false",
                "clustering.dataset-starts=1",
                "density.enabled=false",
                "report.enabled=false"));
    all.addAll(Arrays.asList(settings));
    RunSummary summary =
        new AnalyzePipeline(
                LocalSpark.session(),
                ConfigLoader.load(
                    Optional.empty(),
                    Map.of(
                        "input.paths",
                        List.of(folder.resolve("images").toString()),
                        "input.pattern",
                        PATTERN,
                        "input.channels",
                        "0=dna,1=actin",
                        "output.path",
                        folder.resolve(output).toString()),
                    all),
                Progress.NONE)
            .run();
    assertThat(summary.failures()).isEmpty();
    return summary;
  }

  private Dataset<Row> table(String output, String name) {
    return LocalSpark.session().read().parquet(folder.resolve(output).resolve(name).toString());
  }

  /** A label image: by z and channel's name, labels row by row. */
  private Map<String, int[]> labels(String output, String kind, String image) throws Exception {
    Map<String, int[]> found = new HashMap<>();
    try (OMETiffReader reader = new OMETiffReader()) {
      IMetadata metadata =
          new ServiceFactory().getInstance(OMEXMLService.class).createOMEXMLMetadata();
      reader.setMetadataStore(metadata);
      reader.setId(folder.resolve(output + "/" + kind + "/" + image + ".ome.tif").toString());
      for (int z = 0; z < reader.getSizeZ(); z++) {
        for (int c = 0; c < reader.getSizeC(); c++) {
          ByteBuffer bytes = ByteBuffer.wrap(reader.openBytes(reader.getIndex(z, c, 0)));
          bytes.order(reader.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
          int[] labels = new int[reader.getSizeX() * reader.getSizeY()];
          Arrays.setAll(labels, i -> bytes.getShort() & 0xffff);
          found.put(z + " " + metadata.getChannelName(0, c), labels);
        }
      }
    }
    return found;
  }

  private static String value(Row row, String column) {
    return row.getAs(column).toString();
  }

  /** The selected models of a plane, as label images name them. */
  private static List<String> selected(List<Row> models, Row plane, String scope) {
    return models.stream()
        .filter(m -> value(m, "scope").equals(scope))
        .filter(m -> !scope.equals("plate") || value(m, "plate").equals(value(plane, "plate")))
        .filter(
            m ->
                !scope.equals("image")
                    || (value(m, "image").equals(value(plane, "image"))
                        && value(m, "z").equals(value(plane, "z"))))
        .map(m -> value(m, "method") + " k=" + value(m, "k"))
        .toList();
  }

  /**
   * Compares all rows of an output.
   *
   * @return how many have pixels
   */
  private int sharesAreThoseOfTheLabelImages(String output, String scope) throws Exception {
    List<Row> models =
        table(output, "cluster_models").where("selected and reason is null").collectAsList();
    Map<String, Long> counted = new HashMap<>();
    Map<String, Long> areas = new HashMap<>();
    for (Row plane : table(output, "images").collectAsList()) {
      String image = plane.getAs("image");
      String at = image + " " + plane.getAs("z") + " ";
      int[] nuclei = labels(output, "labels", image).get(plane.getAs("z") + " nuclei");
      int[] cells = labels(output, "cell_labels", image).get(plane.getAs("z") + " cells");
      Map<String, int[]> clusters = labels(output, "cluster_images", image);
      for (String model : selected(models, plane, scope)) {
        int[] of = clusters.get(plane.getAs("z") + " " + model);
        for (int i = 0; i < of.length; i++) {
          List<String> objects = new ArrayList<>();
          if (nuclei[i] > 0) {
            objects.add("nucleus " + nuclei[i]);
          }
          if (cells[i] > 0) {
            objects.add("cell " + cells[i]);
            if (nuclei[i] == 0) {
              objects.add("cytoplasm " + cells[i]);
            }
          }
          for (String object : objects) {
            counted.merge(at + object + " " + model + " " + of[i], 1L, Long::sum);
            areas.merge(at + object + " " + model, 1L, Long::sum);
          }
        }
      }
    }
    Map<String, Long> rows = new HashMap<>();
    Map<String, Long> sums = new HashMap<>();
    Map<String, Double> shares = new HashMap<>();
    for (Row row : table(output, "cluster_shares").collectAsList()) {
      String object =
          "%s %s %s %s %s k=%s"
              .formatted(
                  row.<Object>getAs("image"),
                  row.<Object>getAs("z"),
                  row.<Object>getAs("object"),
                  row.<Object>getAs("nucleus"),
                  row.<Object>getAs("method"),
                  row.<Object>getAs("k"));
      assertThat(value(row, "scope")).isEqualTo(scope);
      long pixels = row.getAs("pixels");
      int cluster = row.getAs("cluster");
      assertThat(cluster).isBetween(pixels > 0 ? 0 : 1, row.getAs("k"));
      if (pixels > 0) {
        assertThat(rows.put(object + " " + cluster, pixels)).isNull();
      }
      sums.merge(object, pixels, Long::sum);
      shares.merge(object, row.<Double>getAs("share"), Double::sum);
    }
    assertThat(rows).isEqualTo(counted);
    assertThat(sums).isEqualTo(areas);
    shares.forEach((of, sum) -> assertThat(sum).as(of).isCloseTo(1, within(1e-12)));
    // all objects of the other tables, with their areas
    for (String object : List.of("nucleus", "cell", "cytoplasm")) {
      String of = Map.of("nucleus", "nuclei", "cell", "cells").getOrDefault(object, object);
      for (Row row : table(output, of).collectAsList()) {
        String from = value(row, "image") + " " + value(row, "z") + " " + object;
        for (String model : selected(models, row, scope)) {
          assertThat(areas.remove(from + " " + value(row, "nucleus") + " " + model))
              .isEqualTo(row.<Long>getAs("area_px"));
        }
      }
    }
    assertThat(areas).isEmpty();
    return rows.size();
  }

  @Test
  void ofModelsOfEachImage() throws Exception {
    screen();
    analyze("image", "cells.border=drop");
    assertThat(sharesAreThoseOfTheLabelImages("image", "image")).isGreaterThan(200);
    assertThat(table("image", "cluster_shares").where("cluster = 0").count()).isPositive();
    assertThat(table("image", "cluster_shares").where("image like 'P2%'").count()).isZero();

    analyze("image", "cells.border=drop", "clustering.shares=false");
    assertThat(table("image", "cluster_shares").count()).isZero();
  }

  @Test
  @TakesMinutes
  void ofModelsThatImagesShare() throws Exception {
    screen();
    analyze("data", "clustering.scope=dataset", "run.batch-images=2");
    assertThat(sharesAreThoseOfTheLabelImages("data", "dataset")).isGreaterThan(200);

    // models of other groups, of images that are not read again
    image("P1_A03", 110, 90, (s, c, z, t, y, x) -> scene(3, c, z, y, x) / 2);
    assertThat(analyze("data", "clustering.scope=plate").analyzed()).isEqualTo(1);
    assertThat(sharesAreThoseOfTheLabelImages("data", "plate")).isGreaterThan(300);
    analyze("stored", "clustering.scope=plate", "clustering.model=" + folder.resolve("data"));
    assertThat(sharesAreThoseOfTheLabelImages("stored", "plate")).isGreaterThan(300);

    assertThat(analyze("data", "clustering.scope=plate", "clustering.shares=false").analyzed())
        .isZero();
    assertThat(table("data", "cluster_shares").count()).isZero();
  }

  /** Label images and shares are made of tiles. */
  @Test
  void ofALargePlane() throws Exception {
    image(
        "P1_A01",
        2_100,
        2_050,
        (s, c, z, t, y, x) ->
            z == 0 && (y / 60 % 9 == 3 || x / 60 % 17 == 0) ? scene(1, c, z, y, x) : 12);
    analyze("large", "input.z=0", "segmentation.tile=1024", "cells.max-distance=20");
    assertThat(sharesAreThoseOfTheLabelImages("large", "image")).isGreaterThan(500);
  }

  @Test
  void withoutLabelImagesThereIsNothingToTakeObjectsFrom() throws Exception {
    screen();
    String labels = "output.label-images=[nuclei,clusters]";
    assertThatThrownBy(
            () -> analyze("out", labels, "clustering.scope=dataset", "clustering.shares=true"))
        .isInstanceOfSatisfying(
            CytolakeException.class,
            e -> assertThat(e.remedy()).contains("Let it have nuclei and cells"))
        .hasMessageContaining("clustering.shares is true")
        .hasMessageContaining("output.label-images is [clusters, nuclei]");
  }
}
