package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.HeaderReader;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.field.ImageFile;
import org.cytolake.source.TestImages;
import org.cytolake.source.TestImages.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file is depends neither on the files looked at before nor on those beside it. */
final class OrderOfFilesTest {
  private static final int EVERY = 12; // of the 700 generated files
  private static final int SHUFFLES = 10;

  @TempDir Path folder;

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (InputStream in = HeaderReader.class.getResourceAsStream("generated.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      int n = 0;
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        boolean wanted = name.contains(".ome.") || name.startsWith("other") || n++ % EVERY == 0;
        if (wanted && !name.endsWith(".samples") && !name.equals("manifest.txt")) {
          files.add(Files.write(folder.resolve(name), zip.readAllBytes()));
        }
      }
    }
    files.add(
        TestImages.write(
            folder.resolve("y.ome.tif"),
            Spec.of(20, 20, "uint8", (s, c, z, t, y, x) -> x + y).channels(2).zt(2, 3)));
    // names that make readers of data sets look at what lies beside them
    files.add(
        Files.write(
            folder.resolve("img_000000000_DAPI_000.tif"),
            Files.readAllBytes(folder.resolve("y.ome.tif"))));
    Files.writeString(folder.resolve("metadata.txt"), "{\"Summary\": {\"Channels\": 1}}");
    Files.writeString(folder.resolve("plate.HTD"), "\"HTSInfoFile\", Version 1.0\n\"XWells\", 1\n");
    files.add(Files.writeString(folder.resolve("text.tif"), "no image"));
    files.add(Files.write(folder.resolve("half.tif"), new byte[] {'I', 'I', 42, 0, 8, 0}));
    return files;
  }

  private static String header(HeaderReader reader, Path path) throws IOException {
    try {
      return reader.read(new ImageFile(path.toUri().toString(), Files.size(path), 0)).toString();
    } catch (ImageReadException e) {
      return e.failure().toString();
    }
  }

  @Test
  void tenShuffles() throws IOException {
    List<Path> files = files();
    Map<Path, String> alone = new TreeMap<>();
    for (Path file : files) {
      try (HeaderReader reader = new HeaderReader(new Configuration(), true)) {
        alone.put(file, header(reader, file));
      }
    }
    Random random = new Random(17);
    for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
      Collections.shuffle(files, random);
      Map<Path, String> together = new TreeMap<>();
      try (HeaderReader reader = new HeaderReader(new Configuration(), true)) {
        for (Path file : files) {
          together.put(file, header(reader, file));
        }
      }
      assertThat(together).isEqualTo(alone);
    }
    assertThat(alone.size()).isGreaterThan(40);
  }
}
