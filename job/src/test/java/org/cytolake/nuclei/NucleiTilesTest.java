package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.CostesThresholds;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Field;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.StarDistModel;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.stardist.Window;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planes cut into tiles: the rows are those of the planes at once, and what the limits do. */
final class NucleiTilesTest {
  private static final Mosaic NUCLEI = Mosaic.ofSamples("nuclei");
  private static final Mosaic CYTOPLASM = Mosaic.ofSamples("cytoplasm");

  @TempDir Path folder;

  private void write(String name, int width, int height, int sizeT, TestImages.Pattern pattern) {
    TestImages.write(
        folder.resolve("images").resolve(name + ".ome.tif"),
        TestImages.Spec.of(width, height, "uint16", pattern).channels(2).zt(1, sizeT));
  }

  private CytolakeConfig config(String... settings) {
    Map<String, Object> flags =
        Map.of(
            "input.paths", List.of(folder.resolve("images").toString()),
            "input.channels", "1=nuclei,2=cytoplasm",
            "output.path", folder.resolve("tables").toString());
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(
        List.of("clustering.enabled=false", "density.enabled=false", "report.enabled=false"));
    return ConfigLoader.load(Optional.empty(), flags, all);
  }

  private static final List<String> CHANNELS = List.of("nuclei", "cytoplasm");
  private static final Layout LAYOUT =
      new Layout(
          List.of(),
          CHANNELS.stream().map(n -> new ChannelColumn(n, DataTypes.IntegerType)).toList());

  /** Nuclei found in tiles and measured in blocks, and the numbers in windows of the plane. */
  @Test
  void rowsAreThoseOfThePlaneAtOnce() throws Exception {
    int height = 569;
    int width = 731;
    PlanePixels pixels =
        PlanePixels.of(
            List.<Plane>of(
                i -> NUCLEI.at(i / width, i % width), i -> CYTOPLASM.at(i / width, i % width)),
            height,
            width);
    try (StarDistModel model = StarDistModel.load(ModelFile.builtIn("fp32"), 1)) {
      Map<Table, List<Row>> expected = new EnumMap<>(Table.class);
      NucleiMeasures whole = measured(model, pixels, 1L << 24, expected);
      Map<Table, List<Row>> found = new EnumMap<>(Table.class);
      NucleiMeasures tiled = measured(model, pixels, 400 * 400, found);
      assertThat(expected.get(Table.NUCLEI)).hasSizeGreaterThan(50);
      assertThat(expected.get(Table.COLOCALIZATION))
          .as("in nuclei, and in those of the rings that have pixels")
          .hasSizeGreaterThan(expected.get(Table.NUCLEI).size());
      for (Table table : List.of(Table.NUCLEI, Table.COLOCALIZATION)) {
        same(table, expected.get(table), found.get(table));
      }
      LabelImage labels = whole.labels(pixels.whole());
      for (Window window :
          List.of(pixels.whole(), new Window(0, 0, 300, 300), new Window(400, 333, 169, 398))) {
        LabelImage part = tiled.labels(window);
        for (int y = 0; y < window.height(); y++) {
          for (int x = 0; x < window.width(); x++) {
            assertThat(part.at(y, x)).isEqualTo(labels.at(window.top() + y, window.left() + x));
          }
        }
      }
    }
  }

  @Test
  void aPlaneWithoutNucleiHasNoRows() throws Exception {
    PlanePixels pixels = PlanePixels.of(List.<Plane>of(i -> 100 + i % 2, i -> i % 3), 401, 700);
    try (StarDistModel model = StarDistModel.load(ModelFile.builtIn("fp32"), 1)) {
      Map<Table, List<Row>> rows = new EnumMap<>(Table.class);
      NucleiMeasures tiled = measured(model, pixels, 400 * 400, rows);
      assertThat(rows.values()).allMatch(List::isEmpty);
      assertThat(tiled.largest()).isZero();
      assertThat(tiled.labels(new Window(9, 9, 50, 60)).labels()).containsOnly(0);
    }
  }

