package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.field.Field;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of 800 kinds that {@code formats_golden.py} has made of tifffile, imagecodecs, Pillow,
 * astropy and by hand: every plane, and 50 random regions of each file, are what those read, or the
 * file is refused with the reason.
 */
final class GeneratedFilesTest {
  private static final int REGIONS = 50;

  @TempDir Path folder;

  private final Map<String, String> wrong = new TreeMap<>();
  private final Random random = new Random(17);
  private int read;
  private int refused;

  private static Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    try (InputStream in = GeneratedFilesTest.class.getResourceAsStream("generated.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  @Test
  void everyPlaneAndRegionIsRightOrRefused() throws IOException {
    Map<String, byte[]> entries = entries();
    String manifest = new String(entries.get("manifest.txt"), StandardCharsets.UTF_8);
    try (HeaderReader headers = new HeaderReader(new Configuration(), true);
        PlaneReader planes = new PlaneReader(new Configuration())) {
      for (String line : manifest.strip().split("\n", -1)) {
        List<String> words = List.of(line.split(" ", -1));
        String name = words.get(0);
        if (name.endsWith(".tga") && !isThere("loci.formats.in.TargaReader")) {
          continue; // one of the GPL readers
        }
        Path path = Files.write(folder.resolve(name), entries.get(name));
        ImageFile file =
            new ImageFile(
                path.toUri().toString(),
                Files.size(path),
                Files.getLastModifiedTime(path).toMillis());
        try {
          Header header = headers.read(file);
          byte[] samples = entries.get(name + ".samples");
          compare(name, header, file, words.subList(2, words.size()), samples, planes);
          read++;
          if (!words.get(1).equals("read") && !words.get(1).equals("any")) {
            wrong.put(name, "read, and not refused");
          }
        } catch (ImageReadException e) {
          refused++;
          boolean isCode = words.get(1).endsWith("_IMAGE") || words.get(1).endsWith("_FILE");
          String code = isCode ? words.get(1) : "UNSUPPORTED_IMAGE";
          if (words.get(1).equals("read") || !e.failure().code().equals(code)) {
            wrong.put(name, e.getMessage());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(read).isGreaterThan(600);
    assertThat(refused).isBetween(40, 120);
  }

  @Test
  void anIcsFileIsAsLongAsThatWithItsPixelsHasToBe() throws IOException {
    String header =
        """
        \t
        ics_version\t1.0
        filename\ta
        layout\tparameters\t3
        layout\torder\tbits\tx\ty
        layout\tsizes\t8\t17\t13
        layout\tsignificant_bits\t8
        representation\tformat\tinteger
        representation\tsign\tunsigned
        representation\tcompression\tuncompressed
        representation\tbyte_order\t1
        end
        """;
    Path path = Files.writeString(folder.resolve("a.ics"), header);
    ImageFile file = new ImageFile(path.toUri().toString(), Files.size(path), 0);
    try (HeaderReader headers = new HeaderReader(new Configuration(), true)) {
      Files.write(folder.resolve("a.ids"), new byte[17 * 13]);
      assertThat(headers.read(file).series()).hasSize(1);
      Files.write(folder.resolve("a.ids"), new byte[17 * 13 - 1]);
      assertThatThrownBy(() -> headers.read(file))
          .isInstanceOfSatisfying(
              ImageReadException.class,
              e -> assertThat(e.failure().code()).isEqualTo("TRUNCATED_FILE"));
    }
  }

  private static boolean isThere(String type) {
    return GeneratedFilesTest.class.getClassLoader().getResource(type.replace('.', '/') + ".class")
        != null;
  }

  private void compare(
      String name,
      Header header,
      ImageFile file,
      List<String> described,
      byte[] samples,
      PlaneReader reader)
      throws ImageReadException {
    ByteBuffer all = ByteBuffer.wrap(samples);
    for (int s = 0; s < described.size(); s++) {
      String[] parts = described.get(s).split("[x:]", -1);
      int channels = Integer.parseInt(parts[0]);
      int height = Integer.parseInt(parts[1]);
      int width = Integer.parseInt(parts[2]);
      int count = Integer.parseInt(parts[3]);
      Header.Series series = header.series().get(s);
      String found =
          series.channels().size()
              + "x"
              + series.sizeY()
              + "x"
              + series.sizeX()
              + "x"
              + series.sizeZ() * series.sizeT();
      String type = BioFormats.pixelTypeName(series.pixelType());
      String wanted =
          parts[4].equals("float32") ? "float" : parts[4].equals("float64") ? "double" : parts[4];
      if (!described.get(s).startsWith(found + ":") || !type.equals(wanted)) {
        wrong.put(name, found + ":" + type + " in place of " + described.get(s));
        return;
      }
      Field field = field(header, file, s);
      ByteBuffer truth = all.slice().order(ByteOrder.LITTLE_ENDIAN);
      for (int region = 0; region <= REGIONS; region++) {
        int x = region == 0 ? 0 : random.nextInt(width);
        int y = region == 0 ? 0 : random.nextInt(height);
        int w = region == 0 ? width : 1 + random.nextInt(width - x);
        int h = region == 0 ? height : 1 + random.nextInt(height - y);
        for (int p = region == 0 ? 0 : random.nextInt(count); p < count; p++) {
          for (int c = 0; c < channels; c++) {
            Samples into = new Samples(BioFormats.sampleType(series.pixelType()));
            reader.read(field, c, p % series.sizeZ(), p / series.sizeZ(), x, y, w, h, into);
            int plane = (p * channels + c) * height * width;
            for (int i = 0; i < w * h; i++) {
              int at = plane + (y + i / w) * width + x + i % w;
              double expected = value(truth, at, parts[4]);
              if (Double.compare(into.at(i), expected) != 0) {
                wrong.put(
                    name,
                    into.at(i)
                        + " in place of "
                        + expected
                        + " at x "
                        + (x + i % w)
                        + ", y "
                        + (y + i / w)
                        + ", channel "
                        + c
                        + ", plane "
                        + p);
                return;
              }
            }
          }
          if (region > 0) {
            break;
          }
        }
      }
      int bytes = BioFormats.bytesPerSample(series.pixelType());
      all.position(all.position() + channels * height * width * count * bytes);
    }
  }

  private static double value(ByteBuffer truth, int at, String type) {
    return switch (type) {
      case "uint8", "bool" -> truth.get(at) & 0xff;
      case "int8" -> truth.get(at);
      case "uint16" -> truth.getShort(2 * at) & 0xffff;
      case "int16" -> truth.getShort(2 * at);
      case "uint32" -> truth.getInt(4 * at) & 0xffffffffL;
      case "int32" -> truth.getInt(4 * at);
      case "float32" -> truth.getFloat(4 * at);
      default -> truth.getDouble(8 * at);
    };
  }

  private static Field field(Header header, ImageFile file, int s) {
    Header.Series series = header.series().get(s);
    List<Field.Channel> channels = new ArrayList<>();
    for (int c = 0; c < series.channels().size(); c++) {
      channels.add(
          new Field.Channel(
              file,
              header.readerClass(),
              c,
              BioFormats.pixelTypeName(series.pixelType()),
              0,
              series.tileWidth(),
              series.tileHeight()));
    }
    return new Field(
        "image",
        "image",
        List.of(),
        s,
        series.sizeX(),
        series.sizeY(),
        series.sizeZ(),
        0,
        series.sizeT(),
        BioFormats.pixelTypeName(series.pixelType()),
        null,
        null,
        channels);
  }
}
