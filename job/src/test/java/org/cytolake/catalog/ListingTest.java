package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import org.cytolake.bench.FormulaFileSystem;
import org.cytolake.bioformats.ReadingTime;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.config.CytolakeException;
import org.cytolake.field.Failure;
import org.cytolake.field.ImageFile;
import org.cytolake.source.CountingFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are found, and which images they make. */
final class ListingTest {
  private static final String PATTERN = "(?<plate>\\w+)-(?<well>\\w+)-(?<channel>[a-z]+)\\.tif";

  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();

  static SourceOptions options(String pattern, String... paths) {
    return new SourceOptions(
        List.of(paths),
        pattern,
        Map.of(),
        SourceOptions.ALL_Z,
        true,
        true,
        RowSize.PIXELS,
        SourceOptions.DEFAULT_TILE_PIXELS,
        SourceOptions.DEFAULT_PARTITION_PIXELS,
        true,
        ReadingTime.DEFAULT_SECONDS,
        PyramidLevel.FULL,
        ArrivalOptions.DEFAULT);
  }

  private Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
    Files.setLastModifiedTime(
        file, FileTime.from(Instant.ofEpochSecond(1_600_000_000L + name.length(), 123_456_789)));
    return file;
  }

  private List<ImageFile> found(String... paths) {
    return InputFiles.of(options(null, paths), hadoop).files().stream()
        .map(FoundFile::file)
        .toList();
  }

  private static List<String> ids(Listing listing) {
    return listing.images().stream().map(Listing.ListedImage::image).toList();
  }

  @Test
  void localFilesAreWhatHadoopSaysOfThem() throws IOException {
    for (String name :
        List.of(
            "b.tif",
            "a b+ä%20.tif",
            "x/y/z.tif",
            "x/c:1.tif",
            "x.tif",
            ".hidden/a.tif",
            "x/_temporary/a.tif",
            "x/.b.tif",
            "x/w[1].tif")) {
      file(name);
    }
    Files.createSymbolicLink(folder.resolve("link.tif"), folder.resolve("b.tif"));
    Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("d")));
    file("d/in.tif");
    Files.createSymbolicLink(folder.resolve("nowhere.tif"), folder.resolve("gone"));
    Files.createSymbolicLink(folder.resolve("itself.tif"), folder.resolve("itself.tif"));
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(folder.toString());
    FileSystem fs = root.getFileSystem(hadoop);
    List<ImageFile> expected = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> files = fs.listFiles(root, true);
    while (files.hasNext()) {
      LocatedFileStatus f = files.next();
      String path = f.getPath().toString();
      if (!path.substring(folder.toString().length()).matches(".*/[._].*")) {
        expected.add(new ImageFile(path, f.getLen(), f.getModificationTime()));
      }
    }
    assertThat(expected).hasSize(9);
    // which Hadoop passes over; here each costs an image, and is told
    expected.add(new ImageFile("file:" + folder + "/nowhere.tif", 0, 0));
    expected.add(new ImageFile("file:" + folder + "/itself.tif", 0, 0));
    assertThat(found(folder.toString())).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(found(folder.toString())).extracting(ImageFile::path).isSorted();
    assertThat(found(folder.toUri().toString()))
        .as("with its scheme, and a slash")
        .isEqualTo(found(folder.toString()));
  }

  @Test
  void otherFileSystemsGiveTheSameFiles() throws IOException {
    for (String name : List.of("b.tif", "x/y/z.tif", "x/c.tif", "_x/a.tif", "x/.y/a.tif")) {
      file(name);
    }
    CountingFileSystem.register(hadoop);
    List<ImageFile> local = found(folder.toString());
    assertThat(local).hasSize(3);
    assertThat(found("counting://" + folder))
        .extracting(
            f -> new ImageFile(f.path().replace("counting:", "file:"), f.length(), f.modified()))
        .isEqualTo(local);
  }

  @Test
  void subFoldersOnlyWhereWanted() throws IOException {
    file("a.tif");
    file("x/b.tif");
    SourceOptions flat =
        new SourceOptions(
            List.of(folder.toString()),
            null,
            Map.of(),
            0,
            true,
            false,
            RowSize.PIXELS,
            1 << 20,
            1 << 20,
            true,
            60,
            PyramidLevel.FULL,
            ArrivalOptions.DEFAULT);
    assertThat(InputFiles.of(flat, hadoop).files())
        .extracting(FoundFile::relative)
        .containsExactly("a.tif");
  }

  @Test
  void aFileThatSeveralInputsReachIsThereOnce() throws IOException {
    String inner = file("x/a.tif").getParent().toString();
    String settings = file("x/b.cfg").toString();
    String outer = folder.toString();
    for (String[] paths :
        new String[][] {
          {outer, inner}, {inner, outer}, {outer, outer}, {inner + "/a.tif", outer}
        }) {
      Listing listing = Listing.of(options(null, paths), hadoop);
      assertThat(ids(listing)).containsExactly("x/a");
      assertThat(listing.files()).isEqualTo(2);
      assertThat(listing.ignored()).isEqualTo(1);
    }
    assertThat(ids(Listing.of(options(null, outer, settings), hadoop)))
        .as("a file that is named is tried")
        .containsExactly("x/a", "x/b");
  }

  @Test
  void linksThatLeadBackListAFileOnce() throws IOException {
    file("x/a.tif");
    Files.createSymbolicLink(folder.resolve("x/up"), folder);
    Files.createSymbolicLink(folder.resolve("x/here"), folder.resolve("x"));
    assertThat(found(folder.toString())).extracting(ImageFile::name).containsExactly("a.tif");
    Files.createSymbolicLink(folder.resolve("y"), folder.resolve("x"));
    assertThat(ids(Listing.of(options(null, folder.toString()), hadoop)))
        .as("by two ways, since neither leads back")
        .containsExactly("x/a", "y/a");
  }

  @Test
  void aFolderThatMayNotBeReadCostsItsImages() throws IOException {
    file("a.tif");
    Path closed = file("closed/b.tif").getParent();
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assumeThat(Files.isReadable(closed)).as("as root everything may be read").isFalse();
      Listing listing = Listing.of(options(null, folder.toString()), hadoop);
      assertThat(ids(listing)).containsExactly("a");
      assertThat(listing.failures()).hasSize(1);
      Failure failure = listing.failures().get(0);
      assertThat(failure.code()).isEqualTo("FOLDER_DENIED");
      assertThat(failure.image()).isEqualTo("closed/");
      assertThat(failure.message()).contains("file:" + closed);
      assertThatThrownBy(() -> Listing.of(options(null, closed.toString()), hadoop))
          .isInstanceOf(CytolakeException.class)
          .hasMessageContaining("permission denied")
          .hasMessageContaining(closed.toString());
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** The local disk, but for a folder. */
  public static final class DenyingFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("denying:///");
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path f) throws IOException {
      if (f.getName().equals("closed")) {
        throw new AccessControlException("no");
      }
      return super.listStatus(f);
    }
  }

  @Test
  void norDoesAFolderOfAStore() throws IOException {
    file("p-1-dna.tif");
    file("x/closed/p-2-dna.tif");
    hadoop.set("fs.denying.impl", DenyingFileSystem.class.getName());
    Listing listing = Listing.of(options(PATTERN, "denying://" + folder), hadoop);
    assertThat(ids(listing)).containsExactly("p_1");
    assertThat(listing.failures())
        .extracting(Failure::image, Failure::groups, Failure::code)
        .containsExactly(tuple("x/closed/", List.of("", ""), "FOLDER_DENIED"));
    assertThatThrownBy(() -> Listing.of(options(PATTERN, "denying://" + folder + "/x"), hadoop))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("x/closed may not be read");
  }

  @Test
  void groupsThatJoinToOneIdFailBoth() throws IOException {
    for (String name : List.of("P1_A-01-dna.tif", "P1-A_01-dna.tif", "P2-A_01-dna.tif")) {
      file(name);
    }
    Listing listing = Listing.of(options(PATTERN, folder.toString()), hadoop);
    assertThat(ids(listing)).containsExactly("P2_A_01");
    assertThat(listing.failures()).extracting(Failure::image).containsExactly("P1_A_01", "P1_A_01");
    assertThat(listing.failures())
        .extracting(Failure::groups)
        .containsExactlyInAnyOrder(List.of("P1_A", "01"), List.of("P1", "A_01"));
    assertThat(listing.failures())
        .allSatisfy(
            f -> {
              assertThat(f.code()).isEqualTo("DUPLICATE_IMAGE");
              assertThat(f.message()).contains("P1_A-01-dna.tif").contains("P1-A_01-dna.tif");
            });
  }

  @Test
  void anImageOfTheIdOfOneThatLacksAChannelFailsToo() throws IOException {
    for (String name : List.of("P1_A-01-dna.tif", "P1-A_01-dna.tif", "P1-A_01-actin.tif")) {
      file(name);
    }
    Listing listing = Listing.of(options(PATTERN, folder.toString()), hadoop);
    assertThat(listing.images()).isEmpty();
    assertThat(listing.failures())
        .extracting(Failure::code)
        .containsExactlyInAnyOrder("CHANNEL_MISSING", "DUPLICATE_IMAGE");
  }

  @Test
  void equalNamesUnderTwoInputsFailBoth() throws IOException {
    file("x/a.tif");
    file("y/a.tif");
    file("y/b.tif");
    Listing listing = Listing.of(options(null, folder + "/x", folder + "/y"), hadoop);
    assertThat(ids(listing)).containsExactly("b");
    assertThat(listing.failures()).extracting(Failure::image).containsExactly("a.tif", "a.tif");
  }

  @Test
  void aHundredThousandImages() throws IOException {
    FormulaFileSystem.register(hadoop);
    int n = 100_000;
    Listing listing =
        Listing.of(options(FormulaFileSystem.PATTERN, "formula://" + n + "x2/"), hadoop);
    assertThat(listing.failures()).isEmpty();
    assertThat(listing.files()).isEqualTo(2 * n);
    assertThat(listing.ignored()).isZero();
    assertThat(listing.groups()).containsExactly("plate", "well", "site");
    assertThat(listing.channelKeys()).containsExactly("0", "1");
    assertThat(listing.images()).hasSize(n);
    for (int i : new int[] {0, 1, 9, 4_321, n - 1}) {
      Listing.ListedImage image = listing.images().get(i);
      for (int c = 0; c < 2; c++) {
        assertThat(image.files().get(c))
            .isEqualTo(
                new ImageFile(
                    "formula://" + n + "x2" + FormulaFileSystem.path(i, c),
                    FormulaFileSystem.LENGTH,
                    FormulaFileSystem.MODIFIED));
      }
      assertThat(image.image()).isEqualTo(String.join("_", image.groups()));
    }
    assertThat(listing.images().get(n - 1).groups()).containsExactly("0028", "O24", "0");
  }
}
