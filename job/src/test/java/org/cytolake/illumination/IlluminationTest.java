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
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
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
  private static final int HEIGHT = LitPlates.HEIGHT;
  private static final int WIDTH = LitPlates.WIDTH;

  @TempDir Path folder;
  private Path images;
  private LitPlates plates;

  @BeforeEach
  void folders() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
    plates = new LitPlates(folder);
  }

  @Test
  void functionsAreTheLightAndTakeItOut() throws IOException {
    for (int well = 1; well <= 6; well++) {
      plates.field("P1", well);
      plates.field("P2", well);
    }
    plates.qc("raw", LitPlates.SMOOTH);
    for (String plate : List.of("P1", "P2")) {
      double[] truth = new double[HEIGHT * WIDTH];
      for (int i = 0; i < truth.length; i++) {
        int y = plate.equals("P2") ? HEIGHT - 1 - i / WIDTH : i / WIDTH;
        truth[i] = LitPlates.light(y, i % WIDTH);
      }
      double[] sorted = truth.clone();
      Arrays.sort(sorted);
      double low = sorted[(int) (0.02 * sorted.length)];
      float[] function = plates.function("raw", plate + "_w1.ome.tif");
      for (int i = 0; i < truth.length; i++) {
        double wanted = Math.max(truth[i], low) / low;
        assertThat((double) function[i]).as(plate + " " + i).isCloseTo(wanted, within(0.01));
      }
    }
    Row row =
        plates
            .table("raw", Table.ILLUMINATION_FUNCTIONS)
            .where("plate = 'P1'")
            .collectAsList()
            .get(0);
    assertThat(row.<Long>getAs("planes")).isEqualTo(6);
    assertThat(row.<String>getAs("path")).isEqualTo("illumination/P1_w1.ome.tif");
    assertThat(row.<Double>getAs("min")).isEqualTo(1);
    assertThat(row.<Double>getAs("spread")).isBetween(0.05, 0.15);

    plates.qc("flat", LitPlates.and("illumination.apply=divide"));
    assertThat(plates.function("flat", "P1_w1.ome.tif"))
        .isEqualTo(plates.function("raw", "P1_w1.ome.tif"));
    Map<String, Row> before = plates.byImage("raw", Table.IMAGE_QUALITY);
    Map<String, Row> after = plates.byImage("flat", Table.IMAGE_QUALITY);
    float[] function = plates.function("flat", "P2_w1.ome.tif");
    for (int well = 1; well <= 6; well++) {
      String image = "P2_A%02d".formatted(well);
      int[] scene = LitPlates.scene("P2", well);
      double total = 0;
      for (int i = 0; i < scene.length; i++) {
        total += Math.rint(scene[i] / (double) function[i]);
      }
      assertThat(after.get(image).<Double>getAs("total")).isEqualTo(total);
      double evenness = LitPlates.spread(before.get(image)) / LitPlates.spread(after.get(image));
      assertThat(evenness).as(image).isGreaterThan(3);
    }
    Row image = plates.table("flat", Table.IMAGES).collectAsList().get(0);
    assertThat(image.<Long>getAs("clipped_pixels")).isZero();
    assertThat(plates.table("raw", Table.IMAGES).where("clipped_pixels is not null").count())
        .isZero();
  }

  /** A function's samples are the same; another format than before replaces its files. */
  @Test
  @TakesMinutes
  void functionsAreWrittenAsOmeZarr() throws IOException {
    for (int well = 1; well <= 2; well++) {
      plates.field("P1", well);
    }
    plates.qc("out", LitPlates.and("illumination.apply=divide"));
    float[] tiff = plates.function("out", "P1_w1.ome.tif");
    String[] settings = LitPlates.and("illumination.apply=divide", "output.label-format=ome-zarr");
    plates.qc("out", settings);
    assertThat(plates.function("out", "P1_w1.ome.zarr")).isEqualTo(tiff);
    assertThat(folder.resolve("out/illumination/P1_w1.ome.tif")).doesNotExist();
    Row row = plates.table("out", Table.ILLUMINATION_FUNCTIONS).collectAsList().get(0);
    assertThat(row.<String>getAs("path")).isEqualTo("illumination/P1_w1.ome.zarr");
    Map<String, Row> corrected = plates.byImage("out", Table.IMAGE_QUALITY);
    for (String from : List.of("out", "out/illumination/P1_w1.ome.zarr")) {
      plates.qc("from", "illumination.apply=divide", "illumination.from=" + folder.resolve(from));
      assertThat(plates.byImage("from", Table.IMAGE_QUALITY)).as(from).isEqualTo(corrected);
    }
    Files.delete(folder.resolve("out/illumination/P1_w1.ome.zarr/0/c/0/0/0/0/0"));
    String from = folder.resolve("out/illumination/P1_w1.ome.zarr").toString();
    assertThat(
            plates.qc("from", "illumination.apply=divide", "illumination.from=" + from).failures())
        .as("the function is another, of zeros")
        .hasSize(2);
  }

  /** The images of a plate have one function: what changes it changes them all. */
  @Test
  @TakesMinutes
  void aNewImageCorrectsItsPlateAnew() throws IOException {
    for (int well = 1; well <= 3; well++) {
      plates.field("P1", well);
      plates.field("P2", well);
    }
    String[] settings = LitPlates.and("illumination.apply=divide");
    assertThat(plates.qc("out", settings).analyzed()).isEqualTo(6);
    assertThat(plates.qc("out", settings).analyzed()).isZero();
    float[] ofThree = plates.function("out", "P1_w1.ome.tif");
    float[] other = plates.function("out", "P2_w1.ome.tif");
    plates.field("P1", 4);
    assertThat(plates.qc("out", settings).analyzed()).isEqualTo(4);
    assertThat(plates.function("out", "P1_w1.ome.tif")).isNotEqualTo(ofThree);
    assertThat(plates.function("out", "P2_w1.ome.tif")).isEqualTo(other);
    plates.qc("once", settings);
    assertThat(plates.function("once", "P1_w1.ome.tif"))
        .isEqualTo(plates.function("out", "P1_w1.ome.tif"));
    List<String> columns = List.of("image", "total", "stddev", "median");
    assertThat(rows("out", columns)).isEqualTo(rows("once", columns));

    Files.delete(images.resolve("P1_A04_w1.ome.tif"));
    assertThat(plates.qc("out", settings).analyzed()).isEqualTo(3);
    assertThat(plates.function("out", "P1_w1.ome.tif")).isEqualTo(ofThree);
    assertThat(plates.qc("out").analyzed()).isEqualTo(6); // nothing is corrected any more
    assertThat(folder.resolve("out/illumination/P1_w1.ome.tif")).doesNotExist();
    assertThat(plates.table("out", Table.ILLUMINATION_FUNCTIONS).count()).isZero();
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
    AnalyzePipeline.onlyQuality(LocalSpark.session(), plates.config(output, settings), progress)
        .run();
    return said;
  }

  @Test
  void imagesAreAddedUpWhenTheyAreRead() throws IOException {
    for (int well = 1; well <= 6; well++) {
      plates.field("P1", well);
      plates.field("P2", well);
    }
    String own = "adding images up";
    String inPass = "making illumination functions";
    assertThat(said("once", LitPlates.SMOOTH)).contains(inPass).doesNotContain(own);
    // batches of 4 of 6 images a plate: sums wait for the next batch
    assertThat(said("batches", LitPlates.and("run.batch-images=4")))
        .contains(inPass)
        .doesNotContain(own);
    assertThat(said("corrected", LitPlates.and("illumination.apply=divide")))
        .contains(own)
        .doesNotContain(inPass);
    for (String plate : List.of("P1", "P2")) {
      float[] function = plates.function("corrected", plate + "_w1.ome.tif");
      assertThat(plates.function("once", plate + "_w1.ome.tif")).isEqualTo(function);
      assertThat(plates.function("batches", plate + "_w1.ome.tif")).isEqualTo(function);
    }
    for (String output : List.of("once", "batches")) {
      assertThat(plates.table(output, Table.ILLUMINATION_FUNCTIONS).where("planes = 6").count())
          .isEqualTo(2);
      assertThat(folder.resolve(output).resolve("_staging")).isEmptyDirectory();
    }
    String[] blocks = {"illumination.method=background", "illumination.block-size=30"};
    assertThat(said("blocks", blocks)).contains(inPass).doesNotContain(own);
    plates.field("P2", 7); // only one image is read
    assertThat(said("once", LitPlates.SMOOTH)).contains(own);
    assertThat(plates.table("once", Table.ILLUMINATION_FUNCTIONS).where("planes = 7").count())
        .isEqualTo(1);
  }

  /** An image counts with all of its planes or with none. */
  @Test
  void imagesThatFailInALaterPlaneDoNotCount() throws Exception {
    for (int well = 1; well <= 3; well++) {
      int[] scene = LitPlates.scene("P1", well);
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
      RunSummary run = plates.qc(apply, LitPlates.and("illumination.apply=" + apply));
      assertThat(run.failures()).hasSize(1);
      assertThat(run.failures().get(0).stage()).isEqualTo("pixels");
      assertThat(plates.table(apply, Table.ILLUMINATION_FUNCTIONS).first().<Long>getAs("planes"))
          .isEqualTo(4);
    }
    Files.delete(bad);
    plates.qc("without", LitPlates.SMOOTH);
    float[] function = plates.function("without", "P1_w1.ome.tif");
    assertThat(plates.function("none", "P1_w1.ome.tif")).isEqualTo(function);
    assertThat(plates.function("divide", "P1_w1.ome.tif")).isEqualTo(function);
  }

  private List<String> rows(String output, List<String> columns) {
    return plates
        .table(output, Table.IMAGE_QUALITY)
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
    plates.field("P1", 1);
    plates.field("P1", 2);
    plates.qc("out");
    assertThat(folder.resolve("out/illumination")).doesNotExist();
    assertThat(plates.qc("out", LitPlates.SMOOTH).analyzed()).isZero();
    assertThat(plates.table("out", Table.ILLUMINATION_FUNCTIONS).first().<Long>getAs("planes"))
        .isEqualTo(2);
    plates.field("P1", 3);
    assertThat(plates.qc("out", LitPlates.SMOOTH).analyzed()).isEqualTo(1);
    assertThat(plates.table("out", Table.ILLUMINATION_FUNCTIONS).first().<Long>getAs("planes"))
        .isEqualTo(3);
    float[] function = plates.function("out", "P1_w1.ome.tif");
    plates.qc("again", LitPlates.SMOOTH);
    assertThat(plates.function("again", "P1_w1.ome.tif")).isEqualTo(function);
  }

  @Test
  void functionsThatAreThereAreTaken() throws IOException {
    plates.field("P1", 1);
    plates.field("P1", 2);
    plates.qc("made", LitPlates.and("illumination.apply=divide"));
    String made = folder.resolve("made").toString();
    plates.qc("taken", "illumination.apply=divide", "illumination.from=" + made);
    List<String> columns = List.of("image", "total", "stddev", "median");
    assertThat(rows("taken", columns)).isEqualTo(rows("made", columns));

    Path npy = folder.resolve("lamp.npy");
    float[] lamp = new float[HEIGHT * WIDTH];
    Arrays.fill(lamp, 400.25f);
    lamp[0] = 70_000;
    numpy(npy, lamp);
    plates.qc("npy", "illumination.apply=subtract", "illumination.from=" + npy);
    double total = 0;
    int[] scene = LitPlates.scene("P1", 1);
    for (int i = 1; i < scene.length; i++) {
      total += Math.rint(scene[i] - 400.25);
    }
    assertThat(plates.byImage("npy", Table.IMAGE_QUALITY).get("P1_A01").<Double>getAs("total"))
        .isEqualTo(total);
    assertThat(plates.byImage("npy", Table.IMAGES).get("P1_A01").<Long>getAs("clipped_pixels"))
        .isEqualTo(1);

    lamp[5] = 0;
    numpy(npy, lamp);
    RunSummary failed = plates.qc("zero", "illumination.apply=divide", "illumination.from=" + npy);
    assertThat(failed.failures()).hasSize(2);
    assertThat(failed.failures().get(0).code()).isEqualTo("ILLUMINATION_VALUES");
    numpy(npy, new float[12]);
    failed = plates.qc("cut", "illumination.apply=subtract", "illumination.from=" + npy);
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
    plates.field("P1", 1);
    assertThatThrownBy(() -> plates.qc("out", "illumination.apply=divide"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("there is no illumination function");
    assertThatThrownBy(
            () -> plates.qc("out", "illumination.apply=divide", "illumination.from=/nowhere"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("/nowhere");
    assertThatThrownBy(() -> plates.qc("out", LitPlates.and("illumination.from=/nowhere")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("illumination.method is regular");
    assertThatThrownBy(
            () ->
                plates.qc(
                    "out",
                    LitPlates.and("illumination.apply=subtract", "illumination.rescale=true")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("makes functions factors");
    for (String no : List.of("illumination.apply=subtract", "illumination.rescale=false")) {
      assertThatThrownBy(() -> plates.qc("out", "illumination.method=basic", no))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("illumination.method is basic, which makes factors");
    }
    assertThatThrownBy(() -> plates.qc("out", LitPlates.and("illumination.group=[site]")))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("illumination.group is site");
  }
}
