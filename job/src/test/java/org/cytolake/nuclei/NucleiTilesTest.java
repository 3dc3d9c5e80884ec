package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.CostesThresholds;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Field;
import org.cytolake.network.ModelFile;
import org.cytolake.network.StarDistModel;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.CatalogLayout;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.statistics.FieldExploration;
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

  @Test
  void rowsAreThoseOfThePlanesAtOnce() throws Exception {
    Files.createDirectory(folder.resolve("images"));
    write("mosaic", 731, 569, 2, (s, c, z, t, y, x) -> (c == 0 ? NUCLEI : CYTOPLASM).at(y, x + t));
    write("empty", 700, 401, 2, (s, c, z, t, y, x) -> 100 + (x + y) % 2);
    ImageCatalog catalog =
        ImageCatalog.load(
            AnalyzePipeline.sourceOptions(config().input()),
            LocalSpark.session().sessionState().newHadoopConf(),
            LocalSpark.session());
    List<FieldPlane> planes = new ArrayList<>();
    for (Field field : catalog.fields()) {
      for (int t = 0; t < 2; t++) {
        planes.add(
            new FieldPlane(
                field,
                0,
                t,
                List.of(new Percentiles(100, 3000)),
                List.of(new Colocalization.Thresholds(500, 400, new CostesThresholds(450, 350)))));
      }
    }
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    ModelFile file = ModelFile.builtIn("fp32");
    StarDistModel model = StarDistModel.load(file, 1);
    Broadcast<ModelFile> shipped = context.broadcast(file);
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(
            new SerializableConfiguration(LocalSpark.session().sessionState().newHadoopConf()));
    SegmentPlanes.Settings settings =
        new SegmentPlanes.Settings(
            List.of(0),
            catalog.channels(),
            catalog.types(),
            model.thresholds(),
            1 << 24,
            1 << 20,
            1,
            5);
    StructType nucleus = FieldExploration.behindKeys(Table.NUCLEI, CatalogLayout.of(catalog));
    LongAccumulator predicted = context.sc().longAccumulator();
    JavaRDD<Row> whole =
        context
            .parallelize(planes, 2)
            .mapPartitions(new SegmentPlanes(shipped, hadoop, settings, nucleus, predicted));
    try (TiledPlanes tiles =
        new TiledPlanes(
            context,
            shipped,
            hadoop,
            settings,
            nucleus,
            new TiledPlanes.Tiling(model.multiple(), model.halo(), 400),
            predicted)) {
      Map<String, List<Row>> expected = byPlane(whole.collect());
      Map<String, List<Row>> found = byPlane(tiles.rows(planes).collect());
      assertThat(found.keySet()).isEqualTo(expected.keySet()).hasSize(4);
      assertThat(expected.get("mosaic 0")).hasSizeGreaterThan(100);
      assertThat(expected.get("empty 1")).isEmpty();
      expected.forEach((plane, rows) -> same(plane, rows, found.get(plane)));
      // once as wholes and once in tiles, whose cores cover the padding too
      long pixels = planes.stream().mapToLong(plane -> plane.field().planePixels()).sum();
      assertThat(predicted.value()).isGreaterThanOrEqualTo(2 * pixels);
    }
  }

  /** Rows of both tables, in order. */
  private static Map<String, List<Row>> byPlane(List<Row> rows) {
    Map<String, List<Row>> byPlane = new TreeMap<>();
    for (Row row : rows) {
      assertThat(row.isNullAt(4)).as("failure").isTrue();
      List<Row> ofPlane =
          byPlane.computeIfAbsent(row.getString(0) + " " + row.getInt(3), k -> new ArrayList<>());
      ofPlane.addAll(row.getList(6));
      ofPlane.addAll(row.getList(7));
    }
    byPlane
        .values()
        .forEach(
            l ->
                l.sort(
                    Comparator.comparing(Row::length)
                        .thenComparing(
                            r -> r.get(0) instanceof String ? r.getInt(1) : r.getInt(0))));
    return byPlane;
  }

  private static void same(String plane, List<Row> expected, List<Row> found) {
    assertThat(found).as(plane).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      for (int c = 0; c < expected.get(i).length(); c++) {
        Object value = expected.get(i).get(c);
        String what = plane + ", row " + i + ", column " + c;
        if (value instanceof Double number && !number.isNaN()) {
          // the network's noise in prob; elsewhere coordinates that begin with a window
          assertThat((Double) found.get(i).get(c))
              .as(what)
              .isEqualTo(number, within(1e-6 * Math.max(1, Math.abs(number))));
        } else if (!(value instanceof scala.collection.Seq<?>)) { // the polygon
          assertThat(found.get(i).get(c)).as(what).isEqualTo(value);
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
