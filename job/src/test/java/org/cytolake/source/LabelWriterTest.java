package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import loci.formats.FormatException;
import loci.formats.tiff.IFD;
import loci.formats.tiff.IFDList;
import loci.formats.tiff.TiffCompression;
import loci.formats.tiff.TiffParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read again, and how it lies in the file. */
class LabelWriterTest {
  private static final List<String> CHANNELS = List.of("first", "second");

  @TempDir Path folder;

  private static Field field(int sizeX, int sizeY) {
    return new Field(
        "image", "image", List.of(), 0, sizeX, sizeY, 1, 0, 1, "uint8", 0.5, 0.5, List.of());
  }

  /** Each piece takes memory outside the heap: a plane is one. */
  @Test
  void smallPlanesAreOneStrip() throws Exception {
    Field field = field(60, 40);
    for (boolean deep : new boolean[] {false, true}) {
      int[][] labels = {labels(2400, deep, 1), labels(2400, deep, 2)};
      Path file = folder.resolve(deep + ".ome.tif");
      try (LabelWriter writer = LabelWriter.create(file, field, CHANNELS, deep)) {
        writer.write(0, 0, 0, 0, 0, 60, 40, labels[0]);
        writer.write(1, 0, 0, 0, 0, 60, 40, labels[1]);
      }
      check(file, labels, deep, 1);
    }
  }

  @Test
  void largePlanesAreTiles() throws Exception {
    Field field = field(2100, 2001);
    int[][] labels = {labels(2100 * 2001, false, 1), labels(2100 * 2001, false, 2)};
    Path file = folder.resolve("large.ome.tif");
    try (LabelWriter writer = LabelWriter.create(file, field, CHANNELS, false)) {
      for (int channel = 0; channel < 2; channel++) {
        for (int y = 0; y < 2001; y += LabelWriter.TILE) {
          for (int x = 0; x < 2100; x += LabelWriter.TILE) {
            int width = Math.min(LabelWriter.TILE, 2100 - x);
            int height = Math.min(LabelWriter.TILE, 2001 - y);
            int[] tile = new int[width * height];
            for (int row = 0; row < height; row++) {
              System.arraycopy(labels[channel], (y + row) * 2100 + x, tile, row * width, width);
            }
            writer.write(channel, 0, 0, x, y, width, height, tile);
          }
        }
      }
    }
    check(file, labels, false, 6);
  }

  /** Objects of many sizes, the largest number that the type holds among them. */
  private static int[] labels(int pixels, boolean deep, int seed) {
    Random random = new Random(seed);
    int[] labels = new int[pixels];
    for (int i = 0, label = 0; i < pixels; i++) {
      if (random.nextInt(20) == 0) {
        label = random.nextBoolean() ? 0 : random.nextInt(deep ? 1 << 24 : 1 << 16);
      }
      labels[i] = label;
    }
    labels[7] = deep ? Integer.MAX_VALUE : 65_535;
    return labels;
  }

  private static void check(Path file, int[][] labels, boolean deep, int pieces)
      throws IOException, FormatException {
    TiffParser parser = new TiffParser(file.toString());
    try {
      IFDList ifds = parser.getMainIFDs();
      assertThat(ifds).hasSize(labels.length);
      for (int plane = 0; plane < labels.length; plane++) {
        IFD ifd = ifds.get(plane);
        parser.fillInIFD(ifd);
        assertThat(ifd.getCompression())
            .isIn(TiffCompression.DEFLATE, TiffCompression.PROPRIETARY_DEFLATE);
        assertThat(ifd.getStripOffsets()).hasSize(pieces);
        byte[] bytes = new byte[labels[plane].length * (deep ? 4 : 2)];
        parser.getSamples(ifd, bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(ifd.isLittleEndian()).isTrue();
        int[] read = new int[labels[plane].length];
        for (int i = 0; i < read.length; i++) {
          read[i] = deep ? buffer.getInt() : buffer.getShort() & 0xffff;
        }
        assertThat(read).isEqualTo(labels[plane]);
      }
    } finally {
      parser.getStream().close();
    }
  }
}
