package org.cytolake.illumination;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.cytolake.config.ConfigLoader;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A screen whose light is known: cells at random places on a medium, seen through one light for
 * each plate and channel, with the noise of photons and camera.
 */
final class LitScreenTest {
  private static final int HEIGHT = 160;
  private static final int WIDTH = 200;
  private static final int WELLS = 48;
  private static final int MEDIUM = 4000; // grey levels at full light
  private static final List<String> PLATES = List.of("P1", "P2");
  private static final List<String> CHANNELS = List.of("w1", "w2");

  @TempDir Path folder;

  /** The share of the light that a place gets; another middle and fall for each. */
  private static double light(String plate, String channel, int y, int x) {
    int which = 2 * PLATES.indexOf(plate) + CHANNELS.indexOf(channel);
    double dy = y - HEIGHT * (0.3 + 0.15 * which);
    double dx = x - WIDTH * (0.65 - 0.1 * which);
    return 1 - (0.25 + 0.05 * which) * (dy * dy + dx * dx) / (140 * 140);
  }

  private static int[] scene(String plate, int well, String channel) {
    Random random = new Random((plate + well + channel).hashCode());
    double[] dye = new double[HEIGHT * WIDTH];
    Arrays.fill(dye, MEDIUM);
    for (int cell = 0; cell < 20; cell++) {
      int cy = random.nextInt(HEIGHT);
      int cx = random.nextInt(WIDTH);
      int radius = 3 + random.nextInt(4);
      int brightness = 400 + random.nextInt(1200);
      for (int y = Math.max(0, cy - radius); y < Math.min(HEIGHT, cy + radius); y++) {
        for (int x = Math.max(0, cx - radius); x < Math.min(WIDTH, cx + radius); x++) {
          if ((y - cy) * (y - cy) + (x - cx) * (x - cx) < radius * radius) {
            dye[y * WIDTH + x] += brightness;
          }
        }
      }
    }
    int[] scene = new int[dye.length];
    for (int i = 0; i < scene.length; i++) {
      double lit = dye[i] * light(plate, channel, i / WIDTH, i % WIDTH);
      scene[i] = (int) Math.rint(lit + random.nextGaussian() * Math.sqrt(25 + 0.2 * lit));
    }
    return scene;
  }

  private RunSummary qc(String output, String... settings) {
    Map<String, Object> flags = new HashMap<>();
    flags.put("input.paths", List.of(folder.resolve("images").toString()));
    flags.put("input.pattern", "(?<plate>P\\d)_(?<well>[A-H]\\d\\d)_(?<channel>w\\d)\\.ome\\.tif");
    flags.put("output.path", folder.resolve(output).toString());
    flags.put("quality.scales", List.of(10));
    List<Map<String, Object>> regions = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        regions.add(
            Map.of(
                "name",
                "r" + row + column,
                "x",
                80 * column,
                "y",
                64 * row,
                "width",
                40,
                "height",
                32));
      }
    }
    flags.put("statistics.regions", regions);
    return AnalyzePipeline.onlyQuality(
            LocalSpark.session(),
            ConfigLoader.load(Optional.empty(), flags, List.of(settings)),
            Progress.NONE)
        .run();
  }

  /**
   * How much the background differs over the field: the largest less the smallest of the medians of
   * nine places, over their mean, each averaged over the plate's fields, as cells cover less than
   * half of a place.
   */
  private double spread(String output, String plate, String channel) {
    List<Row> medians =
        LocalSpark.session()
            .read()
            .parquet(folder.resolve(output).resolve(Table.IMAGE_QUALITY.folder()).toString())
            .where(functions.col("plate").equalTo(plate))
            .where(functions.col("channel").equalTo(channel))
            .where("region like 'r%'")
            .groupBy("region")
            .agg(functions.avg("median"))
            .collectAsList();
    assertThat(medians).hasSize(9);
    double[] sorted = medians.stream().mapToDouble(r -> r.getDouble(1)).sorted().toArray();
    return (sorted[8] - sorted[0]) / Arrays.stream(sorted).average().orElseThrow();
  }

  @Test
  void functionsAreTheLightOfEachPlateAndChannel() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String plate : PLATES) {
      for (int well = 0; well < WELLS; well++) {
        for (String channel : CHANNELS) {
          int[] scene = scene(plate, well, channel);
          String name =
              "%s_%c%02d_%s.ome.tif".formatted(plate, 'A' + well / 12, well % 12 + 1, channel);
          TestImages.write(
              images.resolve(name),
              TestImages.Spec.of(
                  WIDTH, HEIGHT, "uint16", (s, c, z, t, y, x) -> scene[y * WIDTH + x]));
        }
      }
    }
    qc(
        "raw",
        "illumination.method=regular",
        "illumination.smoothing=gaussian",
        "illumination.smoothing-size=7");
    qc("even", "illumination.apply=divide", "illumination.from=" + folder.resolve("raw"));
    for (String plate : PLATES) {
      for (String channel : CHANNELS) {
        double before = spread("raw", plate, channel);
        double after = spread("even", plate, channel);
        double[] errors = errors(plate, channel);
        System.out.printf(
            "%s %s: background spread %.4f before, %.4f after; function off by %.4f (root mean"
                + " square), at most %.4f%n",
            plate, channel, before, after, errors[0], errors[1]);
        assertThat(before).as("%s %s, before", plate, channel).isGreaterThan(0.2);
        // what is left is the cells', which lie elsewhere in every field
        assertThat(after).as("%s %s, after", plate, channel).isLessThan(before / 10);
        assertThat(errors[0]).as("%s %s, function", plate, channel).isLessThan(0.01);
      }
    }
  }

  /** Of a function from the light, both with the mean 1: root mean square and largest, relative. */
  private double[] errors(String plate, String channel) throws Exception {
    float[] function =
        FunctionFiles.read(
                new org.apache.hadoop.fs.Path(
                    folder
                        .resolve("raw/illumination/%s_%s.ome.tif".formatted(plate, channel))
                        .toString()),
                new Configuration())
            .values();
    double[] truth = new double[function.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = light(plate, channel, i / WIDTH, i % WIDTH);
    }
    // the function is at least 1: its darkest 2 % are cut off
    double[] sorted = truth.clone();
    Arrays.sort(sorted);
    double floor = sorted[(int) (0.02 * sorted.length)];
    double squares = 0;
    double largest = 0;
    double scale =
        mean(function) / Arrays.stream(truth).map(t -> Math.max(t, floor)).average().orElseThrow();
    for (int i = 0; i < truth.length; i++) {
      double error = function[i] / (scale * Math.max(truth[i], floor)) - 1;
      squares += error * error;
      largest = Math.max(largest, Math.abs(error));
    }
    return new double[] {Math.sqrt(squares / truth.length), largest};
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
