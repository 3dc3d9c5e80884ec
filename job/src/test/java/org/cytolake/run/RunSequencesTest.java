package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cytolake.TakesMinutes;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any sequence of runs, between which files come, change, go, break, are mended and renamed, leaves
 * the tables, label images and failures of one run over what the input holds at the end.
 */
final class RunSequencesTest {
  private static final List<String> SETTINGS =
      List.of(
          "segmentation.enabled=false",
          "density.enabled=false",
          "report.enabled=false",
          "clustering.methods=[k_means]",
          "clustering.k=2");

  /** Two files of one name but for its end, names as series have them, files in folders. */
  private static final List<String> NAMES =
      List.of("a.tif", "a.png", "b.ome.tif", "b_1.tif", "c.ome.tif", "sub/a.tif", "sub/a_1.png");

  @TempDir Path folder;
  private Path images;
  private int written;

  @BeforeEach
  void oneImageIsAlwaysThere() throws IOException {
    images = Files.createDirectories(folder.resolve("images/sub")).getParent();
    write("0.tif", 1, 1);
    write("00.tif", 2, 1);
  }

  // ---- what happens between runs
  // ------------------------------------------------------------------

  private enum Event {
    ADD,
    REMOVE,
    BREAK,
    CUT,
    WIDEN,
    RENAME,
    SWAP
  }

  private void write(String name, int seed, int channels) throws IOException {
    write(name, seed, channels, "uint8");
  }

  /** Blobs that differ by the seed; a name with {@code .ome.} has two series. */
  private void write(String name, int seed, int channels, String type) throws IOException {
    Path file = images.resolve(name);
    Files.deleteIfExists(file);
    if (name.endsWith(".png")) {
      BufferedImage image = new BufferedImage(20, 16, BufferedImage.TYPE_BYTE_GRAY);
      for (int y = 0; y < 16; y++) {
        for (int x = 0; x < 20; x++) {
          image.getRaster().setSample(x, y, 0, sample(seed, y, x));
        }
      }
      ImageIO.write(image, "png", file.toFile());
    } else {
      TestImages.write(
          file,
          TestImages.Spec.of(20, 16, type, (s, c, z, t, y, x) -> sample(seed + 5 * s + 7 * c, y, x))
              .channels(channels)
              .series(name.contains(".ome.") ? 2 : 1));
    }
    touch(file);
  }

  private static int sample(int seed, int y, int x) {
    return (x - seed % 7) * (x - 9) + y * y < 60 ? 150 + (x * y + seed) % 40 : 10 + (x + seed) % 9;
  }

