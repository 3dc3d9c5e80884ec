package org.cytolake.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.cytolake.config.ConfigLoader;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Label images against the tables, looked up pixel by pixel. */
final class LabelImagesTest {
  private static final String PATTERN =
      "(?<plate>P\\d)_(?<well>[A-P]\\d\\d)_c(?<channel>\\d)\\.tif";
  private static final Path SAMPLE = Path.of("../sample-data/images");

  @TempDir Path folder;

  private void write(String type, int planes, TestImages.Pattern pattern) throws IOException {
    for (String name : List.of("P1_A01", "P1_A02", "P2_A01")) {
      Files.createDirectories(folder.resolve("images").resolve(name).getParent());
      for (int c = 0; c < 2; c++) {
        int channel = c;
        TestImages.write(
            folder.resolve("images/" + name + "_c" + c + ".tif"),
            TestImages.Spec.of(
                    60,
                    40,
                    type,
                    (s, k, z, t, y, x) -> pattern.at(name.hashCode() % 7, channel, z, t, y, x))
                .zt(planes, 1));
      }
    }
  }

  /** Three populations, some of them black. */
  private static double sample(int shift, int channel, int z, int t, int y, int x) {
    int noise = (x * x * 7 + y * 13 + x * y * 3 + shift + 5 * z) % 19;
    int population = (x / 20 + channel * (y / 20) + z) % 3;
    return population == 0 && noise < 3 ? 0 : 10 + 70 * population + noise + Math.abs(shift);
  }

