package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.cytolake.TakesMinutes;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.Plane;
import org.cytolake.network.CellposeModel;
import org.cytolake.network.NetworkModel;
import org.cytolake.nuclei.CellposeNetworkTest.Case;
import org.cytolake.nuclei.CellposeNetworkTest.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plane of 4096 x 4096 pixels has the objects that Python's cellpose finds in it, in a process of
 * little heap: golden/cellpose_network_golden.py, mosaic.
 */
final class CellposeMosaicTest {
  private static final int SIDE = 4096;

  @TempDir Path folder;

  /** The program. */
  static final class Segmenting {
    private Segmenting() {}

    public static void main(String[] none) throws Exception {
      short[] image = mosaic();
      PlanePixels pixels = PlanePixels.of(List.<Plane>of(i -> image[i] & 0xffff), SIDE, SIDE);
      NucleiFinder.Found found;
      try (CellposeModel model =
          (CellposeModel)
              NetworkModel.load(
                  CellposeNetworkTest.file(CellposeNetworkTest.resource("nuclei-tiny.onnx")), 1)) {
        CellposeFinder finder =
            CellposeNetworkTest.finder(
                model, Case.of("B02;1;0;nuclei"), Runtime.getRuntime().maxMemory());
        found = CellposeNetworkTest.find(finder, pixels, List.of(histogram(image))).orElseThrow();
      }
      int[] expected = GoldenLabels.of("cellpose/mosaic.png").next(SIDE, SIDE);
      assertThat(found.stars()).hasSize(IntStream.of(expected).max().orElseThrow());
      GoldenLabels.same(
          "mosaic", PaintedNuclei.whole(found.stars(), SIDE, SIDE).labels(), expected);
      System.out.println(found.stars().size() + " objects are those of Python");
    }

    private static short[] mosaic() throws Exception {
      List<Picture> fields = new ArrayList<>();
      for (String well : List.of("B02", "B03", "B04")) {
        for (int field = 1; field <= 2; field++) {
          fields.add(
              new Picture(
                  CellposeNetworkTest.SAMPLE.resolve(
                      "SYN001_" + well + "_f" + field + "_nuclei.tif")));
        }
      }
      short[] image = new short[SIDE * SIDE];
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int height = fields.get(0).height;
          int width = fields.get(0).width;
          int i = y / height;
          int j = x / width;
          int row = i % 2 == 0 ? y % height : height - 1 - y % height;
          int sample = (int) fields.get((5 * i + j) % 6).pixels[row * width + x % width];
          image[y * SIDE + x] = (short) (sample * (4 + (3 * i + j) % 4) / 4);
        }
      }
      return image;
    }

    private static Histogram histogram(short[] image) {
      long[] counts = new long[1 << 16];
      for (short pixel : image) {
        counts[pixel & 0xffff]++;
      }
      int[] there = IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
      return Histogram.of(
          IntStream.of(there).asDoubleStream().toArray(),
          IntStream.of(there).mapToLong(i -> counts[i]).toArray());
    }
  }

  @Test
  @TakesMinutes
  void aLargePlaneInLittleHeap() throws Exception {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1200m",
                "-cp",
                System.getProperty("java.class.path"),
                Segmenting.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    assertThat(Files.readString(said)).contains("objects are those of Python");
  }
}
