package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of a table that go while it is read, as when another command moves them: no row is missing
 * without a word. Spark takes a file that goes after it has looked whether it is there for one
 * without rows.
 */
final class VanishedFilesTest {
  @TempDir Path folder;

  private final Random random = new Random(3);
  private SparkSession spark;
  private TableStore store;
  private List<Row> rows;

  /** The local disk under {@code vanishing:///}, where some files are gone when they are listed. */
  public static final class VanishingFileSystem extends RawLocalFileSystem {
    private static final Set<String> GONE = ConcurrentHashMap.newKeySet();
    private static volatile boolean forGood;

    @Override
    public URI getUri() {
      return URI.create("vanishing:///");
    }

    @Override
    public String getScheme() {
      return "vanishing";
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path f) throws IOException {
      if (forGood ? GONE.contains(f.getName()) : GONE.remove(f.getName())) {
        throw new FileNotFoundException(f + " has gone");
      }
      return super.listStatus(f);
    }
  }

  @BeforeEach
  void twoFiles() {
    spark = Samples.spark();
    spark
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.vanishing.impl", VanishingFileSystem.class.getName());
    store = Samples.parquet("vanishing://" + folder, Samples.LAYOUT);
    rows = Samples.rows(Table.NUCLEI, "a", 3, random);
    write("a", rows);
    List<Row> others = Samples.rows(Table.NUCLEI, "b", 4, random);
    write("b", others);
    rows.addAll(others);
    assertThat(files()).hasSize(2);
  }

  @AfterEach
  void nothingIsGone() {
    VanishingFileSystem.GONE.clear();
  }

  private void write(String image, List<Row> rows) {
    try (Run run = store.begin()) {
      run.replace(Table.NUCLEI, Samples.dataset(Table.NUCLEI, rows), List.of(image));
      run.commit(Map.of());
    }
  }

  private List<String> files() {
    try (Stream<Path> files = Files.list(folder.resolve(Table.NUCLEI.folder()))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(name -> name.endsWith(".parquet") && !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void gone(boolean forGood) {
    VanishingFileSystem.forGood = forGood;
    VanishingFileSystem.GONE.add(files().get(0));
  }

  /** It is there again, under the name that it has by then. */
  @Test
  void aTableIsReadAgainWhereOneWasMoved() {
    gone(false);
    assertThat(Samples.text(store.read(Table.NUCLEI).orElseThrow())).isEqualTo(Samples.text(rows));
    assertThat(VanishingFileSystem.GONE).as("it was looked for").isEmpty();
  }

  @Test
  void oneThatHasGoneForGoodIsMissed() {
    gone(true);
    requireMissed(() -> store.read(Table.NUCLEI));
    // and where rows of it are to be kept
    try (Run run = store.begin()) {
      requireMissed(() -> run.read(Table.NUCLEI));
    }
  }

  /** The session's own settings do not hide one that goes later. */
  @Test
  void oneThatGoesBeforeItIsOpenedIsMissed() throws IOException {
    spark.conf().set("spark.sql.files.ignoreMissingFiles", true);
    try {
      var read = store.read(Table.NUCLEI).orElseThrow();
      Files.delete(folder.resolve(Table.NUCLEI.folder()).resolve(files().get(0)));
      assertThatThrownBy(read::collectAsList)
          .hasStackTraceContaining(FileNotFoundException.class.getName());
    } finally {
      spark.conf().unset("spark.sql.files.ignoreMissingFiles");
    }
  }

  private static void requireMissed(org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            CytolakeException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED))
        .hasMessageContaining("have gone while they were read")
        .hasMessageContaining("run the same command again");
  }
}
