package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import loci.common.services.ServiceFactory;
import loci.formats.FormatTools;
import loci.formats.in.OMETiffReader;
import loci.formats.meta.IMetadata;
import loci.formats.services.OMEXMLService;
import loci.formats.tiff.IFD;
import loci.formats.tiff.IFDList;
import loci.formats.tiff.TiffCompression;
import loci.formats.tiff.TiffParser;
import org.cytolake.bioformats.tiff.Pieces;
import org.cytolake.bioformats.tiff.TiffLabelWriter;
import org.cytolake.field.Field;
import org.cytolake.stardist.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read again by Bio-Formats, and how it lies in the file. */
class TiffLabelWriterTest {
  private static final List<String> CHANNELS = List.of("first", "µ < second");

  @TempDir Path folder;

  private static Field field(int sizeX, int sizeY, int sizeZ, int firstZ, int sizeT) {
    return new Field(
        "image", "image", List.of(), 0, sizeX, sizeY, sizeZ, firstZ, sizeT, "uint8", 0.5, 0.25,
        List.of());
  }

  private LabelWriter writer(Path file, Field field, boolean deep) throws IOException {
    return TiffLabelWriter.to(Files.newOutputStream(file), field, CHANNELS, deep);
  }

  @Test
  void smallPlanesAreOneStrip() throws Exception {
    Field field = field(60, 40, 1, 0, 1);
    for (boolean deep : new boolean[] {false, true}) {
      int[][] labels = {labels(2400, deep, 1), labels(2400, deep, 2)};
      Path file = folder.resolve(deep + ".ome.tif");
      try (LabelWriter writer = writer(file, field, deep)) {
        writer.write(0, 0, 0, new Window(0, 0, 40, 60), labels[0]);
        writer.write(1, 0, 0, new Window(0, 0, 40, 60), labels[1]);
        writer.finish();
      }
      check(file, field, labels, deep, 1);
    }
  }

  /** Readers hold a strip at a time. */
  @Test
  void othersAreStripsOfHalfMebibyte() throws Exception {
    Field field = field(1500, 600, 1, 0, 1);
    int[][] labels = {labels(900_000, true, 1), labels(900_000, true, 2)};
    Path file = folder.resolve("strips.ome.tif");
    try (LabelWriter writer = writer(file, field, true)) {
      writer.write(1, 0, 0, new Window(0, 0, 600, 1500), labels[1]);
      writer.write(0, 0, 0, new Window(0, 0, 600, 1500), labels[0]);
      writer.finish();
    }
    check(file, field, labels, true, 7); // 87 rows each
  }

  @Test
  void largePlanesAreTiles() throws Exception {
    Field field = field(2100, 2001, 1, 0, 1);
    int[][] labels = {labels(2100 * 2001, false, 1), labels(2100 * 2001, false, 2)};
    Path file = folder.resolve("large.ome.tif");
    try (LabelWriter writer = writer(file, field, false)) {
      for (int y = 0; y < 2001; y += LabelWriter.TILE) {
        for (int x = 0; x < 2100; x += LabelWriter.TILE) {
          for (int channel = 0; channel < 2; channel++) {
            int width = Math.min(LabelWriter.TILE, 2100 - x);
            int height = Math.min(LabelWriter.TILE, 2001 - y);
            int[] tile = new int[width * height];
            for (int row = 0; row < height; row++) {
              System.arraycopy(labels[channel], (y + row) * 2100 + x, tile, row * width, width);
            }
            writer.write(channel, 0, 0, new Window(y, x, height, width), tile);
          }
        }
      }
      writer.finish();
    }
    check(file, field, labels, false, 6);
  }

  @Test
  void planesComeInAnyOrder() throws Exception {
    Field field = field(31, 7, 3, 2, 4);
    int[][] labels = new int[24][];
    List<Integer> order = new ArrayList<>();
    for (int plane = 0; plane < labels.length; plane++) {
      labels[plane] = labels(31 * 7, false, plane);
      order.add(plane);
    }
    Collections.shuffle(order, new Random(1));
    Path file = folder.resolve("order.ome.tif");
    try (LabelWriter writer = writer(file, field, false)) {
      for (int plane : order) {
        writer.write(
            plane % 2, 2 + plane / 2 % 3, plane / 6, new Window(0, 0, 7, 31), labels[plane]);
      }
      writer.finish();
    }
    check(file, field, labels, false, 1);
  }

