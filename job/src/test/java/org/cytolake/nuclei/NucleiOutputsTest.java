package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says of images that are no usual pictures of nuclei, and the outlines as GeoJSON. */
final class NucleiOutputsTest {
  private static final Mosaic NUCLEI = Mosaic.ofSamples("nuclei");
  private static final Mosaic CYTOPLASM = Mosaic.ofSamples("cytoplasm");
  private static final int WIDTH = 360; // of a field of the mosaic
  private static final int HEIGHT = 328;

  @TempDir Path folder;
  private final Told told = new Told();

  /** What was told of each part of the last run: shares of its images. */
  private static final class Told implements Progress {
    private final Map<String, List<Double>> shares = new TreeMap<>();
    private String part;
    private long images;

    @Override
    public synchronized void begin(String what, long newImages, long bytes) {
      part = what;
      images = newImages;
      shares.put(what, new ArrayList<>());
    }

    @Override
    public synchronized void done(double done) {
      shares.get(part).add(done / images);
    }

    @Override
    public void end() {}
  }

  private void write(String name, int sizeT, TestImages.Pattern pattern) throws IOException {
    Files.createDirectories(folder.resolve("images"));
    TestImages.write(
        folder.resolve("images").resolve(name + ".ome.tif"),
        TestImages.Spec.of(WIDTH, HEIGHT, "uint16", pattern)
            .channels(2)
            .zt(1, sizeT)
            .micrometres(0.5));
  }

  private RunSummary analyze(Path images, Map<String, Object> input, String... settings) {
    Map<String, Object> flags = new TreeMap<>(input);
    flags.put("input.paths", List.of(images.toAbsolutePath().normalize().toString()));
    flags.put("output.path", folder.resolve("tables").toString());
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.addAll(
        List.of(
            "clustering.enabled=false",
            "density.enabled=false",
            "output.label-images=[]",
            "quality.enabled=false",
            "report.enabled=false"));
    return new AnalyzePipeline(
            LocalSpark.session(), ConfigLoader.load(Optional.empty(), flags, all), told)
        .run();
  }

  private RunSummary analyze(String... settings) {
    return analyze(
        folder.resolve("images"), Map.of("input.channels", "1=nuclei,2=cytoplasm"), settings);
  }

  private Dataset<Row> table(String name) {
    return LocalSpark.session().read().parquet(folder.resolve("tables").resolve(name).toString());
  }

  private Map<String, List<String>> warnings() {
    Map<String, List<String>> warnings = new TreeMap<>();
    for (Row row : table("images").select("image", "warnings.code").collectAsList()) {
      warnings.put(row.getString(0), row.getList(1));
    }
    return warnings;
  }

  @Test
  void warnsOfWhatIsUnlikeNuclei() throws IOException {
    Random random = new Random(5);
    int[] noise = random.ints(WIDTH * HEIGHT, 0, 400).toArray();
    write("usual", 1, (s, c, z, t, y, x) -> NUCLEI.at(y, x));
    write("inverted", 1, (s, c, z, t, y, x) -> 4095 - NUCLEI.at(y, x));
    write("blank", 1, (s, c, z, t, y, x) -> 100 + (x + y) % 2);
    write("noise", 1, (s, c, z, t, y, x) -> 1000 + noise[y * WIDTH + x]);
    write("cytoplasm", 1, (s, c, z, t, y, x) -> CYTOPLASM.at(y, x + WIDTH));
    RunSummary summary = analyze();
    Map<String, List<String>> warnings = warnings();
    assertThat(warnings.get("usual")).isEmpty();
    assertThat(warnings.get("inverted")).containsExactly("BRIGHT_BACKGROUND");
    assertThat(warnings.get("blank")).containsExactly("BLANK");
    assertThat(warnings.get("noise")).containsExactly("NO_BRIGHT_OBJECTS");
    assertThat(warnings.get("cytoplasm")).contains("WEAK_CONTRAST");
    assertThat(summary.warnings())
        .containsEntry("BRIGHT_BACKGROUND", 1)
        .containsEntry("BLANK", 1)
        .containsEntry("NO_BRIGHT_OBJECTS", 1)
        .containsEntry("WEAK_CONTRAST", 1);
    Row blank = table("images").where("image = 'blank'").first();
    assertThat((int) blank.<Integer>getAs("nuclei")).isZero();
    assertThat((double) blank.<Double>getAs("nuclei_per_mm2")).isZero();
    assertThat(blank.<Object>getAs("nucleus_area_p50_px")).isNull();
    assertThat(blank.<Object>getAs("nearest_nucleus_px")).isNull();
    inMicrometres();
  }