  private RunSummary analyze(Path images, String pattern, String channels, String... settings) {
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(images.toString()),
            "input.pattern",
            pattern,
            "input.channels",
            channels,
            "output.path",
            folder.resolve("tables").toString());
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("report.enabled=false");
    RunSummary summary =
        new AnalyzePipeline(
                LocalSpark.session(),
                ConfigLoader.load(Optional.empty(), flags, all),
                Progress.NONE)
            .run();
    assertThat(summary.failures()).isEmpty();
    return summary;
  }

  private RunSummary clusters(String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(
        List.of(
            "segmentation.enabled=false",
            "density.enabled=false",
            "clustering.starts=2",
            "clustering.dataset-starts=1",
            "clustering.k=[2,3]",
            "clustering.methods=[gaussian_mixture,k_means]"));
    return analyze(folder.resolve("images"), PATTERN, "0=dna,1=actin", all.toArray(String[]::new));
  }

  private Dataset<Row> table(String name) {
    return LocalSpark.session().read().parquet(folder.resolve("tables").resolve(name).toString());
  }

  private Map<Double, Double> lookUp(String where) {
    Map<Double, Double> table = new HashMap<>();
    for (Row row : table("lookup_tables").where(where).collectAsList()) {
      table.put(row.getAs("value"), row.getAs("result"));
    }
    return table;
  }

  private Map<List<Object>, Integer> labels(String where) {
    Map<List<Object>, Integer> labels = new HashMap<>();
    for (Row row : table("cluster_labels").where(where).collectAsList()) {
      List<Double> values = row.getList(row.fieldIndex("values"));
      Map<String, Integer> ofTuple = row.getJavaMap(row.fieldIndex("labels"));
      ofTuple.forEach(
          (model, label) ->
              labels.put(
                  List.of(model.replaceFirst("_(\\d+)$", " k=$1"), values.get(0), values.get(1)),
                  label));
    }
    return labels;
  }

  /** The clusters of an image's planes, pixel by pixel, by normalised values. */
  private void clustersAreThoseOfTheTables(String image, int planes, boolean own) throws Exception {
    String plate = image.substring(0, 2);
    LabelPlanes written =
        LabelPlanes.read(folder.resolve("tables/cluster_images/" + image + ".ome.tif"));
    assertThat(written.names())
        .containsExactly(
            "gaussian_mixture k=2", "gaussian_mixture k=3", "k_means k=2", "k_means k=3");
    assertThat(written.type()).isEqualTo("uint16");
    assertThat(written.planes()).hasSize(4 * planes);
    for (int z = 0; z < planes; z++) {
      String of = "image = '" + image + "' and z = " + z;
      String lut = of + " and transform = 'normalized' and reference = 'dna' and channel = ";
      List<Map<Double, Double>> luts = List.of(lookUp(lut + "'dna'"), lookUp(lut + "'actin'"));
      Map<List<Object>, Integer> labels =
          labels(own ? of : "image is null and (plate is null or plate = '" + plate + "')");
      for (int m = 0; m < 4; m++) {
        int[] plane = written.planes().get(4 * z + m);
        for (int i = 0; i < plane.length; i++) {
          double dna = sample(shift(image), 0, z, 0, i / 60, i % 60);
          double actin = sample(shift(image), 1, z, 0, i / 60, i % 60);
          Integer expected =
              dna > 0 && actin > 0
                  ? labels.get(
                      List.of(written.names().get(m), luts.get(0).get(dna), luts.get(1).get(actin)))
                  : (Integer) 0;
          assertThat(plane[i]).isEqualTo(expected);
        }
      }
    }
  }

  private static int shift(String image) {
    return image.hashCode() % 7;
  }

  @Test
  @TakesMinutes
  void everyPlaneOfAnImageHasItsOwnModels() throws Exception {
    write("uint8", 2, LabelImagesTest::sample);
    clusters("output.pixels=true");
    clustersAreThoseOfTheTables("P1_A02", 2, true);
    clustersAreThoseOfTheTables("P2_A01", 2, true);

    // the table of pixels says the same
    assertThat(table("pixels").count()).isEqualTo(3 * 2 * 2400);
    int[] plane =
        LabelPlanes.read(folder.resolve("tables/cluster_images/P1_A02.ome.tif"))
            .planes()
            .get(4 + selected());
    for (Row row :
        table("pixels")
            .where("image = 'P1_A02' and z = 1")
            .selectExpr("y", "x", "dna", "actin", "clusters['k_means'] as cluster", "nucleus")
            .collectAsList()) {
      int y = row.getInt(0);
      int x = row.getInt(1);
      assertThat(row.getInt(2)).isEqualTo((int) sample(shift("P1_A02"), 0, 1, 0, y, x));
      assertThat(row.getInt(3)).isEqualTo((int) sample(shift("P1_A02"), 1, 1, 0, y, x));
      assertThat(row.getInt(4)).isEqualTo(plane[60 * y + x]);
      assertThat(row.isNullAt(5)).isTrue();
    }
  }

  /** Their number of clusters differs from plane to plane, and a file's channels do not. */
  @Test
  void stacksHaveOnlyModelsOfToldNumbersOfClusters() throws Exception {
    write("uint8", 2, LabelImagesTest::sample);
    analyze(
        folder.resolve("images"),
        PATTERN,
        "0=dna,1=actin",
        "segmentation.enabled=false",
        "density.enabled=false",
        "clustering.k=[2]",
        "clustering.methods=[k_means,dbscan,ward]",
        "clustering.ward.distance=100");
    assertThat(table("cluster_models").where("method = 'ward' and k > 0").count()).isEqualTo(6);
    assertThat(LabelPlanes.read(folder.resolve("tables/cluster_images/P1_A02.ome.tif")).names())
        .containsExactly("k_means k=2");
  }

  /** DBSCAN with every tuple a cluster of its own. */
  @Test
  @TakesMinutes
  void moreClustersThanSixteenBitsHold() throws Exception {
    Files.createDirectories(folder.resolve("images"));
    int side = 257;
    for (int c = 0; c < 2; c++) {
      int channel = c;
      TestImages.write(
          folder.resolve("images/P1_A01_c" + c + ".tif"),
          TestImages.Spec.of(
              side, side, "uint16", (s, k, z, t, y, x) -> 1 + (channel == 0 ? x : y)));
    }
    analyze(
        folder.resolve("images"),
        PATTERN,
        "0=dna,1=actin",
        "segmentation.enabled=false",
        "density.enabled=false",
        "clustering.values=raw",
        "clustering.k=[2]",
        "clustering.methods=[dbscan]",
        "clustering.dbscan.eps=0.5",
        "clustering.dbscan.min-pixels=1",
        "clustering.max-tuples=100000");
    LabelPlanes written = LabelPlanes.read(folder.resolve("tables/cluster_images/P1_A01.ome.tif"));
    assertThat(written.names()).containsExactly("dbscan k=" + side * side);
    assertThat(Arrays.stream(written.planes().get(0)).distinct()).hasSize(side * side);
  }

  private int selected() {
    int k =
        table("cluster_models")
            .where("image = 'P1_A02' and z = 1 and method = 'k_means' and selected")
            .first()
            .getAs("k");
    return k; // channels 2 and 3
  }

  @Test
  @TakesMinutes
  void modelsOfSeveralImagesArePaintedInAllOfThem() throws Exception {
    write("uint8", 1, LabelImagesTest::sample);
    Path late = folder.resolve("images/P2_A01_c0.tif");
    Files.move(late, folder.resolve("later.tif"));
    Files.move(folder.resolve("images/P2_A01_c1.tif"), folder.resolve("later1.tif"));
    clusters("clustering.scope=dataset");
    clustersAreThoseOfTheTables("P1_A01", 1, false);
    byte[] before = Files.readAllBytes(folder.resolve("tables/cluster_images/P1_A01.ome.tif"));
    Files.move(folder.resolve("later.tif"), late);
    Files.move(folder.resolve("later1.tif"), folder.resolve("images/P2_A01_c1.tif"));
    assertThat(clusters("clustering.scope=dataset").analyzed()).isEqualTo(1);
    for (String image : List.of("P1_A01", "P1_A02", "P2_A01")) {
      clustersAreThoseOfTheTables(image, 1, false);
    }
    assertThat(Files.readAllBytes(folder.resolve("tables/cluster_images/P1_A01.ome.tif")))
        .isNotEqualTo(before);
    clusters("clustering.scope=plate", "output.label-images=[clusters]");
    clustersAreThoseOfTheTables("P1_A02", 1, false);
  }

  @Test
  @TakesMinutes
  void otherTypesAndRegionsHaveAsManyPixelsOfEveryClusterAsTheTableSays() throws Exception {
    List<List<String>> cases =
        List.of(
            List.of(
                "uint16",
                "histograms.max-tuples=1024",
                "clustering.values=log",
                "clustering.pixels=stained"),
            List.of("float", "clustering.pixels=none", "clustering.values=equalized"),
            List.of(
                "uint8",
                "clustering.pixels=part",
                "statistics.regions=[{name=part,x=20,y=5,width=30,height=31}]"));
    for (List<String> one : cases) {
      TestImages.Pattern fine =
          (s, c, z, t, y, x) ->
              sample(s, c, z, t, y, x) * (one.get(0).equals("uint8") ? 1 : 37.25)
                  + (x * y % 31) * (one.get(0).equals("uint8") ? 0 : 1);
      write(one.get(0), 1, fine);
      clusters(one.subList(1, one.size()).toArray(String[]::new));
      int modelsSeen = 0;
      for (String image : List.of("P1_A01", "P1_A02", "P2_A01")) {
        LabelPlanes written =
            LabelPlanes.read(folder.resolve("tables/cluster_images/" + image + ".ome.tif"));
        for (int m = 0; m < written.names().size(); m++) {
          Map<Integer, Long> counts = new HashMap<>();
          for (int label : written.planes().get(m)) {
            counts.merge(label, 1L, Long::sum);
          }
          List<Row> expected =
              table("clusters")
                  .where(
                      "image = '%s' and concat(method, ' k=', k) = '%s'"
                          .formatted(image, written.names().get(m)))
                  .collectAsList();
          assertThat(expected).as(one + " " + image).isNotEmpty();
          for (Row cluster : expected) {
            assertThat(counts.getOrDefault(cluster.<Integer>getAs("cluster"), 0L))
                .as(one + " " + image + " " + written.names().get(m))
                .isEqualTo(cluster.<Long>getAs("pixels"));
          }
          modelsSeen++;
        }
      }
      assertThat(modelsSeen).isEqualTo(12);
    }
  }

  @Test
  void nucleiHaveTheAreasAndMeansOfTheTable() throws Exception {
    Path images = Files.createDirectory(folder.resolve("sample"));
    for (String channel : List.of("nuclei", "cytoplasm")) {
      String name = "SYN001_B02_f1_" + channel + ".tif";
      Files.copy(SAMPLE.resolve(name), images.resolve(name));
    }
    String pattern = "(?<plate>SYN\\d+)_(?<well>[A-P]\\d\\d)_f\\d_(?<channel>[a-z]+)\\.tif";
    analyze(
        images,
        pattern,
        "nuclei=nuclei,cytoplasm=cytoplasm",
        "clustering.enabled=false",
        "output.pixels=true");
    List<Row> nuclei = table("nuclei").collectAsList();
    assertThat(nuclei).hasSizeGreaterThan(20);
    String image = nuclei.get(0).getAs("image");
    LabelPlanes labels = LabelPlanes.read(folder.resolve("tables/labels/" + image + ".ome.tif"));
    assertThat(labels.names()).containsExactly("nuclei");
    Map<Integer, Long> areas = new HashMap<>();
    for (int label : labels.planes().get(0)) {
      areas.merge(label, 1L, Long::sum);
    }
    assertThat(areas).hasSize(nuclei.size() + 1);
    Map<Integer, Row> means = new HashMap<>();
    for (Row row :
        table("pixels")
            .groupBy("nucleus")
            .agg(Map.of("nuclei", "avg", "*", "count"))
            .collectAsList()) {
      means.put(row.getInt(0), row);
    }
    for (Row nucleus : nuclei) {
      int label = nucleus.getAs("nucleus");
      assertThat(areas.get(label)).isEqualTo(nucleus.<Long>getAs("area_px"));
      assertThat(means.get(label).<Long>getAs("count(1)")).isEqualTo(areas.get(label));
      assertThat(means.get(label).<Double>getAs("avg(nuclei)"))
          .isCloseTo(
              nucleus.<Double>getAs("mean_nuclei"), org.assertj.core.data.Offset.offset(1e-9));
    }
    try (Stream<Path> files = Files.walk(folder.resolve("tables"))) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.endsWith(".crc"));
    }

    // what is no longer asked for goes
    analyze(
        images,
        pattern,
        "nuclei=nuclei,cytoplasm=cytoplasm",
        "clustering.enabled=false",
        "output.label-images=[]");
    assertThat(folder.resolve("tables/labels/" + image + ".ome.tif")).doesNotExist();
    assertThat(table("pixels").count()).isZero();
  }
}