  @Test
  void moreThanTwoGibibytesAreBigTiff() throws Exception {
    Field field = field(2048, 2048, 1, 0, 129);
    int[][] labels = new int[258][];
    Arrays.fill(labels, Arrays.copyOf(labels(9000, false, 3), 2048 * 2048));
    Path file = folder.resolve("big.ome.tif");
    try (LabelWriter writer = writer(file, field, false)) {
      for (int plane = 0; plane < labels.length; plane++) {
        writer.write(plane % 2, 0, plane / 2, new Window(0, 0, 2048, 2048), labels[plane]);
      }
      writer.finish();
    }
    assertThat(isBig(file)).isTrue();
    try (OMETiffReader reader = new OMETiffReader()) {
      reader.setId(file.toString());
      assertThat(reader.getSizeT()).isEqualTo(129);
      for (int plane : new int[] {0, 100, 257}) {
        assertThat(unpacked(reader.openBytes(plane), false)).isEqualTo(labels[plane]);
      }
    }
  }

  @Test
  void aFileWithoutSomePlanesIsNotFinished() throws Exception {
    try (LabelWriter writer =
        TiffLabelWriter.to(new ByteArrayOutputStream(), field(3, 2, 1, 0, 1), CHANNELS, false)) {
      writer.write(1, 0, 0, new Window(0, 0, 2, 3), new int[6]);
      assertThatThrownBy(writer::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("0 of 2 label images of image are written");
    }
  }

  @Test
  void whatMemoryHasNoRoomForWaitsOnTheDisk() throws Exception {
    List<byte[]> expected = new ArrayList<>();
    List<Pieces.Piece> kept = new ArrayList<>();
    try (Pieces pieces = new Pieces(1000)) {
      for (int i = 0; i < 20; i++) {
        byte[] bytes = new byte[97 * i];
        new Random(i).nextBytes(bytes);
        expected.add(Arrays.copyOf(bytes, 90 * i));
        kept.add(pieces.add(bytes, 90 * i));
      }
      assertThat(kept.stream().filter(piece -> piece.bytes() != null)).hasSize(5);
      for (int i = 19; i >= 0; i--) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pieces.moveTo(out, kept.get(i));
        assertThat(out.toByteArray()).isEqualTo(expected.get(i));
      }
      assertThat(pieces.add(new byte[1000], 1000).bytes()).isNotNull();
    }
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

  private static int[] unpacked(byte[] bytes, boolean deep) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] read = new int[bytes.length / (deep ? 4 : 2)];
    for (int i = 0; i < read.length; i++) {
      read[i] = deep ? buffer.getInt() : buffer.getShort() & 0xffff;
    }
    return read;
  }

  private static boolean isBig(Path file) throws IOException {
    TiffParser parser = new TiffParser(file.toString());
    try {
      parser.checkHeader();
      return parser.isBigTiff();
    } finally {
      parser.getStream().close();
    }
  }

  private static void check(Path file, Field field, int[][] labels, boolean deep, int pieces)
      throws Exception {
    TiffParser parser = new TiffParser(file.toString());
    try {
      IFDList ifds = parser.getMainIFDs();
      assertThat(ifds).hasSize(labels.length);
      for (IFD ifd : ifds) {
        parser.fillInIFD(ifd);
        assertThat(ifd.getCompression()).isEqualTo(TiffCompression.DEFLATE);
        assertThat(ifd.getStripOffsets()).hasSize(pieces);
        assertThat(ifd.getXResolution()).isEqualTo(0.5);
        assertThat(ifd.getYResolution()).isEqualTo(0.25);
      }
    } finally {
      parser.getStream().close();
    }
    assertThat(isBig(file)).isFalse();
    try (OMETiffReader reader = new OMETiffReader()) {
      IMetadata metadata =
          new ServiceFactory().getInstance(OMEXMLService.class).createOMEXMLMetadata();
      reader.setMetadataStore(metadata);
      reader.setId(file.toString());
      assertThat(reader.getPixelType()).isEqualTo(deep ? FormatTools.UINT32 : FormatTools.UINT16);
      assertThat(reader.isLittleEndian()).isTrue();
      assertThat(metadata.getImageName(0)).isEqualTo("image");
      assertThat(metadata.getPixelsPhysicalSizeX(0).value().doubleValue()).isEqualTo(0.5);
      assertThat(metadata.getPixelsPhysicalSizeY(0).value().doubleValue()).isEqualTo(0.25);
      assertThat(reader.getSizeZ()).isEqualTo(field.sizeZ());
      assertThat(reader.getSizeT()).isEqualTo(field.sizeT());
      for (int c = 0; c < 2; c++) {
        assertThat(metadata.getChannelName(0, c)).isEqualTo(CHANNELS.get(c));
        for (int z = 0; z < field.sizeZ(); z++) {
          for (int t = 0; t < field.sizeT(); t++) {
            assertThat(unpacked(reader.openBytes(reader.getIndex(z, c, t)), deep))
                .isEqualTo(labels[c + 2 * (z + field.sizeZ() * t)]);
          }
        }
      }
    }
  }
}
