package org.cytolake.illumination;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.tables.Table;

/** Plates whose light falls off by a formula, and runs over them. */
record LitPlates(Path folder) {
  static final int HEIGHT = 120;
  static final int WIDTH = 150;

  Path images() {
    return folder.resolve("images");
  }

  CytolakeConfig config(String output, String... settings) {
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(images().toString()),
            "input.pattern",
            "(?<plate>P\\d)_(?<well>[A-H]\\d\\d)_(?<channel>w1)\\.ome\\.tif",
            "output.path",
            folder.resolve(output).toString(),
            "quality.scales",
            List.of(4));
    return ConfigLoader.load(Optional.empty(), flags, List.of(settings));
  }

  RunSummary qc(String output, String... settings) {
    return AnalyzePipeline.onlyQuality(
            LocalSpark.session(), config(output, settings), Progress.NONE)
        .run();
  }

  Dataset<Row> table(String output, Table table) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve(output).resolve(table.folder()).toString());
  }

  /** How much light a place gets: the most somewhere left of the middle. */
  static double light(int y, int x) {
    double dy = y - 60;
    double dx = x - 50;
    return 1 - 0.4 * (dy * dy + dx * dx) / (120.0 * 120.0);
  }

  static int[] scene(String plate, int well) {
    Random random = new Random(well + 100L * plate.hashCode());
    int[] scene = new int[HEIGHT * WIDTH];
    for (int i = 0; i < scene.length; i++) {
      int y = plate.equals("P2") ? HEIGHT - 1 - i / WIDTH : i / WIDTH;
      scene[i] = (int) Math.rint(light(y, i % WIDTH) * (1000 + random.nextInt(20)));
    }
    return scene;
  }

  void field(String plate, int well) {
    int[] scene = scene(plate, well);
    TestImages.write(
        images().resolve("%s_A%02d_w1.ome.tif".formatted(plate, well)),
        TestImages.Spec.of(WIDTH, HEIGHT, "uint16", (s, c, z, t, y, x) -> scene[y * WIDTH + x]));
  }

  float[] function(String output, String name) throws IOException {
    org.apache.hadoop.fs.Path path =
        new org.apache.hadoop.fs.Path(
            folder.resolve(output).resolve("illumination").resolve(name).toString());
    LightImage image = FunctionFiles.read(path, new Configuration());
    assertThat(List.of(image.height(), image.width())).isEqualTo(List.of(HEIGHT, WIDTH));
    return image.values();
  }

  /** How uneven an image is, by its row of {@code image_quality}. */
  static double spread(Row quality) {
    return quality.<Double>getAs("stddev") / quality.<Double>getAs("mean");
  }

  Map<String, Row> byImage(String output, Table table) {
    Map<String, Row> rows = new HashMap<>();
    table(output, table).collectAsList().forEach(row -> rows.put(row.getAs("image"), row));
    return rows;
  }

  static final String[] SMOOTH = {
    "illumination.method=regular",
    "illumination.smoothing=gaussian",
    "illumination.smoothing-size=3"
  };

  static String[] and(String... more) {
    String[] all = Arrays.copyOf(SMOOTH, SMOOTH.length + more.length);
    System.arraycopy(more, 0, all, SMOOTH.length, more.length);
    return all;
  }
}