  /**
   * Finds and measures.
   *
   * @param most pixels of a tile, and of a plane that is measured at once
   */
  private static NucleiMeasures measured(
      StarDistModel model, PlanePixels pixels, long most, Map<Table, List<Row>> rows)
      throws Exception {
    NucleiSettings settings =
        new NucleiSettings(
            List.of(0),
            false,
            CHANNELS,
            model.thresholds(),
            new Tiling(model.multiple(), model.halo(), most),
            1 << 24,
            1 << 20,
            5);
    Field field =
        new Field(
            "a",
            "a",
            List.of(),
            0,
            pixels.width(),
            pixels.height(),
            1,
            0,
            1,
            "uint16",
            0.5,
            0.25,
            List.of());
    NucleiFinder.Found found =
        new StarDistFinder(
                new Segmenter(model, new NetworkBuffers(), model.thresholds(), 1 << 20), settings)
            .find(pixels, List.of(new Percentiles(100, 3000)));
    NucleiMeasures measures = new NucleiMeasures(settings, field, pixels, found, most);
    PlaneRows planeRows = new PlaneRows(LAYOUT, "a", List.of(), 0, 0, 0);
    measures.measure(
        List.of(new int[] {0, 1}),
        List.of(
            Optional.of(new Colocalization.Thresholds(500, 400, new CostesThresholds(450, 350)))),
        planeRows,
        new NucleiFigures.Gathered(),
        Optional.empty());
    for (Table table : List.of(Table.NUCLEI, Table.COLOCALIZATION)) {
      List<Row> ofTable = new ArrayList<>();
      planeRows.each(
          table,
          row ->
              ofTable.add((Row) CatalystTypeConverters.convertToScala(row, table.schema(LAYOUT))));
      rows.put(table, ofTable);
    }
    return measures;
  }

  private static void same(Table table, List<Row> expected, List<Row> found) {
    Comparator<Row> order = Comparator.comparing(row -> row.<Integer>getAs("nucleus"));
    if (table == Table.COLOCALIZATION) {
      order = order.thenComparing(row -> row.<String>getAs("region"));
    }
    List<Row> first = expected.stream().sorted(order).toList();
    List<Row> second = found.stream().sorted(order).toList();
    assertThat(second).as(table.folder()).hasSameSizeAs(first);
    for (int i = 0; i < first.size(); i++) {
      for (int c = 0; c < first.get(i).length(); c++) {
        Object value = first.get(i).get(c);
        String what = table.folder() + ", row " + i + ", column " + c;
        if (value instanceof Double number && !number.isNaN()) {
          // the network's noise in prob; elsewhere coordinates that begin with a window
          assertThat((Double) second.get(i).get(c))
              .as(what)
              .isEqualTo(number, within(1e-6 * Math.max(1, Math.abs(number))));
        } else if (!(value instanceof scala.collection.Seq<?>)) { // the polygon
          assertThat(second.get(i).get(c)).as(what).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void limits() throws Exception {
    Files.createDirectory(folder.resolve("images"));
    write("crowded", 641, 561, 1, (s, c, z, t, y, x) -> NUCLEI.at(y, x));
    write("large", 801, 561, 1, (s, c, z, t, y, x) -> x % 2);
    write("sparse", 601, 240, 1, (s, c, z, t, y, x) -> NUCLEI.at(y, x < 241 ? x : 0));
    RunSummary summary =
        new AnalyzePipeline(
                LocalSpark.session(),
                config(
                    "input.channels=1=nuclei",
                    "segmentation.tile=400",
                    "segmentation.max-pixels=400000",
                    "segmentation.max-candidates=150"),
                Progress.NONE)
            .run();
    Map<String, String> messages = new TreeMap<>();
    summary.failures().forEach(f -> messages.put(f.image(), f.message()));
    assertThat(messages).containsOnlyKeys("crowded", "large");
    assertThat(messages.get("large")).contains("segmentation.max-pixels = 400000");
    assertThat(messages.get("crowded")).contains("segmentation.max-candidates");
    Row sparse = table("images").where("status = 'ok'").select("image", "nuclei").first();
    assertThat(sparse.getString(0)).isEqualTo("sparse");
    assertThat(sparse.getInt(1)).isGreaterThan(5);
    assertThat(table("nuclei").count()).isEqualTo(sparse.getInt(1));
  }

  private Dataset<Row> table(String name) {
    return LocalSpark.session().read().parquet(folder.resolve("tables").resolve(name).toString());
  }
}