  /** The pixels are 0.5 µm wide and high. */
  private void inMicrometres() {
    Row image = table("images").where("image = 'usual'").first();
    double nuclei = image.<Integer>getAs("nuclei");
    same(image.getAs("nuclei_per_mm2"), nuclei / (WIDTH * HEIGHT * 0.25e-6));
    same(image.getAs("nucleus_area_p75_um2"), 0.25 * image.<Double>getAs("nucleus_area_p75_px"));
    same(image.getAs("nearest_nucleus_um"), 0.5 * image.<Double>getAs("nearest_nucleus_px"));
    List<Row> rows = table("nuclei").where("image = 'usual'").collectAsList();
    assertThat(rows).hasSize((int) nuclei).hasSizeGreaterThan(15);
    for (Row row : rows) {
      same(row.getAs("area_um2"), 0.25 * row.<Long>getAs("area_px"));
      for (String length :
          List.of("perimeter", "major_axis", "minor_axis", "equivalent_diameter")) {
        same(row.getAs(length + "_um"), 0.5 * row.<Double>getAs(length + "_px"));
      }
    }
  }

  @Test
  void tilesChangeNothing() throws IOException {
    write("field", 1, (s, c, z, t, y, x) -> (c == 0 ? NUCLEI : CYTOPLASM).at(y, x + WIDTH));
    String columns =
        "nuclei, nuclei_per_mm2, nucleus_area_p5_px, nucleus_area_p95_um2, nearest_nucleus_px,"
            + " nearest_nucleus_um, warnings";
    analyze("segmentation.geojson=true", "cells.enabled=false");
    Path file = folder.resolve("tables/geojson/field.geojson");
    Row whole = table("images").selectExpr(columns.split(", *", -1)).first();
    JsonNode outlines = new ObjectMapper().readTree(file.toFile());
    assertThat(outlines.get("features")).hasSizeGreaterThan(100);
    analyze("segmentation.geojson=true", "segmentation.tile=256", "run.force=true");
    assertThat(told.shares.get("analysing images"))
        .isNotEmpty()
        .allMatch(share -> share >= 0 && share <= 1);
    Row tiled = table("images").selectExpr(columns.split(", *", -1)).first();
    for (int i = 0; i < tiled.length(); i++) {
      Object expected = whole.get(i);
      if (expected instanceof Double number) {
        same(tiled.getDouble(i), number);
      } else {
        assertThat(tiled.get(i)).isEqualTo(expected);
      }
    }
    JsonNode again = new ObjectMapper().readTree(file.toFile());
    assertThat(again.get("features")).hasSameSizeAs(outlines.get("features"));
    for (int i = 0; i < again.get("features").size(); i++) {
      JsonNode found = again.get("features").get(i);
      JsonNode expected = outlines.get("features").get(i);
      assertThat(found.get("id")).isEqualTo(expected.get("id"));
      for (String name : List.of("area_px", "ring_area_px", "ring_sum_cytoplasm")) {
        assertThat(found.at("/properties/measurements/" + name))
            .isEqualTo(expected.at("/properties/measurements/" + name));
      }
    }
  }

  private static void same(Double found, double expected) {
    assertThat(found).isEqualTo(expected, within(1e-9 * Math.abs(expected)));
  }

  @Test
  void aChannelThatStainsWholeCells() {
    Path fields = Path.of("..", "..", "shared", "data", "bbbc008");
    assumeThat(Files.isDirectory(fields)).as("no %s", fields).isTrue();
    analyze(
        fields,
        Map.of(
            "input.pattern",
            "AS_.+_(?<well>[A-P]\\d{2})f\\d+d\\d_slice(?<field>\\d+)_channel(?<channel>\\d)\\.tif",
            "input.channels",
            "1=nuclei,3=cytoplasm"),
        "segmentation.channel=cytoplasm");
    assertThat(warnings().values()).hasSize(12);
    assertThat(warnings().values().stream().filter(w -> !w.isEmpty()).count())
        .isGreaterThanOrEqualTo(11);
  }

  @Test
  void outlinesAsGeoJson() throws IOException {
    write("field", 2, (s, c, z, t, y, x) -> (c == 0 ? NUCLEI : CYTOPLASM).at(y, x + 90 * t));
    write("empty", 1, (s, c, z, t, y, x) -> 100);
    analyze("segmentation.geojson=true", "cells.enabled=false");
    Path file = folder.resolve("tables/geojson/field.geojson");
    JsonNode collection = new ObjectMapper().readTree(file.toFile());
    assertThat(collection.get("type").textValue()).isEqualTo("FeatureCollection");
    List<Row> nuclei =
        table("nuclei").where("image = 'field'").orderBy("t", "nucleus").collectAsList();
    assertThat(collection.get("features")).hasSameSizeAs(nuclei).hasSizeGreaterThan(30);
    Set<UUID> ids = new HashSet<>();
    Set<Integer> times = new HashSet<>();
    for (int i = 0; i < nuclei.size(); i++) {
      JsonNode feature = collection.get("features").get(i);
      feature(feature, nuclei.get(i));
      ids.add(UUID.fromString(feature.get("id").textValue()));
      times.add(feature.get("geometry").get("plane").get("t").intValue());
    }
    assertThat(ids).hasSameSizeAs(nuclei);
    assertThat(times).containsExactlyInAnyOrder(0, 1);
    JsonNode empty =
        new ObjectMapper().readTree(folder.resolve("tables/geojson/empty.geojson").toFile());
    assertThat(empty.get("features")).isEmpty();
    analyze();
    assertThat(file).as("not wanted any more").doesNotExist();
  }

