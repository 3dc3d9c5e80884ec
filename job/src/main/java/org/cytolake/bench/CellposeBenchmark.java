package org.cytolake.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.cytolake.cellpose.CellFlows;
import org.cytolake.cellpose.Cellpose;
import org.cytolake.cellpose.FlowThresholds;
import org.cytolake.image.LabelImage;

/** What follows Cellpose's network, on one thread, beside Python's cellpose on the same flows. */
public final class CellposeBenchmark {
  private static final int SIDE = 2048;
  private static final int PIXELS = SIDE * SIDE;
  private static final int STEPS = 200;

  private CellposeBenchmark() {}

  /**
   * A table for people: seconds a plane.
   *
   * @param python that has deploy/bench/requirements-cellpose.txt
   * @param script cellpose_peers.py
   * @param rounds of which the median counts
   */
  public static String table(String python, String script, int rounds) throws IOException {
    Path folder = Files.createTempDirectory("cellpose");
    try {
      StringBuilder text =
          new StringBuilder("from flows to objects, seconds for 2048 x 2048 pixels\n");
      Peers.seconds(List.of(python, script, Integer.toString(rounds), folder.toString()))
          .forEach((who, seconds) -> text.append(line(who, seconds)));
      CellFlows flows = flows(folder.resolve("flows.f32"));
      double[] seconds = new double[rounds];
      LabelImage objects = null;
      for (int round = -2; round < rounds; round++) {
        long start = System.nanoTime();
        objects = Cellpose.objects(flows, FlowThresholds.DEFAULT, STEPS);
        if (round >= 0) {
          seconds[round] = (System.nanoTime() - start) / 1e9;
        }
      }
      Arrays.sort(seconds);
      text.append(line("Cytolake", seconds[rounds / 2]));
      text.append(compared(objects, folder.resolve("labels.i32")));
      return text.toString();
    } finally {
      for (String name : List.of("flows.f32", "labels.i32")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    }
  }

  private static String line(String who, double seconds) {
    return String.format(Locale.ROOT, "  %-40s %8.3f%n", who, seconds);
  }

  private static CellFlows flows(Path file) throws IOException {
    FloatBuffer values = read(file).asFloatBuffer();
    float[][] planes = new float[3][PIXELS];
    for (float[] plane : planes) {
      values.get(plane);
    }
    return new CellFlows(SIDE, SIDE, planes[0], planes[1], planes[2]);
  }

  private static String compared(LabelImage found, Path file) throws IOException {
    IntBuffer expected = read(file).asIntBuffer();
    int different = 0;
    for (int i = 0; i < PIXELS; i++) {
      if (found.labels()[i] != expected.get(i)) {
        different++;
      }
    }
    return String.format(
        Locale.ROOT, "  %,d objects, %,d pixels different%n", found.maxLabel(), different);
  }

  private static ByteBuffer read(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
