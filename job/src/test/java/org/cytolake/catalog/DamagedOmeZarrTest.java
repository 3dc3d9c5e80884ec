package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.cytolake.bioformats.TinyZarr;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of OME-Zarr that lack something, or declare what cannot be. */
final class DamagedOmeZarrTest {
  @TempDir Path folder;

  @Test
  void aFolderWithoutMetadataIsNoSilence() throws IOException {
    Path damaged = OmeZarrTest.image(folder.resolve("in/a.zarr"));
    OmeZarrTest.image(folder.resolve("in/b.zarr"));
    Files.delete(damaged.resolve("zarr.json"));
    ImageCatalog catalog = OmeZarrTest.load(folder.resolve("in"));
    assertThat(catalog.failures())
        .extracting(Failure::image, Failure::code)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a", "INCOMPLETE_IMAGE"));
  }

  @Test
  void whatAPlateNamesAndLacksFails() throws IOException {
    Path plate = OmeZarrTest.plate(folder.resolve("p.zarr"));
    remove(plate.resolve("B/12"));
    remove(plate.resolve("A/1/1"));
    ImageCatalog catalog = OmeZarrTest.load(plate);
    assertThat(catalog.fields()).extracting(Field::image).containsExactly("p_A01_0");
    assertThat(catalog.failures())
        .extracting(Failure::image, Failure::code)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("p_A01_1", "INCOMPLETE_IMAGE"),
            org.assertj.core.groups.Tuple.tuple("p_B12", "INCOMPLETE_IMAGE"));
    assertThat(catalog.failures().get(1).groups()).containsExactly("p", "B12", "");
  }

  private static void remove(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  @Test
  void missingChunksAreFillAndDamagedOnesFail() throws IOException {
    Path image = OmeZarrTest.image(folder.resolve("a.zarr"));
    Files.delete(image.resolve("0/c/0/0/0/0/0"));
    Files.write(image.resolve("0/c/0/0/0/0/1"), new byte[100]);
    Files.write(image.resolve("0/c/0/0/0/1/0"), new byte[1 << 20]);
    Field field = OmeZarrTest.load(image).fields().get(0);
    assertThat(OmeZarrTest.read(field, 0, 0, 0, 3, 3)).isEqualTo(7);
    assertThat(OmeZarrTest.read(field, 0, 0, 0, 3, 17))
        .isEqualTo(OmeZarrTest.sample(new int[] {0, 0, 0, 17, 3}));
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> OmeZarrTest.read(field, 0, 0, 0, 20, 3))
        .hasMessageContaining("the chunk [0, 0, 0, 0, 1] is damaged: it holds 100 in place of 512")
        .hasMessageContaining("Copy it again");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> OmeZarrTest.read(field, 0, 0, 0, 3, 9))
        .hasMessageContaining("has more than the");
  }

  @Test
  void hostileChunksAndShardsEndInAnError() throws IOException {
    Path image = OmeZarrTest.image(folder.resolve("a.zarr"));
    java.util.Random random = new java.util.Random(5);
    for (String codec :
        List.of(
            "{\"name\": \"blosc\"}",
            "{\"name\": \"zstd\"}",
            "{\"name\": \"gzip\"}",
            "{\"name\": \"numcodecs.lz4\"}",
            "{\"name\": \"numcodecs.zlib\"}",
            "{\"name\": \"crc32c\"}")) {
      Files.writeString(
          image.resolve("0/zarr.json"),
          TinyZarr.metadata(OmeZarrTest.SHAPE, OmeZarrTest.CHUNK, "uint16", ", " + codec));
      Field field = OmeZarrTest.load(image).fields().get(0);
      for (int n = 0; n < 40; n++) {
        byte[] bytes = new byte[random.nextInt(700)];
        random.nextBytes(bytes);
        if (bytes.length > 16 && codec.contains("blosc")) { // a header that is believed
          java.nio.ByteBuffer.wrap(bytes)
              .order(java.nio.ByteOrder.LITTLE_ENDIAN)
              .put(0, (byte) 2)
              .put(2, (byte) (random.nextInt(5) << 5 | random.nextInt(2)))
              .put(3, (byte) (1 + random.nextInt(4)))
              .putInt(4, 512)
              .putInt(8, 1 + random.nextInt(600))
              .putInt(12, bytes.length);
        }
        Files.write(image.resolve("0/c/0/0/0/0/0"), bytes);
        try {
          OmeZarrTest.read(field, 0, 0, 0, 3, 3);
        } catch (org.cytolake.bioformats.ImageReadException e) {
          assertThat(e.failure().code()).isEqualTo("DAMAGED_FILE");
        }
      }
    }
  }

  /** RFC 1952: a stream has a header that may say more, a checksum and a length; several join. */
  @Test
  void gzipOfEveryFormIsReadAndDamageSeen() throws IOException {
    Path image = OmeZarrTest.image(folder.resolve("a.zarr"));
    Path chunk = image.resolve("0/c/0/0/0/0/0");
    byte[] samples = Files.readAllBytes(chunk);
    Files.writeString(
        image.resolve("0/zarr.json"),
        TinyZarr.metadata(
            OmeZarrTest.SHAPE, OmeZarrTest.CHUNK, "uint16", ", {\"name\": \"gzip\"}"));
    Field field = OmeZarrTest.load(image).fields().get(0);
    int expected = OmeZarrTest.sample(new int[] {0, 0, 0, 3, 3});
    byte[] plain = gzip(samples, 0, samples.length);
    byte[] named = new byte[plain.length + 2];
    System.arraycopy(plain, 0, named, 0, 10);
    named[3] = 8; // a name follows
    named[10] = 'a';
    System.arraycopy(plain, 10, named, 12, plain.length - 10);
    byte[] first = gzip(samples, 0, 100);
    byte[] second = gzip(samples, 100, samples.length - 100);
    byte[] joined = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    for (byte[] right : List.of(plain, named, joined)) {
      Files.write(chunk, right);
      assertThat(OmeZarrTest.read(field, 0, 0, 0, 3, 3)).isEqualTo(expected);
    }
    for (int byEnd : new int[] {1, 5}) { // in the length, in the checksum
      byte[] wrong = plain.clone();
      wrong[wrong.length - byEnd] ^= 1;
      Files.write(chunk, wrong);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> OmeZarrTest.read(field, 0, 0, 0, 3, 3))
          .hasMessageContaining("the chunk [0, 0, 0, 0, 0] is damaged: Corrupt GZIP trailer");
    }
    Files.write(chunk, gzip(new byte[samples.length + 1], 0, samples.length + 1));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> OmeZarrTest.read(field, 0, 0, 0, 3, 3))
        .hasMessageContaining("it holds more than a chunk");
  }

  private static byte[] gzip(byte[] samples, int from, int count) throws IOException {
    var stored = new java.io.ByteArrayOutputStream();
    try (var out = new java.util.zip.GZIPOutputStream(stored)) {
      out.write(samples, from, count);
    }
    return stored.toByteArray();
  }
}
