package org.cytolake.bench;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.cytolake.cells.CellFinder;
import org.cytolake.cells.CellSettings;
import org.cytolake.config.ConfigLoader;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.LabelImage;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.StarDistModel;

/**
 * Cells around the nuclei of a drawn plane, on one thread, beside ONNX Runtime's calls alone for
 * the built-in network on a plane of that size, on one thread, without margins.
 */
public final class CellBenchmark {
  private static final int SIDE = 2048;
  private static final int SPACING = 45; // of nuclei, pixels
  private static final int TILE = 1024; // of the network
  private static final List<String> METHODS =
      List.of(
          "propagation", "watershed_image", "watershed_gradient", "distance", "distance_threshold");

  private final int rounds;
  private final LabelImage nuclei = new LabelImage(SIDE, SIDE);
  private final int[] channel = new int[SIDE * SIDE]; // 12 bits

  private CellBenchmark(int rounds) {
    this.rounds = rounds;
    draw();
  }

  /**
   * A table for people: seconds a plane, and their share of the network's.
   *
   * @param rounds of which the median counts
   */
  public static String table(int rounds) {
    return new CellBenchmark(rounds).table();
  }

  private String table() {
    Histogram histogram = Histogram.ofSamples(Arrays.stream(channel).asDoubleStream().toArray());
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "cells around %,d nuclei, seconds on one core for %d x %d pixels%n",
                nuclei.maxLabel(),
                SIDE,
                SIDE));
    double network = network();
    text.append(line("ONNX Runtime, built-in network alone", network, ""));
    for (String method : METHODS) {
      CellSettings settings =
          CellSettings.of(
              ConfigLoader.load(Optional.empty(), Map.of(), List.of("cells.method=" + method))
                  .cells(),
              List.of("nuclei", "cells"),
              List.of("nuclei"));
      double seconds =
          median(() -> new CellFinder(settings, "uint16", histogram).find(nuclei, i -> channel[i]));
      text.append(
          line(
              "Cytolake " + method,
              seconds,
              String.format(Locale.ROOT, "%6.1f %% of the network's", 100 * seconds / network)));
    }
    return text.toString();
  }

  private static String line(String who, double seconds, String share) {
    return String.format(Locale.ROOT, "  %-40s %8.3f%s%n", who, seconds, share);
  }

  private double network() {
    String precision =
        ConfigLoader.load(Optional.empty(), Map.of(), List.of()).segmentation().precision();
    try (StarDistModel model = StarDistModel.load(ModelFile.builtIn(precision), 1)) {
      NetworkBuffers buffers = new NetworkBuffers();
      return median(
          () -> {
            Object last = null;
            for (int tile = 0; tile < SIDE / TILE * (SIDE / TILE); tile++) {
              FloatBuffer image = buffers.input(TILE * TILE);
              int start = tile / (SIDE / TILE) * TILE * SIDE + tile % (SIDE / TILE) * TILE;
              for (int i = 0; i < TILE * TILE; i++) {
                image.put(i, channel[start + i / TILE * SIDE + i % TILE] / 4096f);
              }
              last = model.predict(buffers, TILE, TILE);
            }
            return last;
          });
    }
  }

  private double median(Supplier<Object> what) {
    double[] seconds = new double[rounds];
    for (int round = -2; round < rounds; round++) {
      long start = System.nanoTime();
      if (what.get() == null) {
        throw new IllegalStateException("nothing was found");
      }
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seconds[rounds / 2];
  }

  /** Round nuclei some 20 pixels across on a grid, not quite; cells fade away from them. */
  private void draw() {
    Random random = new Random(1);
    double[] bright = new double[SIDE * SIDE];
    int label = 0;
    for (int row = SPACING / 2; row < SIDE; row += SPACING) {
      for (int column = SPACING / 2; column < SIDE; column += SPACING) {
        int y = row + random.nextInt(17) - 8;
        int x = column + random.nextInt(17) - 8;
        double radius = 8 + 4 * random.nextDouble();
        double width = 12 + 8 * random.nextDouble();
        double height = 800 + 1600 * random.nextDouble();
        label++;
        int reach = (int) (2.5 * width);
        for (int j = Math.max(0, y - reach); j < Math.min(SIDE, y + reach); j++) {
          for (int i = Math.max(0, x - reach); i < Math.min(SIDE, x + reach); i++) {
            double squared = (j - y) * (j - y) + (i - x) * (i - x);
            int at = j * SIDE + i;
            bright[at] += height * Math.exp(-squared / (width * width));
            if (squared < radius * radius && nuclei.labels()[at] == 0) {
              nuclei.labels()[at] = label;
            }
          }
        }
      }
    }
    for (int i = 0; i < channel.length; i++) {
      channel[i] = (int) Math.min(4095, 200 + bright[i] + 40 * random.nextDouble());
    }
  }
}
