package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import loci.formats.FormatTools;
import org.cytolake.field.SampleType;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  private static final List<Integer> TYPES =
      List.of(
          FormatTools.UINT8,
          FormatTools.INT8,
          FormatTools.UINT16,
          FormatTools.INT16,
          FormatTools.UINT32,
          FormatTools.INT32,
          FormatTools.FLOAT,
          FormatTools.DOUBLE);

  /** As numpy's {@code astype(np.float32)}. */
  @Test
  void floatsAreTheNearestOfEverySample() {
    for (int pixelType : TYPES) {
      byte[] bytes = new byte[800];
      new Random(pixelType).nextBytes(bytes);
      Samples samples = new Samples(BioFormats.sampleType(pixelType));
      samples.decode(bytes, 100, pixelType, true, 0, 1);
      check(samples);
    }
  }

  /**
   * One by one, by ByteBuffer; from parts that begin anywhere, and of channels that lie together.
   */
  @Test
  void samplesOfEveryTypeAndOrder() {
    Random random = new Random(3);
    for (int i = 0; i < 3_000; i++) {
      int pixelType = TYPES.get(random.nextInt(TYPES.size()));
      boolean littleEndian = random.nextBoolean();
      int width = FormatTools.getBytesPerPixel(pixelType);
      int count = 1 + random.nextInt(40);
      int step = 1 + random.nextInt(2) * random.nextInt(4);
      int first = random.nextInt(step);
      byte[] bytes = new byte[count * step * width];
      random.nextBytes(bytes);
      Samples samples = new Samples(BioFormats.sampleType(pixelType));
      samples.decode(bytes, count, pixelType, littleEndian, first, step);
      for (int s = 0; s < count; s++) {
        double expected = sample(bytes, (first + s * step) * width, pixelType, littleEndian);
        assertThat(samples.at(s)).isEqualTo(Double.valueOf(expected));
      }
      byte[] moved = new byte[5 + count * width];
      System.arraycopy(bytes, 0, moved, 5, count * width);
      int split = random.nextInt(count + 1);
      var sink = samples.sink(count, pixelType, littleEndian);
      sink.take(moved, 5 + split * width, count - split, split);
      sink.take(moved, 5, split, 0);
      assertThat(samples.size()).isEqualTo(count);
      for (int s = 0; s < count; s++) {
        assertThat(samples.at(s))
            .isEqualTo(Double.valueOf(sample(bytes, s * width, pixelType, littleEndian)));
      }
    }
  }

  private static double sample(byte[] bytes, int at, int pixelType, boolean littleEndian) {
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes).order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    return switch (pixelType) {
      case FormatTools.UINT8 -> bytes[at] & 0xff;
      case FormatTools.INT8 -> bytes[at];
      case FormatTools.UINT16 -> buffer.getShort(at) & 0xffff;
      case FormatTools.INT16 -> buffer.getShort(at);
      case FormatTools.UINT32 -> buffer.getInt(at) & 0xffffffffL;
      case FormatTools.INT32 -> buffer.getInt(at);
      case FormatTools.FLOAT -> buffer.getFloat(at);
      default -> buffer.getDouble(at);
    };
  }

  @Test
  void samplesAsTheyWereReadToo() {
    Samples samples = new Samples(SampleType.INT);
    new Random(5).nextBytes(samples.pack(100));
    check(samples);
    assertThat(samples.packed()).isNotNull();
  }

  private static void check(Samples samples) {
    float[] found = new float[31];
    samples.floats(60, 29, found, 1);
    for (int i = 0; i < 29; i++) {
      assertThat(found[1 + i]).isEqualTo((float) samples.at(60 + i));
    }
    assertThat(found[0]).isZero();
    assertThat(found[30]).isZero();
  }
}