  /** QuPath's cells have a polygon of their own and the nucleus's beside it. */
  @Test
  void cellsAsGeoJson() throws IOException {
    write("field", 1, (s, c, z, t, y, x) -> (c == 0 ? NUCLEI : CYTOPLASM).at(y, x));
    analyze("segmentation.geojson=true");
    JsonNode features =
        new ObjectMapper()
            .readTree(folder.resolve("tables/geojson/field.geojson").toFile())
            .get("features");
    List<Row> nuclei = table("nuclei").orderBy("nucleus").collectAsList();
    List<Row> cells = table("cells").orderBy("nucleus").collectAsList();
    assertThat(features).hasSameSizeAs(nuclei).hasSameSizeAs(cells).hasSizeGreaterThan(15);
    for (int i = 0; i < cells.size(); i++) {
      JsonNode feature = features.get(i);
      JsonNode properties = feature.get("properties");
      assertThat(properties.get("objectType").textValue()).isEqualTo("cell");
      assertThat(properties.get("measurements").get("cell_area_px").longValue())
          .isEqualTo(cells.get(i).<Long>getAs("area_px"));
      double hull = area(feature.get("geometry"));
      assertThat(hull).as("without holes").isGreaterThan(0.9 * cells.get(i).<Long>getAs("area_px"));
      assertThat(area(feature.get("nucleusGeometry"))).isPositive().isLessThan(2 * hull);
      assertThat(feature.get("nucleusGeometry").get("coordinates").get(0))
          .hasSize(nuclei.get(i).getList(nuclei.get(i).fieldIndex("polygon")).size() + 1);
    }
  }

  private static double area(JsonNode geometry) {
    JsonNode ring = geometry.get("coordinates").get(0);
    double twice = 0;
    for (int k = 0; k + 1 < ring.size(); k++) {
      twice +=
          ring.get(k).get(0).doubleValue() * ring.get(k + 1).get(1).doubleValue()
              - ring.get(k).get(1).doubleValue() * ring.get(k + 1).get(0).doubleValue();
    }
    return twice / 2;
  }

  private static void feature(JsonNode feature, Row nucleus) {
    assertThat(feature.get("type").textValue()).isEqualTo("Feature");
    JsonNode geometry = feature.get("geometry");
    assertThat(geometry.get("type").textValue()).isEqualTo("Polygon");
    assertThat(geometry.get("coordinates")).as("no holes").hasSize(1);
    JsonNode ring = geometry.get("coordinates").get(0);
    List<Row> polygon = nucleus.getList(nucleus.fieldIndex("polygon"));
    assertThat(ring).hasSize(polygon.size() + 1);
    assertThat(ring.get(polygon.size())).as("closed").isEqualTo(ring.get(0));
    double twice = 0;
    for (int k = 0; k < polygon.size(); k++) {
      double x = ring.get(k).get(0).doubleValue();
      double y = ring.get(k).get(1).doubleValue();
      assertThat(x).isEqualTo(polygon.get(k).<Double>getAs("x") + 0.5, within(0.00051));
      assertThat(y).isEqualTo(polygon.get(k).<Double>getAs("y") + 0.5, within(0.00051));
      twice += x * ring.get(k + 1).get(1).doubleValue() - y * ring.get(k + 1).get(0).doubleValue();
    }
    assertThat(twice).as("counter-clockwise").isPositive();
    JsonNode plane = geometry.get("plane");
    assertThat(plane.get("c").intValue()).isEqualTo(-1);
    assertThat(plane.get("z").intValue()).isZero();
    assertThat(plane.get("t").intValue()).isEqualTo(nucleus.<Integer>getAs("t"));
    JsonNode properties = feature.get("properties");
    assertThat(properties.get("objectType").textValue()).isEqualTo("detection");
    assertThat(properties.get("classification").get("name").textValue()).isEqualTo("Nucleus");
    JsonNode measurements = properties.get("measurements");
    assertThat(measurements.get("area_px").longValue()).isEqualTo(nucleus.<Long>getAs("area_px"));
    for (String name : List.of("prob", "perimeter_um", "mean_cytoplasm", "ring_mean_cytoplasm")) {
      assertThat(measurements.get(name).doubleValue()).isEqualTo(nucleus.<Double>getAs(name));
    }
  }
}
