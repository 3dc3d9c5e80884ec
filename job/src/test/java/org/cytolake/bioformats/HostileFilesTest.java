package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that make a decoder hang, die or take the memory cost themselves only, in time. */
final class HostileFilesTest {
  private static final Configuration HADOOP = ReadingTime.set(new Configuration(), 30);

  /** For pixels that never end. */
  private static final Configuration SHORT = ReadingTime.set(new Configuration(), 2);

  @TempDir Path folder;

  /** No reading goes on. */
  @AfterEach
  void noThreadIsLeft() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("cytolake-reading")) {
        thread.join(5000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  private static ImageFile file(Path path) throws IOException {
    return new ImageFile(
        path.toUri().toString(), Files.size(path), Files.getLastModifiedTime(path).toMillis());
  }

  /** What is said of a file, first of its header, then of its pixels. */
  private static Failure failure(Path path) throws IOException {
    try (HeaderReader headers = new HeaderReader(HADOOP, true)) {
      Header header;
      try {
        header = headers.read(file(path));
      } catch (ImageReadException e) {
        return e.failure();
      }
      return catchThrowableOfType(ImageReadException.class, () -> pixels(path, header)).failure();
    }
  }

  private static byte[] pixels(Path path, Header header) throws IOException {
    try (PlaneReader planes = new PlaneReader(SHORT)) {
      return pixels(planes, path, header);
    }
  }

  private static byte[] pixels(PlaneReader planes, Path path, Header header) throws IOException {
    Header.Series s = header.series().get(0);
    Field field =
        new Field(
            "a",
            "a",
            List.of(),
            0,
            s.sizeX(),
            s.sizeY(),
            s.sizeZ(),
            0,
            s.sizeT(),
            "uint8",
            null,
            null,
            List.of(
                new Field.Channel(
                    file(path),
                    header.readerClass(),
                    0,
                    "uint8",
                    0,
                    s.tileWidth(),
                    s.tileHeight())));
    Samples samples = new Samples(BioFormats.sampleType(s.pixelType()));
    planes.read(field, 0, 0, 0, 0, 0, s.sizeX(), s.sizeY(), samples);
    byte[] bytes = new byte[samples.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) samples.at(i);
    }
    return bytes;
  }

  private static byte[] noise(int count) {
    byte[] bytes = new byte[count];
    new Random(3).nextBytes(bytes);
    return bytes;
  }

  private static TinyTiff good() {
    return TinyTiff.grey(40, 50, noise(2000));
  }

  private static String ome(String sizes, String more) {
    return "<?xml version=\"1.0\"?><OME"
        + " xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image"
        + " ID=\"Image:0\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"uint8\" "
        + sizes
        + "><Channel ID=\"Channel:0:0\" SamplesPerPixel=\"1\"/>"
        + more
        + "</Pixels></Image></OME>";
  }

  private static final String SIZES =
      "SizeX=\"40\" SizeY=\"50\" SizeC=\"1\" SizeZ=\"1\" SizeT=\"1\"";

  @Test
  void goodFilesAreRead() throws IOException {
    Path plain = good().write(folder.resolve("a.tif"));
    Path ome = good().description(ome(SIZES, "<TiffData/>")).write(folder.resolve("b.ome.tif"));
    try (HeaderReader headers = new HeaderReader(HADOOP, true)) {
      assertThat(pixels(plain, headers.read(file(plain)))).isEqualTo(noise(2000));
      assertThat(pixels(ome, headers.read(file(ome)))).isEqualTo(noise(2000));
    }
  }

  @Test
  void directoriesInACircle() throws IOException {
    Failure failure = failure(good().circle().write(folder.resolve("a.tif")));
    assertThat(failure.code()).isEqualTo("DAMAGED_FILE");
    assertThat(failure.message()).contains("circle");
  }

  /** Planes would be missing without a word. */
  @Test
  void directoriesThatAreNotThere() throws IOException {
    byte[] bytes = Files.readAllBytes(good().write(folder.resolve("a.tif")));
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int link = 8 + 2 + 12 * file.getShort(8);
    for (int next : new int[] {bytes.length, -1, bytes.length - 4}) {
      file.putInt(link, next);
      file.putShort(bytes.length - 4, (short) 500);
      Failure failure = failure(Files.write(folder.resolve("b.tif"), bytes));
      assertThat(failure.code()).isEqualTo("DAMAGED_FILE");
      assertThat(failure.message()).contains("directory 2 would");
    }
  }

  @Test
  void moreValuesThanTheFileHolds() throws IOException {
    for (int tag : new int[] {258, 273, 279, 320, 339, 65000}) {
      Path path = good().tag(tag, Integer.MAX_VALUE, 8).write(folder.resolve(tag + ".tif"));
      if (tag == 273) {
        continue; // the writer sets it
      }
      assertThat(failure(path).message()).contains("tag " + tag, "2147483647 values");
    }
  }

  @Test
  void absurdSizes() throws IOException {
    for (String size : List.of("SizeX", "SizeY", "SizeC", "SizeZ", "SizeT")) {
      for (int n : new int[] {100_000_000, Integer.MAX_VALUE}) {
        String sizes = SIZES.replaceAll(size + "=\"\\d+\"", size + "=\"" + n + "\"");
        Path path =
            good()
                .description(ome(sizes, "<TiffData/>"))
                .write(folder.resolve(size + n + ".ome.tif"));
        assertThat(failure(path).message()).as(size).contains(path.getFileName().toString());
      }
    }
    Path path = good().tag(256, Integer.MAX_VALUE).tag(257, 1 << 20).write(folder.resolve("x.tif"));
    assertThat(failure(path)).isNotNull();
    path = good().tag(277, 1 << 30).write(folder.resolve("samples.tif"));
    assertThat(failure(path)).isNotNull();
  }

  @Test
  void aStripThatInflatesBeyondTheMemory() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(1);
    byte[] zeros = new byte[1 << 20];
    try (DeflaterOutputStream out = new DeflaterOutputStream(bomb, deflater, 1 << 16)) {
      for (int i = 0; i < 256; i++) {
        out.write(zeros);
      }
    }
    Path path =
        TinyTiff.grey(64, 64, bomb.toByteArray()).tag(259, 8).write(folder.resolve("bomb.tif"));
    try (HeaderReader headers = new HeaderReader(HADOOP, true)) {
      // the first bytes are an image, whatever follows
      assertThat(pixels(path, headers.read(file(path)))).isEqualTo(new byte[4096]);
    } catch (ImageReadException e) {
      assertThat(e.failure().file()).endsWith("bomb.tif");
    }
  }

  /**
   * A PNG that says it has a row more than its data have: Bio-Formats would wait for it for ever.
   */
  @Test
  void aDecoderThatNeverEnds() throws IOException {
    Path path = png(64, 49, 48);
    long start = System.nanoTime();
    Failure failure = failure(path);
    assertThat(failure.code())
        .isIn("TIMED_OUT", "UNREADABLE_PIXELS", "TRUNCATED_FILE", "DAMAGED_FILE");
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(20);
  }

  /** After one that hangs the same reader reads others, and the hanging one is not tried again. */
  @Test
  void theNextFileIsRead() throws IOException {
    Path bad = png(64, 49, 48);
    Path next = good().write(folder.resolve("good.tif"));
    try (HeaderReader headers = new HeaderReader(HADOOP, true);
        PlaneReader planes = new PlaneReader(SHORT)) {
      Header ofBad = headers.read(file(bad));
      Header ofNext = headers.read(file(next));
      assertThat(pixels(planes, next, ofNext)).isEqualTo(noise(2000));
      Failure first =
          catchThrowableOfType(ImageReadException.class, () -> pixels(planes, bad, ofBad))
              .failure();
      assertThat(pixels(planes, next, ofNext)).isEqualTo(noise(2000));
      long start = System.nanoTime();
      Failure again =
          catchThrowableOfType(ImageReadException.class, () -> pixels(planes, bad, ofBad))
              .failure();
      assertThat(again.code()).isEqualTo(first.code());
      assertThat((System.nanoTime() - start) / 1e9).isLessThan(1.5);
    }
  }

  private Path png(int width, int declared, int rows) throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(data)) {
      for (int y = 0; y < rows; y++) {
        out.write(0);
        out.write(noise(width));
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    chunk(
        png,
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(declared)
            .put(new byte[] {8, 0, 0, 0, 0})
            .array());
    chunk(png, "IDAT", data.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return Files.write(folder.resolve("short.png"), png.toByteArray());
  }

  private static void chunk(ByteArrayOutputStream png, String name, byte[] content) {
    byte[] typed = new byte[4 + content.length];
    System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, typed, 0, 4);
    System.arraycopy(content, 0, typed, 4, content.length);
    CRC32 sum = new CRC32();
    sum.update(typed);
    png.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    png.writeBytes(typed);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  /** Bio-Formats' JPEG 2000 decoder stops the thread that it runs on. */
  @Test
  void aDecoderThatEndsItsThread() throws Exception {
    Path whole = folder.resolve("a.jp2");
    try (loci.formats.out.JPEG2000Writer writer = new loci.formats.out.JPEG2000Writer()) {
      loci.formats.meta.IMetadata meta = new DeclaredSize.Metadata();
      loci.formats.MetadataTools.populateMetadata(
          meta, 0, "a", false, "XYCZT", "uint8", 64, 64, 1, 1, 1, 1);
      writer.setMetadataRetrieve(meta);
      writer.setId(whole.toString());
      writer.saveBytes(0, noise(4096));
    }
    byte[] bytes = Files.readAllBytes(whole);
    Path cut =
        Files.write(
            folder.resolve("cut.jp2"), java.util.Arrays.copyOf(bytes, bytes.length * 6 / 10));
    assertThat(failure(cut)).isNotNull();
  }

  /** Readers of Bio-Formats that make images up or open other files do not take files. */
  @Test
  void readersThatReadNoFileAreOff() throws IOException {
    Path secret = good().write(Files.createDirectory(folder.resolve("other")).resolve("s.tif"));
    Path input = Files.createDirectory(folder.resolve("input"));
    assertThat(failure(Files.writeString(input.resolve("x.fake"), "x")).code())
        .isEqualTo("UNKNOWN_FORMAT");
    assertThat(
            failure(
                    Files.writeString(
                        input.resolve("a&sizeT=1000000&series=1000.fake"), "sizeX=100\n"))
                .code())
        .isEqualTo("UNKNOWN_FORMAT");
    assertThat(failure(Files.writeString(input.resolve("x.pattern"), secret.toString())).code())
        .isEqualTo("UNKNOWN_FORMAT");
    assertThat(BioFormats.suffixes()).doesNotContain("fake", "pattern").contains("tif", "png");
  }

  /** An OME-TIFF whose pixels are said to lie in a file elsewhere. */
  @Test
  void filesElsewhereAreNotRead() throws IOException {
    Path secret = good().write(folder.resolve("secret.ome.tif"));
    Path input = Files.createDirectory(folder.resolve("input"));
    for (String name : List.of("../secret.ome.tif", secret.toString(), "x/../../secret.ome.tif")) {
      String data =
          "<TiffData IFD=\"0\" PlaneCount=\"1\"><UUID FileName=\""
              + name
              + "\">urn:uuid:11111111-1111-1111-1111-111111111111</UUID></TiffData>";
      Path path =
          TinyTiff.grey(40, 50, new byte[2000])
              .description(ome(SIZES, data))
              .write(input.resolve("a.ome.tif"));
      try (HeaderReader headers = new HeaderReader(HADOOP, true)) {
        assertThat(pixels(path, headers.read(file(path)))).isEqualTo(new byte[2000]);
      } catch (ImageReadException e) {
        assertThat(e.failure().code()).as(e.getMessage()).isIn("OUTSIDE_FILE", "INCOMPLETE_IMAGE");
      }
    }
    Path header = input.resolve("a.nhdr");
    Files.writeString(
        header,
        """
        NRRD0004
        type: uint8
        dimension: 2
        sizes: 40 50
        encoding: raw
        data file: ../secret.ome.tif
        """);
    assertThat(failure(header)).isNotNull(); // looked for in its own folder
    Files.copy(secret, input.resolve("raw.bin"));
    Files.writeString(header, Files.readString(header).replace("../secret.ome.tif", "raw.bin"));
    try (HeaderReader headers = new HeaderReader(HADOOP, true)) {
      assertThat(pixels(header, headers.read(file(header)))).hasSize(2000);
    }
  }
}
