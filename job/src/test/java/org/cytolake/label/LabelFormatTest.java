package org.cytolake.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.TakesMinutes;
import org.cytolake.bioformats.TinyZarr;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.s3.S3Server;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code output.label-format}: as what label images are written changes nothing else. */
final class LabelFormatTest {
  private static final int WIDTH = 110;
  private static final int HEIGHT = 90;
  private static final List<String> KINDS = List.of("labels", "cell_labels", "cluster_images");

  @TempDir Path folder;

  private final SparkSession spark = LocalSpark.session();

  private static double scene(int shift, int channel, int z, int y, int x) {
    int row = Math.floorMod(y + 5 * shift + 9 * z, 27) - 13;
    int column = Math.floorMod(x + 4 * shift, 29) - 14;
    double radius = Math.sqrt(row * row + column * column);
    return (radius < (channel == 0 ? 7 : 11) ? 150 : 12) + Math.floorMod(x * 7 + y * 13, 5);
  }

  private void image(String name, int shift) throws IOException {
    Path file = folder.resolve("images").resolve(name + ".ome.tif");
    Files.createDirectories(file.getParent());
    TestImages.write(
        file,
        TestImages.Spec.of(WIDTH, HEIGHT, "uint8", (s, c, z, t, y, x) -> scene(shift, c, z, y, x))
            .channels(2)
            .zt(2, 1));
  }

  private RunSummary analyze(String images, String output, String... settings) {
    List<String> all = new ArrayList<>(List.of("clustering.k=2", "clustering.methods=[k_means]"));
    all.addAll(List.of("density.enabled=false", "report.enabled=false", "output.pixels=true"));
    all.add("cells.border=drop_with_nucleus");
    all.addAll(List.of(settings));
    RunSummary summary =
        new AnalyzePipeline(
                spark,
                ConfigLoader.load(
                    Optional.empty(),
                    Map.of("input.paths", List.of(images), "output.path", output),
                    all),
                Progress.NONE)
            .run();
    assertThat(summary.failures()).isEmpty();
    return summary;
  }

  private RunSummary local(String output, String... settings) {
    return analyze(folder.resolve("images").toString(), folder + "/" + output, settings);
  }

  /** Every pixel of the label images of a kind. */
  private List<String> samples(String output, String kind) {
    Dataset<Row> pixels = spark.read().format("microscopy").load(output + "/" + kind);
    return sorted(pixels);
  }

  private static List<String> sorted(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private List<String> pixels(String output) {
    return sorted(spark.read().parquet(output + "/pixels"));
  }

  private Set<String> endings(String output) throws IOException {
    Set<String> endings = new TreeSet<>();
    for (String kind : KINDS) {
      try (Stream<Path> all = Files.walk(Path.of(output, kind))) {
        all.map(path -> path.getFileName().toString())
            .filter(name -> name.contains(".ome."))
            .forEach(name -> endings.add(kind + name.substring(name.indexOf(".ome."))));
      }
    }
    return endings;
  }

  private void pyramid(String name, int shift) throws IOException {
    Path image = folder.resolve("images/" + name + ".ome.zarr");
    TinyZarr.pyramid(image, List.of(0.5, 1.0), List.of("n", "c"));
    for (int level = 0; level < 2; level++) {
      int seed = shift + level;
      int[] shape = {1, 2, 2, HEIGHT, WIDTH};
      TinyZarr.array(
          image.resolve(Integer.toString(level)),
          shape,
          shape,
          at -> (int) scene(seed, at[1], at[2], at[3], at[4]));
    }
  }

  /**
   * Images share models, so that a run reads label images again, its own and those that were
   * committed; the level is the images', and label images have but one.
   */
  @Test
  void bothFormatsHaveTheSameSamples() throws Exception {
    pyramid("a", 0);
    String[] settings = {
      "clustering.scope=dataset", "clustering.dataset-starts=1", "input.level=1"
    };
    String[] zarr = and(settings, "output.label-format=ome-zarr");
    local("zarr", zarr);
    pyramid("sub folder/b", 1);
    assertThat(local("zarr", zarr).unchanged()).isEqualTo(1);
    local("tiff", settings);
    for (String kind : KINDS) {
      assertThat(samples(folder + "/zarr", kind))
          .as(kind)
          .hasSize(2 * 2 * WIDTH * HEIGHT)
          .isEqualTo(samples(folder + "/tiff", kind));
    }
    assertThat(pixels(folder + "/zarr")).isEqualTo(pixels(folder + "/tiff"));
    assertThat(folder.resolve("zarr/labels/sub folder/b.ome.zarr/zarr.json"))
        .content()
        .contains("\"image\" : \"../../../../images/sub folder/b.ome.zarr\"");
  }

  private static String[] and(String[] settings, String more) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = more;
    return all;
  }

  @Test
  @TakesMinutes
  void anotherFormatReplacesTheOther() throws Exception {
    image("a", 0);
    image("b", 1);
    String output = folder + "/tables";
    local("tables");
    List<String> pixels = pixels(output);
    List<String> labels = samples(output, "labels");
    assertThat(local("tables", "output.label-format=ome-zarr").unchanged()).isZero();
    assertThat(endings(output))
        .containsExactly("cell_labels.ome.zarr", "cluster_images.ome.zarr", "labels.ome.zarr");
    assertThat(samples(output, "labels")).isEqualTo(labels);
    Files.delete(folder.resolve("images/b.ome.tif"));
    assertThat(local("tables", "output.label-format=ome-zarr").unchanged()).isEqualTo(1);
    assertThat(Path.of(output, "labels/b.ome.zarr")).doesNotExist();
    image("b", 1);
    assertThat(local("tables").unchanged()).isZero();
    assertThat(endings(output))
        .containsExactly("cell_labels.ome.tif", "cluster_images.ome.tif", "labels.ome.tif");
    assertThat(samples(output, "labels")).isEqualTo(labels);
    assertThat(pixels(output)).isEqualTo(pixels);
  }

  @Test
  @TakesMinutes
  void onS3() throws Exception {
    image("a", 0);
    try (S3Server server = new S3Server(folder.resolve("store"))) {
      server.configure(spark.sparkContext().hadoopConfiguration());
      String output = server.path("tables");
      String images = folder.resolve("images").toString();
      analyze(images, output);
      List<String> tiff = samples(output, "cluster_images");
      List<String> pixels = pixels(output);
      analyze(images, output, "output.label-format=ome-zarr");
      assertThat(samples(output, "cluster_images")).hasSizeGreaterThan(WIDTH).isEqualTo(tiff);
      assertThat(pixels(output)).isEqualTo(pixels);
      try (Stream<Path> all = Files.walk(server.objects().resolve("tables"))) {
        assertThat(all.map(Path::toString).filter(p -> p.contains(".ome.tif"))).isEmpty();
      }
    }
  }

  @Test
  void otherWordsAreRefused() {
    assertThatThrownBy(() -> local("tables", "output.label-format=zarr"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("output.label-format")
        .hasMessageContaining("It must be one of ome-tiff, ome-zarr.");
  }
}
