package org.cytolake.illumination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over plates whose light falls off by a formula. */
final class IlluminationTest {
  private static final int HEIGHT = 120;
  private static final int WIDTH = 150;

  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void folders() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
  }

  private CytolakeConfig config(String output, String... settings) {
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(images.toString()),
            "input.pattern",
            "(?<plate>P\\d)_(?<well>[A-H]\\d\\d)_(?<channel>w1)\\.ome\\.tif",
            "output.path",
            folder.resolve(output).toString(),
            "quality.scales",
            List.of(4));
    return ConfigLoader.load(Optional.empty(), flags, List.of(settings));
  }

  private RunSummary qc(String output, String... settings) {
    return AnalyzePipeline.onlyQuality(
            LocalSpark.session(), config(output, settings), Progress.NONE)
        .run();
  }

  private Dataset<Row> table(String output, Table table) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve(output).resolve(table.folder()).toString());
  }

  /** How much light a place gets: the most somewhere left of the middle. */
  private static double light(int y, int x) {
    double dy = y - 60;
    double dx = x - 50;
    return 1 - 0.4 * (dy * dy + dx * dx) / (120.0 * 120.0);
  }

  private static int[] scene(String plate, int well) {
    Random random = new Random(well + 100L * plate.hashCode());
    int[] scene = new int[HEIGHT * WIDTH];
    for (int i = 0; i < scene.length; i++) {
      int y = plate.equals("P2") ? HEIGHT - 1 - i / WIDTH : i / WIDTH;
      scene[i] = (int) Math.rint(light(y, i % WIDTH) * (1000 + random.nextInt(20)));
    }
    return scene;
  }

  private void field(String plate, int well) {
    int[] scene = scene(plate, well);
    TestImages.write(
        images.resolve("%s_A%02d_w1.ome.tif".formatted(plate, well)),
        TestImages.Spec.of(WIDTH, HEIGHT, "uint16", (s, c, z, t, y, x) -> scene[y * WIDTH + x]));
  }

  private float[] function(String output, String name) throws IOException {
    org.apache.hadoop.fs.Path path =
        new org.apache.hadoop.fs.Path(
            folder.resolve(output).resolve("illumination").resolve(name).toString());
    LightImage image = FunctionFiles.read(path, new Configuration());
    assertThat(List.of(image.height(), image.width())).isEqualTo(List.of(HEIGHT, WIDTH));
    return image.values();
  }

  private Map<String, Row> byImage(String output, Table table) {
    Map<String, Row> rows = new HashMap<>();
    table(output, table).collectAsList().forEach(row -> rows.put(row.getAs("image"), row));
    return rows;
  }

  private static final String[] SMOOTH = {
    "illumination.method=regular",
    "illumination.smoothing=gaussian",
    "illumination.smoothing-size=3"
  };

  private static String[] and(String... more) {
    String[] all = Arrays.copyOf(SMOOTH, SMOOTH.length + more.length);
    System.arraycopy(more, 0, all, SMOOTH.length, more.length);
    return all;
  }

  @Test
  void functionsAreTheLightAndTakeItOut() throws IOException {
    for (int well = 1; well <= 6; well++) {
      field("P1", well);
      field("P2", well);
    }
    qc("raw", SMOOTH);
    for (String plate : List.of("P1", "P2")) {
      double[] truth = new double[HEIGHT * WIDTH];
      for (int i = 0; i < truth.length; i++) {
        int y = plate.equals("P2") ? HEIGHT - 1 - i / WIDTH : i / WIDTH;
        truth[i] = light(y, i % WIDTH);
      }
      double[] sorted = truth.clone();
      Arrays.sort(sorted);
      double low = sorted[(int) (0.02 * sorted.length)];
      float[] function = function("raw", plate + "_w1.ome.tif");
      for (int i = 0; i < truth.length; i++) {
        double wanted = Math.max(truth[i], low) / low;
        assertThat((double) function[i]).as(plate + " " + i).isCloseTo(wanted, within(0.01));
      }
    }
    Row row =
        table("raw", Table.ILLUMINATION_FUNCTIONS).where("plate = 'P1'").collectAsList().get(0);
    assertThat(row.<Long>getAs("planes")).isEqualTo(6);
    assertThat(row.<String>getAs("path")).isEqualTo("illumination/P1_w1.ome.tif");
    assertThat(row.<Double>getAs("min")).isEqualTo(1);
    assertThat(row.<Double>getAs("spread")).isBetween(0.05, 0.15);

    qc("flat", and("illumination.apply=divide"));
    assertThat(function("flat", "P1_w1.ome.tif")).isEqualTo(function("raw", "P1_w1.ome.tif"));
    Map<String, Row> before = byImage("raw", Table.IMAGE_QUALITY);
    Map<String, Row> after = byImage("flat", Table.IMAGE_QUALITY);
    float[] function = function("flat", "P2_w1.ome.tif");
    for (int well = 1; well <= 6; well++) {
      String image = "P2_A%02d".formatted(well);
      int[] scene = scene("P2", well);
      double total = 0;
      for (int i = 0; i < scene.length; i++) {
        total += Math.rint(scene[i] / (double) function[i]);
      }
      assertThat(after.get(image).<Double>getAs("total")).isEqualTo(total);
      double evenness = spread(before.get(image)) / spread(after.get(image));
      assertThat(evenness).as(image).isGreaterThan(3);
    }
    Row image = table("flat", Table.IMAGES).collectAsList().get(0);
    assertThat(image.<Long>getAs("clipped_pixels")).isZero();
    assertThat(table("raw", Table.IMAGES).where("clipped_pixels is not null").count()).isZero();
  }

  /** A function's samples are the same; another format than before replaces its files. */
  @Test
  void functionsAreWrittenAsOmeZarr() throws IOException {
    for (int well = 1; well <= 2; well++) {
      field("P1", well);
    }
    qc("out", and("illumination.apply=divide"));
    float[] tiff = function("out", "P1_w1.ome.tif");
    String[] settings = and("illumination.apply=divide", "output.label-format=ome-zarr");
    qc("out", settings);
    assertThat(function("out", "P1_w1.ome.zarr")).isEqualTo(tiff);
    assertThat(folder.resolve("out/illumination/P1_w1.ome.tif")).doesNotExist();
    Row row = table("out", Table.ILLUMINATION_FUNCTIONS).collectAsList().get(0);
    assertThat(row.<String>getAs("path")).isEqualTo("illumination/P1_w1.ome.zarr");
    Map<String, Row> corrected = byImage("out", Table.IMAGE_QUALITY);
    for (String from : List.of("out", "out/illumination/P1_w1.ome.zarr")) {
      qc("from", "illumination.apply=divide", "illumination.from=" + folder.resolve(from));
      assertThat(byImage("from", Table.IMAGE_QUALITY)).as(from).isEqualTo(corrected);
    }
    Files.delete(folder.resolve("out/illumination/P1_w1.ome.zarr/0/c/0/0/0/0/0"));
    String from = folder.resolve("out/illumination/P1_w1.ome.zarr").toString();
    assertThat(qc("from", "illumination.apply=divide", "illumination.from=" + from).failures())
        .as("the function is another, of zeros")
        .hasSize(2);
  }

  private static double spread(Row quality) {
    return quality.<Double>getAs("stddev") / quality.<Double>getAs("mean");
  }

  /** The images of a plate have one function: what changes it changes them all. */
  @Test
  void aNewImageCorrectsItsPlateAnew() throws IOException {
    for (int well = 1; well <= 3; well++) {
      field("P1", well);
      field("P2", well);
    }
    String[] settings = and("illumination.apply=divide");
    assertThat(qc("out", settings).analyzed()).isEqualTo(6);
    assertThat(qc("out", settings).analyzed()).isZero();
    float[] ofThree = function("out", "P1_w1.ome.tif");
    float[] other = function("out", "P2_w1.ome.tif");
    field("P1", 4);
    assertThat(qc("out", settings).analyzed()).isEqualTo(4);
    assertThat(function("out", "P1_w1.ome.tif")).isNotEqualTo(ofThree);
    assertThat(function("out", "P2_w1.ome.tif")).isEqualTo(other);
    qc("once", settings);
    assertThat(function("once", "P1_w1.ome.tif")).isEqualTo(function("out", "P1_w1.ome.tif"));
    List<String> columns = List.of("image", "total", "stddev", "median");
    assertThat(rows("out", columns)).isEqualTo(rows("once", columns));

    Files.delete(images.resolve("P1_A04_w1.ome.tif"));
    assertThat(qc("out", settings).analyzed()).isEqualTo(3);
    assertThat(function("out", "P1_w1.ome.tif")).isEqualTo(ofThree);
    assertThat(qc("out").analyzed()).isEqualTo(6); // nothing is corrected any more
    assertThat(folder.resolve("out/illumination/P1_w1.ome.tif")).doesNotExist();
    assertThat(table("out", Table.ILLUMINATION_FUNCTIONS).count()).isZero();
  }

  /** What a run says that it does. */
  private List<String> said(String output, String... settings) {
    List<String> said = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void begin(String what, long some, long bytes) {
            said.add(what);
          }

          @Override
          public void done(double some) {}

          @Override
          public void end() {}
        };
    AnalyzePipeline.onlyQuality(LocalSpark.session(), config(output, settings), progress).run();
    return said;
  }

  @Test
  void imagesAreAddedUpWhenTheyAreRead() throws IOException {
    for (int well = 1; well <= 6; well++) {
      field("P1", well);
      field("P2", well);
    }
    String own = "adding images up";
    String inPass = "making illumination functions";
    assertThat(said("once", SMOOTH)).contains(inPass).doesNotContain(own);
    // batches of 4 of 6 images a plate: sums wait for the next batch
    assertThat(said("batches", and("run.batch-images=4"))).contains(inPass).doesNotContain(own);
    assertThat(said("corrected", and("illumination.apply=divide")))
        .contains(own)
        .doesNotContain(inPass);
    for (String plate : List.of("P1", "P2")) {
      float[] function = function("corrected", plate + "_w1.ome.tif");
      assertThat(function("once", plate + "_w1.ome.tif")).isEqualTo(function);
      assertThat(function("batches", plate + "_w1.ome.tif")).isEqualTo(function);
    }
    for (String output : List.of("once", "batches")) {
      assertThat(table(output, Table.ILLUMINATION_FUNCTIONS).where("planes = 6").count())
          .isEqualTo(2);
      assertThat(folder.resolve(output).resolve("_staging")).isEmptyDirectory();
    }
    String[] blocks = {"illumination.method=background", "illumination.block-size=30"};
    assertThat(said("blocks", blocks)).contains(inPass).doesNotContain(own);
    field("P2", 7); // only one image is read
    assertThat(said("once", SMOOTH)).contains(own);
    assertThat(table("once", Table.ILLUMINATION_FUNCTIONS).where("planes = 7").count())
        .isEqualTo(1);
  }

  /** An image counts with all of its planes or with none. */
  @Test
  void imagesThatFailInALaterPlaneDoNotCount() throws Exception {
    for (int well = 1; well <= 3; well++) {
      int[] scene = scene("P1", well);
      TestImages.write(
          images.resolve("P1_A%02d_w1.ome.tif".formatted(well)),
          TestImages.Spec.of(
                  WIDTH, HEIGHT, "uint16", (s, c, z, t, y, x) -> scene[y * WIDTH + x] + 7 * t)
              .zt(1, 2)
              .tiled(0, "zlib"));
    }
    Path bad = images.resolve("P1_A03_w1.ome.tif");
    byte[] bytes = Files.readAllBytes(bad);
    try (loci.formats.tiff.TiffParser parser = new loci.formats.tiff.TiffParser(bad.toString())) {
      int strip = (int) parser.getMainIFDs().get(1).getStripOffsets()[0];
      for (int i = 20; i < 40; i++) {
        bytes[strip + i] ^= 0x55;
      }
    }
    Files.write(bad, bytes);
    for (String apply :
        List.of("none", "divide")) { // in the pass that reads, and in one of its own
      RunSummary run = qc(apply, and("illumination.apply=" + apply));
      assertThat(run.failures()).hasSize(1);
      assertThat(run.failures().get(0).stage()).isEqualTo("pixels");
      assertThat(table(apply, Table.ILLUMINATION_FUNCTIONS).first().<Long>getAs("planes"))
          .isEqualTo(4);
    }
    Files.delete(bad);
    qc("without", SMOOTH);
    float[] function = function("without", "P1_w1.ome.tif");
    assertThat(function("none", "P1_w1.ome.tif")).isEqualTo(function);
    assertThat(function("divide", "P1_w1.ome.tif")).isEqualTo(function);
  }

  private List<String> rows(String output, List<String> columns) {
    return table(output, Table.IMAGE_QUALITY)
        .selectExpr(columns.toArray(String[]::new))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** Without correction a new image makes new functions, and nothing else is done again. */
  @Test
  void functionsAreCurrentThoughNothingIsCorrected() throws IOException {
    field("P1", 1);
    field("P1", 2);
    qc("out");
    assertThat(folder.resolve("out/illumination")).doesNotExist();
    assertThat(qc("out", SMOOTH).analyzed()).isZero();
    assertThat(table("out", Table.ILLUMINATION_FUNCTIONS).first().<Long>getAs("planes"))
        .isEqualTo(2);
    field("P1", 3);
    assertThat(qc("out", SMOOTH).analyzed()).isEqualTo(1);
    assertThat(table("out", Table.ILLUMINATION_FUNCTIONS).first().<Long>getAs("planes"))
        .isEqualTo(3);
    float[] function = function("out", "P1_w1.ome.tif");
    qc("again", SMOOTH);
    assertThat(function("again", "P1_w1.ome.tif")).isEqualTo(function);
  }

  @Test
  void functionsThatAreThereAreTaken() throws IOException {
    field("P1", 1);
    field("P1", 2);
    qc("made", and("illumination.apply=divide"));
    String made = folder.resolve("made").toString();
    qc("taken", "illumination.apply=divide", "illumination.from=" + made);
    List<String> columns = List.of("image", "total", "stddev", "median");
    assertThat(rows("taken", columns)).isEqualTo(rows("made", columns));

    Path npy = folder.resolve("lamp.npy");
    float[] lamp = new float[HEIGHT * WIDTH];
    Arrays.fill(lamp, 400.25f);
    lamp[0] = 70_000;
    numpy(npy, lamp);
    qc("npy", "illumination.apply=subtract", "illumination.from=" + npy);
    double total = 0;
    int[] scene = scene("P1", 1);
    for (int i = 1; i < scene.length; i++) {
      total += Math.rint(scene[i] - 400.25);
    }
    assertThat(byImage("npy", Table.IMAGE_QUALITY).get("P1_A01").<Double>getAs("total"))
        .isEqualTo(total);
    assertThat(byImage("npy", Table.IMAGES).get("P1_A01").<Long>getAs("clipped_pixels"))
        .isEqualTo(1);

    lamp[5] = 0;
    numpy(npy, lamp);
    RunSummary failed = qc("zero", "illumination.apply=divide", "illumination.from=" + npy);
    assertThat(failed.failures()).hasSize(2);
    assertThat(failed.failures().get(0).code()).isEqualTo("ILLUMINATION_VALUES");
    numpy(npy, new float[12]);
    failed = qc("cut", "illumination.apply=subtract", "illumination.from=" + npy);
    assertThat(failed.failures().get(0).code()).isEqualTo("ILLUMINATION_UNREADABLE");
  }

  private static void numpy(Path file, float[] values) throws IOException {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n".formatted(HEIGHT, WIDTH);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 4 * values.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0x93)
            .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) header.length())
            .put(header.getBytes(StandardCharsets.US_ASCII));
    for (float value : values) {
      bytes.putFloat(value);
    }
    Files.write(file, bytes.array());
  }

  @Test
  void settingsThatDoNotFitAreRefused() {
    field("P1", 1);
    assertThatThrownBy(() -> qc("out", "illumination.apply=divide"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("there is no illumination function");
    assertThatThrownBy(() -> qc("out", "illumination.apply=divide", "illumination.from=/nowhere"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("/nowhere");
    assertThatThrownBy(() -> qc("out", and("illumination.from=/nowhere")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("illumination.method is regular");
    assertThatThrownBy(
            () -> qc("out", and("illumination.apply=subtract", "illumination.rescale=true")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("makes functions factors");
    assertThatThrownBy(() -> qc("out", and("illumination.group=[site]")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("illumination.group is site");
  }
}
