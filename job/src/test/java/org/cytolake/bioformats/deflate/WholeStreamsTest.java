package org.cytolake.bioformats.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the JDK's zlib. */
class WholeStreamsTest {
  private static final int BEFORE = 3; // bytes that do not belong to it, before and after

  private enum Form {
    ZLIB,
    GZIP
  }

  private static byte[] samples(Random random, int size) {
    byte[] samples = new byte[size];
    int levels = 1 << random.nextInt(9);
    double repeats = random.nextDouble();
    for (int i = 0; i < size; i++) {
      samples[i] =
          i > 0 && random.nextDouble() < repeats ? samples[i - 1] : (byte) random.nextInt(levels);
    }
    return samples;
  }

  private static byte[] packed(Form form, byte[] samples, int level, int strategy)
      throws IOException {
    if (form == Form.GZIP) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip =
          new GZIPOutputStream(out) {
            {
              def.setLevel(level);
              def.setStrategy(strategy);
            }
          }) {
        gzip.write(samples);
      }
      byte[] stream = out.toByteArray();
      stream[9] = (byte) level; // says which system wrote it; nobody asks
      return stream;
    }
    Deflater deflater = new Deflater(level);
    deflater.setStrategy(strategy);
    deflater.setInput(samples);
    deflater.finish();
    byte[] stream = new byte[2 * samples.length + 100];
    int length = 0;
    while (!deflater.finished()) { // a strategy that is set makes it return early
      length += deflater.deflate(stream, length, stream.length - length);
    }
    deflater.end();
    return Arrays.copyOf(stream, length);
  }

  /** What a stream gives that lies among other bytes; null where it is none of that size. */
  private static byte[] inflated(Form form, byte[] stream, int size) {
    byte[] packed = new byte[stream.length + 2 * BEFORE];
    Arrays.fill(packed, (byte) 0x55);
    System.arraycopy(stream, 0, packed, BEFORE, stream.length);
    byte[] into = new byte[size + 2 * BEFORE];
    boolean isWhole =
        form == Form.GZIP
            ? WholeStreams.gzip(packed, BEFORE, stream.length, into, BEFORE, size)
            : WholeStreams.zlib(packed, BEFORE, stream.length, into, BEFORE, size);
    IntConsumer isUntouched = i -> assertThat(into[i]).as("byte %d of %d", i, size).isZero();
    IntStream.range(0, BEFORE).forEach(isUntouched);
    IntStream.range(BEFORE + size, into.length).forEach(isUntouched);
    return isWhole ? Arrays.copyOfRange(into, BEFORE, BEFORE + size) : null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ZLIB", "GZIP"})
  void whole(Form form) throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      byte[] samples = samples(random, random.nextInt(i % 20 == 0 ? 300_000 : 5_000));
      byte[] stream = packed(form, samples, random.nextInt(10), random.nextInt(3));
      assertThat(inflated(form, stream, samples.length)).isEqualTo(samples);
      assertThat(inflated(form, stream, samples.length + 1)).isNull();
      if (samples.length > 0) {
        assertThat(inflated(form, stream, samples.length - 1)).isNull();
      }
    }
  }

  /** What the JDK reads, checksum and all. */
  private static byte[] byJdk(Form form, byte[] stream) throws IOException {
    InputStream in = new ByteArrayInputStream(stream);
    try (InputStream out =
        form == Form.GZIP ? new GZIPInputStream(in) : new InflaterInputStream(in)) {
      return out.readAllBytes();
    }
  }

  /** What is taken for whole is what was packed, or the JDK takes it for whole, too. */
  @Test
  void damaged() throws IOException {
    Random random = new Random(4);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      Form form = Form.values()[i % 2];
      byte[] samples = samples(random, 1 + random.nextInt(3_000));
      byte[] stream = packed(form, samples, random.nextInt(10), random.nextInt(3));
      byte[] bad =
          random.nextInt(4) == 0 ? Arrays.copyOf(stream, random.nextInt(stream.length)) : stream;
      for (int k = random.nextInt(4); k >= 0 && bad.length > 0; k--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      byte[] found = inflated(form, bad, samples.length);
      if (found == null) {
        refused++;
      } else if (!Arrays.equals(found, samples)) {
        assertThat(found).isEqualTo(byJdk(form, bad));
      }
    }
    assertThat(refused).isBetween(17_000, 19_999); // some bytes became what they were
  }

  /** On processors without ISA-L. */
  @Test
  void theBodyByTheJdk() throws IOException {
    Random random = new Random(6);
    for (int i = 0; i < 500; i++) {
      byte[] samples = samples(random, 1 + random.nextInt(5_000));
      byte[] stream = packed(Form.ZLIB, samples, random.nextInt(10), random.nextInt(3));
      byte[] into = new byte[samples.length];
      boolean isWhole =
          WholeStreams.inflateByJdk(stream, 2, stream.length - 6, into, 0, into.length);
      assertThat(isWhole).isTrue();
      assertThat(into).isEqualTo(samples);
      stream[2] = 7; // a kind of block that there is not
      isWhole = WholeStreams.inflateByJdk(stream, 2, stream.length - 6, into, 0, into.length);
      assertThat(isWhole).isFalse();
    }
  }

  @Test
  void otherForms() throws IOException {
    byte[] samples = samples(new Random(5), 1_000);
    byte[] zlib = packed(Form.ZLIB, samples, 6, 0);
    byte[] gzip = packed(Form.GZIP, samples, 6, 0);
    assertThat(inflated(Form.GZIP, zlib, 1_000)).isNull();
    assertThat(inflated(Form.ZLIB, gzip, 1_000)).isNull();
    assertThat(inflated(Form.ZLIB, new byte[0], 0)).isNull();
    byte[] twoMembers = Arrays.copyOf(gzip, 2 * gzip.length);
    System.arraycopy(gzip, 0, twoMembers, gzip.length, gzip.length);
    assertThat(inflated(Form.GZIP, twoMembers, 2_000)).isNull();
    byte[] named = gzip.clone();
    named[3] = 8;
    assertThat(inflated(Form.GZIP, named, 1_000)).isNull();
    Deflater withDictionary = new Deflater();
    withDictionary.setDictionary(samples);
    withDictionary.setInput(samples);
    withDictionary.finish();
    byte[] stream = new byte[2_000];
    int length = withDictionary.deflate(stream);
    withDictionary.end();
    assertThat(inflated(Form.ZLIB, Arrays.copyOf(stream, length), 1_000)).isNull();
  }

  /** Their native memory is used again, and never by two at once. */
  @Test
  void byManyThreads() {
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            seed -> {
              try {
                byte[] samples = samples(new Random(seed), 20_000);
                byte[] stream = packed(Form.ZLIB, samples, 6, 0);
                for (int i = 0; i < 20; i++) {
                  assertThat(inflated(Form.ZLIB, stream, samples.length)).isEqualTo(samples);
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }
}
