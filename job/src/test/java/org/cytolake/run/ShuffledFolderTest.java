package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.cytolake.TakesMinutes;
import org.cytolake.bioformats.HeaderReader;
import org.cytolake.config.ConfigLoader;
import org.cytolake.source.LocalSpark;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder with files of every kind has the same tables, failures and label images in whatever
 * order its files came into it, and its paths are named.
 */
final class ShuffledFolderTest {
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

  @TempDir Path folder;

  /** Files by the path that they have below the input, every so many of the generated ones. */
  private static Map<String, byte[]> files(int every) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (InputStream in = HeaderReader.class.getResourceAsStream("generated.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      int n = 0;
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.endsWith(".samples") || name.equals("manifest.txt")) {
          continue;
        }
        boolean set = name.startsWith("set");
        if (set || n++ % every == 0) {
          files.put((set ? "sets/" : name.length() % 2 + "/") + name, zip.readAllBytes());
        }
      }
    }
    byte[] good = files.entrySet().iterator().next().getValue();
    files.put("0/cut.tif", Arrays.copyOf(good, good.length * 2 / 3));
    files.put("0/text.tif", "no image".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    files.put("1/empty.png", new byte[0]);
    files.put("1/plate.HTD", "\"XWells\", 1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    files.put("1/img_000000000_DAPI_000.tif", good);
    files.put(
        "1/metadata.txt",
        "{\"Summary\": {\"Channels\": 1}}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return files;
  }

  private Path images() {
    return folder.resolve("images");
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> paths = Files.walk(tree)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** What a run over the files makes, written in that order, their folders named in another. */
  private Map<String, List<String>> analyze(
      List<Map.Entry<String, byte[]>> files, List<String> folders) throws IOException {
    delete(images());
    delete(folder.resolve("tables"));
    for (Map.Entry<String, byte[]> file : files) {
      Path path = images().resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.setLastModifiedTime(Files.write(path, file.getValue()), TIME);
    }
    Map<String, Object> flags =
        Map.of(
            "input.paths", folders.stream().map(f -> images().resolve(f).toString()).toList(),
            "output.path", folder.resolve("tables").toString());
    List<String> settings =
        List.of(
            "segmentation.enabled=false",
            "density.enabled=false",
            "report.enabled=false",
            "clustering.methods=[k_means]",
            "clustering.k=2",
            "run.batch-images=7");
    RunSummary run =
        new AnalyzePipeline(
                LocalSpark.session(),
                ConfigLoader.load(Optional.empty(), flags, settings),
                Progress.NONE)
            .run();
    Map<String, List<String>> found = new TreeMap<>();
    found.put("failures", run.failures().stream().map(Object::toString).sorted().toList());
    for (Table table : Table.values()) {
      found.put(table.folder(), ComparableRows.of(folder.resolve("tables"), table));
    }
    found.put("label images", labelImages());
    return found;
  }

  private List<String> labelImages() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder.resolve("tables"))) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".tif")).sorted().toList()) {
        found.add(path.getFileName() + " " + Arrays.hashCode(Files.readAllBytes(path)));
      }
    }
    return found;
  }

  private void requireSame(int every, int shuffles, int fewest) throws IOException {
    List<Map.Entry<String, byte[]>> files = new ArrayList<>(files(every).entrySet());
    List<String> folders = new ArrayList<>(List.of("0", "1", "sets"));
    Map<String, List<String>> first = analyze(files, folders);
    assertThat(first.get(Table.CHANNEL_STATS.folder())).hasSizeGreaterThan(fewest);
    assertThat(first.get("failures")).hasSizeGreaterThan(3);
    assertThat(first.get("label images")).isNotEmpty();
    Random random = new Random(17);
    for (int shuffle = 0; shuffle < shuffles; shuffle++) {
      Collections.shuffle(files, random);
      Collections.shuffle(folders, random);
      Map<String, List<String>> again = analyze(files, folders);
      for (Map.Entry<String, List<String>> table : first.entrySet()) {
        assertThat(again.get(table.getKey()))
            .as("shuffle " + shuffle + ", " + table.getKey())
            .isEqualTo(table.getValue());
      }
    }
  }

  @Test
  void theOrderOfFilesDoesNotMatter() throws IOException {
    requireSame(100, 1, 2);
  }

  @Test
  @TakesMinutes
  void theOrderOfManyFilesDoesNotMatter() throws IOException {
    requireSame(8, 10, 40);
  }
}