  /** A time that no file had before. */
  private void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * written++));
  }

  private void happens(Random random) throws IOException {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    Path file = images.resolve(name);
    switch (Event.values()[random.nextInt(Event.values().length)]) {
      case ADD -> write(name, random.nextInt(100), random.nextInt(5) == 0 ? 2 : 1);
      case REMOVE -> Files.deleteIfExists(file);
      case BREAK -> {
        Files.writeString(file, "no image");
        touch(file);
      }
      case CUT -> { // the last plane of a file of two series has lost its end
        write("c.ome.tif", random.nextInt(100), 1);
        cut(images.resolve("c.ome.tif"));
      }
      case WIDEN -> {
        String type = List.of("uint16", "uint32", "float").get(random.nextInt(3));
        write("wide.tif", random.nextInt(100), 1, type);
      }
      case RENAME -> {
        String other = name.endsWith(".png") ? "d.png" : "d.tif";
        if (Files.exists(file)) {
          Files.deleteIfExists(images.resolve(other));
          Files.move(file, images.resolve(other));
        }
      }
      case SWAP -> {
        Path other = images.resolve("b_1.tif");
        if (name.endsWith("a.tif") && Files.exists(file) && Files.exists(other)) {
          Path aside = images.resolve("sub/aside");
          Files.move(file, aside);
          Files.move(other, file);
          Files.move(aside, other);
        }
      }
    }
  }

  private void cut(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 50));
    touch(file);
  }

  // ---- runs -------------------------------------------------------------------------------------

  private RunSummary analyze(String output, String... more) {
    Map<String, Object> flags =
        Map.of(
            "input.paths", List.of(images.toString()),
            "output.path", folder.resolve(output).toString());
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.addAll(List.of(more));
    return new AnalyzePipeline(
            LocalSpark.session(),
            ConfigLoader.load(Optional.empty(), flags, settings),
            Progress.NONE)
        .run();
  }

  private List<String> rows(String output, Table table) {
    return ComparableRows.of(folder.resolve(output), table);
  }

  private Map<String, String> clusterImages(String output) throws IOException {
    Map<String, String> files = new TreeMap<>();
    Path all = folder.resolve(output).resolve("cluster_images");
    if (Files.exists(all)) {
      try (Stream<Path> paths = Files.walk(all)) {
        for (Path file : paths.filter(Files::isRegularFile).toList()) {
          files.put(all.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
        }
      }
    }
    return files;
  }

  /** What tells apart, or all tables. */
  private static List<Table> compared() {
    return Boolean.getBoolean("cytolake.full")
        ? List.of(Table.values())
        : List.of(Table.IMAGES, Table.ERRORS, Table.CHANNEL_STATS, Table.CLUSTER_LABELS);
  }

  private static List<String> failures(RunSummary run) {
    return run.failures().stream()
        .map(f -> f.image() + " " + f.code() + " " + f.file())
        .sorted()
        .toList();
  }

  private void requireAsOneRun(String at, String... settings) throws IOException {
    String fresh = "fresh" + written++;
    RunSummary sequence = analyze("sequence", settings);
    RunSummary one = analyze(fresh, settings);
    assertThat(failures(sequence)).as(at).isEqualTo(failures(one));
    for (Table table : compared()) {
      assertThat(rows("sequence", table))
          .as(at + ", " + table.folder())
          .isEqualTo(rows(fresh, table));
    }
    assertThat(clusterImages("sequence")).as(at).isEqualTo(clusterImages(fresh));
    try (Stream<Path> files = Files.walk(folder.resolve(fresh))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void requireAsOneRun(long seed, int runs, String... settings) throws IOException {
    Random random = new Random(seed);
    StringBuilder history = new StringBuilder("seed " + seed);
    for (int run = 0; run < runs; run++) {
      for (int events = run == 0 ? 6 : 1 + random.nextInt(3); events > 0; events--) {
        happens(random);
      }
      try (Stream<Path> files = Files.walk(images)) {
        history.append("; run ").append(run).append(" over ");
        history.append(
            files.filter(Files::isRegularFile).map(images::relativize).sorted().toList());
      }
      requireAsOneRun(history.toString(), settings);
    }
  }

  @Test
  void anySequenceOfRunsIsAsOneRun() throws IOException {
    requireAsOneRun(1, 3);
  }

  @Test
  @TakesMinutes
  void manySequencesOfRunsAreAsOneRun() throws IOException {
    for (long seed = 10; seed < 30; seed++) {
      requireAsOneRun(seed, 6, "run.batch-images=" + (seed % 3 == 0 ? 1 : 100));
    }
  }

  /** Those whose files have gone stay where that is wanted, but for failed ones. */
  @Test
  void imagesWhoseFilesHaveGoneCanBeKept() throws IOException {
    write("a.tif", 3, 1);
    Files.writeString(images.resolve("b.tif"), "no image");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    assertThat(analyze("sequence").failures()).hasSize(1);
    List<String> before = rows("sequence", Table.CHANNEL_STATS);
    Files.move(images.resolve("a.tif"), elsewhere.resolve("a.tif"));
    Files.delete(images.resolve("b.tif"));
    RunSummary kept = analyze("sequence", "run.keep-missing=true");
    assertThat(kept.removed()).as("that failed").isOne();
    assertThat(kept.failures()).isEmpty();
    assertThat(rows("sequence", Table.ERRORS)).isEmpty();
    assertThat(rows("sequence", Table.CHANNEL_STATS)).isEqualTo(before);

    // what lies under another input is neither gone nor mixed with an image of the same name
    images = elsewhere;
    assertThat(analyze("sequence").removed()).isZero();
    assertThat(rows("sequence", Table.CHANNEL_STATS)).hasSameSizeAs(before);
    Files.copy(folder.resolve("images/0.tif"), elsewhere.resolve("0.tif"));
    assertThatThrownBy(() -> analyze("sequence"))
        .hasMessageContaining("The tables have an image 0 already, of file:")
        .hasMessageEndingWith(
            "Give their common parent folder as the input, or use another --output.")
        .extracting("code")
        .isEqualTo(Code.USAGE);
  }

  @Test
  void aLastingBadImageIsToldByTheSecondRunAsByTheFirst() throws IOException {
    Path shared = Path.of("..", "..", "shared", "cases", "incremental-with-bad-image");
    assumeThat(shared).as("the folder of the case").isDirectory();
    images = Files.createDirectory(folder.resolve("case"));
    for (String name : List.of("ok.tif", "broken.tif")) {
      Files.copy(shared.resolve(name), images.resolve(name));
    }
    List<String> first = failures(analyze("sequence"));
    assertThat(first).hasSize(1).first().asString().startsWith("broken ");
    assertThat(failures(analyze("sequence"))).isEqualTo(first);
    assertThat(rows("sequence", Table.IMAGES)).hasSize(2);
  }

  /** Each of these was different once. */
  @Test
  void whatWasDifferentIsNot() throws IOException {
    write("a.tif", 3, 1);
    write("b.ome.tif", 4, 1);
    write("c.ome.tif", 5, 1);
    cut(images.resolve("c.ome.tif"));
    requireAsOneRun("first");
    write("a.png", 6, 1); // now both have their suffix in their ids
    write("b_1.tif", 7, 1); // the id of a series of another file
    write("odd.tif", 8, 2);
    requireAsOneRun("names and channels", "run.batch-images=1");
    Files.delete(images.resolve("a.tif"));
    Files.delete(images.resolve("b.ome.tif"));
    Files.delete(images.resolve("odd.tif"));
    write("wide.tif", 9, 1, "uint32");
    requireAsOneRun("some have gone, one is wider");
  }
}
