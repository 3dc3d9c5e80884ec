package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.cytolake.config.CytolakeException;
import org.cytolake.source.TestImages.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about input that cannot be read. */
final class BadInputTest {
  private static final String PATTERN = "(?<well>[A-P]\\d\\d)_(?<channel>[a-z]+)\\.tif";

  @TempDir Path folder;

  private Path image(String name, int width) {
    return TestImages.write(
        folder.resolve(name), Spec.of(width, 20, "uint8", (s, c, z, t, y, x) -> x + y));
  }

  private Dataset<Row> read(String... options) {
    Map<String, String> all = new HashMap<>();
    all.put("pattern", PATTERN);
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return MicroscopySourceTest.read(folder, all);
  }

  @Test
  void noFileMatches() {
    image("something.tif", 30);
    assertThatThrownBy(this::read)
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("match")
        .hasMessageContaining("something.tif");
  }

  @Test
  void noSuchFolder() {
    assertThatThrownBy(() -> MicroscopySourceTest.read(folder.resolve("absent"), Map.of()).count())
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void patternWithoutChannel() {
    assertThatThrownBy(() -> read("pattern", "(?<well>.*)\\.tif"))
        .hasMessageContaining("has no group named 'channel'")
        .hasMessageContaining("(?<channel>...)");
  }

  @Test
  void patternThatIsNoRegularExpression() {
    assertThatThrownBy(() -> read("pattern", "(?<channel>["))
        .hasMessageContaining("The pattern is not a regular expression");
  }

  @Test
  void imagesCannotBeWritten() {
    image("A01_dna.tif", 30);
    for (SaveMode mode : List.of(SaveMode.ErrorIfExists, SaveMode.Append, SaveMode.Overwrite)) {
      for (String target : List.of("", "/new", "/A01_dna.tif")) {
        assertThatThrownBy(
                () ->
                    read()
                        .write()
                        .format("microscopy")
                        .mode(mode)
                        .option("pattern", PATTERN)
                        .save(folder + target))
            .as(mode + " " + target)
            .hasMessageContaining("annot be written");
      }
    }
  }

  @Test
  void unknownOption() {
    assertThatThrownBy(() -> read("chanels", "a=b"))
        .hasMessageContaining("no option 'chanels'")
        .hasMessageContaining("channels");
  }

  @Test
  void missingChannel() {
    image("A01_dna.tif", 30);
    image("A01_actin.tif", 30);
    image("A02_dna.tif", 30);
    assertThat(failure()).contains("A02", "CHANNEL_MISSING", "actin");
  }

  @Test
  void sizesDiffer() {
    image("A01_dna.tif", 30);
    image("A01_actin.tif", 30);
    image("A02_dna.tif", 30);
    image("A02_actin.tif", 31);
    assertThat(failure()).contains("A02", "SIZE_MISMATCH", "31 x 20", "30 x 20");
  }

  @Test
  void truncatedTiff() throws IOException {
    image("A01_dna.tif", 30);
    Path broken = image("A02_dna.tif", 300);
    byte[] bytes = Files.readAllBytes(broken);
    // the directory first, as most writers put it, then half of the pixels
    Files.write(broken, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(failure()).contains("A02", "A02_dna.tif").containsAnyOf("TRUNCATED", "UNREADABLE");
  }

  @Test
  void textNamedTif() throws IOException {
    image("A01_dna.tif", 30);
    Files.writeString(folder.resolve("A02_dna.tif"), "not an image\n");
    assertThat(failure()).contains("A02_dna.tif", "Invalid TIFF file");
  }

  @Test
  void emptyFile() throws IOException {
    image("A01_dna.tif", 30);
    Files.writeString(folder.resolve("A02_dna.tif"), "");
    assertThat(failure()).contains("A02_dna.tif", "EMPTY_FILE");
  }

  /** As of a disk that is not mounted: no damage, and not without a word. */
  @Test
  void aLinkThatLeadsNowhere() throws IOException {
    image("A01_dna.tif", 30);
    Files.createSymbolicLink(folder.resolve("A02_dna.tif"), folder.resolve("gone"));
    assertThat(failure()).contains("A02_dna.tif", "FILE_GONE", "leads nowhere");
    Files.delete(folder.resolve("A02_dna.tif"));
    Files.createSymbolicLink(folder.resolve("A02_dna.tif"), folder.resolve("A02_dna.tif"));
    assertThat(failure()).contains("A02_dna.tif", "FILE_GONE");
  }

  @Test
  void aFileThatMayNotBeRead() throws IOException {
    image("A01_dna.tif", 30);
    Path shut = image("A02_dna.tif", 30);
    Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(shut)).as("as root everything may be read").isFalse();
    assertThat(failure()).contains("A02_dna.tif", "FILE_DENIED", "may not be read");
  }

  @Test
  void namesOfColumnsThatClash() {
    image("A01_w-1.tif", 30);
    image("A01_w_1.tif", 30);
    String keys = "(?<well>[A-P]\\d\\d)_(?<channel>.+)\\.tif";
    assertThatThrownBy(() -> read("pattern", keys))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("'w-1' and 'w_1' would both be the column w_1")
        .hasMessageContaining("w-1=first,w_1=second");
    assertThat(read("pattern", keys, "channels", "w-1=a,w_1=b").columns()).contains("a", "b");
    assertThatThrownBy(() -> read("pattern", keys, "channels", "w-1=Well"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("'well' and 'Well', which Spark takes for one")
        .hasMessageContaining("rename the group");
    assertThatThrownBy(() -> read("pattern", "(?<w>[A-P])(?<W>\\d+)_(?<channel>.+)-1\\.tif"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("'w' and 'W'");
    for (String taken : List.of("image", "Y", "corrupt", "nucleus")) {
      assertThatThrownBy(() -> read("pattern", "(?<" + taken + ">A)01_(?<channel>.+)\\.tif"))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("'" + taken + "' cannot name a group");
    }
  }

  /** By its time, its size, or neither, when it was read. */
  @Test
  void aFileThatHasChangedSinceItWasListed() throws IOException {
    image("A01_dna.tif", 30);
    Path changing = image("A02_dna.tif", 30);
    FileTime time = Files.getLastModifiedTime(changing);
    Dataset<Row> pixels = read("mode", "PERMISSIVE");
    assertThat(pixels.where("corrupt is null").count()).isEqualTo(1200);
    Files.setLastModifiedTime(changing, FileTime.fromMillis(time.toMillis() + 1));
    assertThat(changed(pixels)).contains("A02_dna.tif", "has changed since it was listed");
    rewrite(changing, time, Spec.of(30, 20, "uint16", (s, c, z, t, y, x) -> 7));
    assertThat(changed(pixels)).contains("has changed since it was listed", " bytes of ");
    Files.delete(changing);
    assertThat(changed(pixels)).contains("FILE_GONE", "A02_dna.tif", "is not there");
    rewrite(changing, time, Spec.of(30, 20, "uint8", (s, c, z, t, y, x) -> x + y));
    assertThat(pixels.where("corrupt is null").count()).isEqualTo(1200);
    rewrite(changing, time, Spec.of(30, 20, "int8", (s, c, z, t, y, x) -> x + y));
    assertThat(changed(pixels)).contains("30 x 20 pixels of type uint8");
    rewrite(changing, time, Spec.of(20, 30, "uint8", (s, c, z, t, y, x) -> x + y));
    assertThat(changed(pixels)).contains("has changed since it was listed");
  }

  private static void rewrite(Path file, FileTime time, Spec spec) throws IOException {
    Files.deleteIfExists(file);
    TestImages.write(file, spec);
    Files.setLastModifiedTime(file, time);
  }

  private static String changed(Dataset<Row> pixels) {
    assertThat(pixels.where("corrupt is null and dna >= 0").count()).isEqualTo(600);
    return pixels.where("corrupt is not null").select("corrupt").collectAsList().toString();
  }

  /** FAILFAST names the image; PERMISSIVE gives it one row, and the good image all of its own. */
  private String failure() {
    assertThatThrownBy(() -> read().count())
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("1 of the images cannot be read")
        .hasMessageContaining("A02");
    Dataset<Row> pixels = read("mode", "PERMISSIVE");
    List<Row> rows = pixels.where("corrupt is not null").collectAsList();
    assertThat(rows).hasSize(1);
    Row row = rows.get(0);
    assertThat(row.isNullAt(row.fieldIndex("y"))).isTrue();
    assertThat(pixels.where("corrupt is null").count()).isEqualTo(600);
    assertThat(pixels.groupBy("image", "corrupt").count().count()).isEqualTo(2);
    return row.getString(row.fieldIndex("image")) + " " + row.getString(row.fieldIndex("corrupt"));
  }
}
