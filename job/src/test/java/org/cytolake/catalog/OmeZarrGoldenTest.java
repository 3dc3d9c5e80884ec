package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OME-Zarr of 227 kinds that {@code zarr_golden.py} has made with zarr-python and ome-zarr: every
 * plane, and random regions of each, are what zarr-python reads.
 */
final class OmeZarrGoldenTest {
  private static final int REGIONS = 10;

  @TempDir Path folder;

  private final Random random = new Random(21);
  private final Map<String, String> wrong = new TreeMap<>();

  private Map<String, byte[]> unpack() throws IOException {
    Map<String, byte[]> others = new HashMap<>();
    try (InputStream in = PlaneReader.class.getResourceAsStream("zarr/generated.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().contains(".zarr/")) {
          Path file = folder.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          Files.write(file, zip.readAllBytes());
        } else {
          others.put(entry.getName(), zip.readAllBytes());
        }
      }
    }
    return others;
  }

  private static ImageCatalog load(SourceOptions options, Configuration hadoop) {
    Listing listing = Listing.of(options, hadoop);
    return ImageCatalog.load(options, listing, listing.images(), hadoop, null);
  }

  @Test
  void everyPlaneAndRegionIsRight() throws IOException {
    Map<String, byte[]> others = unpack();
    String manifest = new String(others.get("manifest.txt"), StandardCharsets.UTF_8);
    List<String> lines = List.of(manifest.split("\n", -1));
    Configuration hadoop = new Configuration();
    try (PlaneReader reader = new PlaneReader(hadoop)) {
      for (String line : lines) {
        String[] words = line.split(" ", -1);
        SourceOptions options =
            SourceOptions.of(
                Map.of("path", folder.resolve(words[0]).toString(), "mode", "PERMISSIVE"));
        ImageCatalog catalog = load(options, hadoop);
        if (catalog.fields().isEmpty()) {
          wrong.put(words[0], catalog.failures().get(0).message());
        } else {
          compare(words, catalog.fields().get(0), others.get(words[3] + ".samples"), reader);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(lines).hasSize(227);
  }

  private void compare(String[] words, Field field, byte[] samples, PlaneReader reader) {
    ByteBuffer truth = ByteBuffer.wrap(samples).order(ByteOrder.LITTLE_ENDIAN);
    String found =
        "%dx%dx%dx%dx%d:%s"
            .formatted(
                field.sizeT(),
                field.channels().size(),
                field.sizeZ(),
                field.sizeY(),
                field.sizeX(),
                field.pixelType());
    if (!found.equals(words[2].replace("float32", "float").replace("float64", "double"))) {
      wrong.put(words[0], found + " in place of " + words[2]);
      return;
    }
    for (int region = 0; region <= REGIONS; region++) {
      int x = region == 0 ? 0 : random.nextInt(field.sizeX());
      int y = region == 0 ? 0 : random.nextInt(field.sizeY());
      int w = region == 0 ? field.sizeX() : 1 + random.nextInt(field.sizeX() - x);
      int h = region == 0 ? field.sizeY() : 1 + random.nextInt(field.sizeY() - y);
      int plane = 0;
      for (int t = 0; t < field.sizeT(); t++) {
        for (int c = 0; c < field.channels().size(); c++) {
          for (int z = 0; z < field.sizeZ(); z++, plane++) {
            if (region == 0 || random.nextInt(3) == 0) {
              compare(words, field, new int[] {plane, c, z, t, x, y, w, h}, truth, reader);
            }
          }
        }
      }
    }
  }

  private void compare(
      String[] words, Field field, int[] of, ByteBuffer truth, PlaneReader reader) {
    int w = of[6];
    int h = of[7];
    Samples into = new Samples(org.cytolake.field.SampleType.DOUBLE);
    try {
      reader.read(field, of[1], of[2], of[3], of[4], of[5], w, h, into);
    } catch (IOException e) {
      wrong.put(words[0], e.getMessage());
      return;
    }
    for (int i = 0; i < w * h; i++) {
      int at = (of[0] * field.sizeY() + of[5] + i / w) * field.sizeX() + of[4] + i % w;
      double expected = value(truth, at, field.pixelType());
      if (Double.compare(into.at(i), expected) != 0) {
        wrong.put(
            words[0],
            into.at(i) + " in place of " + expected + " at " + java.util.Arrays.toString(of));
        return;
      }
    }
  }

  private static double value(ByteBuffer truth, int at, String type) {
    return switch (type) {
      case "uint8" -> truth.get(at) & 0xff;
      case "int8" -> truth.get(at);
      case "uint16" -> truth.getShort(2 * at) & 0xffff;
      case "int16" -> truth.getShort(2 * at);
      case "uint32" -> truth.getInt(4 * at) & 0xffffffffL;
      case "int32" -> truth.getInt(4 * at);
      case "float" -> truth.getFloat(4 * at);
      default -> truth.getDouble(8 * at);
    };
  }
}
