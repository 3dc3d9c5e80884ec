package org.cytolake.bioformats.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** What zlib makes of it. */
class LabelDeflaterTest {
  private static final Random RANDOM = new Random(7);

  /** Deflates all rows at once. */
  private static int check(int width, int rows, int bytes, int[] labels)
      throws DataFormatException {
    LabelDeflater deflater = new LabelDeflater(width, rows, bytes);
    int last = 0;
    for (int from : new int[] {0, labels.length - width * rows}) {
      last = deflater.deflate(labels, from, width * rows);
      Inflater inflater = new Inflater(); // which checks the sum too
      inflater.setInput(deflater.out(), 0, last);
      byte[] inflated = new byte[width * rows * bytes + 1];
      assertThat(inflater.inflate(inflated)).isEqualTo(width * rows * bytes);
      assertThat(inflater.finished()).isTrue();
      assertThat(inflater.getRemaining()).isZero();
      inflater.end();
      assertThat(Arrays.copyOf(inflated, inflated.length - 1))
          .isEqualTo(packed(Arrays.copyOfRange(labels, from, from + width * rows), bytes));
    }
    return last;
  }

  private static byte[] packed(int[] labels, int bytes) {
    ByteBuffer packed = ByteBuffer.allocate(labels.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int label : labels) {
      if (bytes == 4) {
        packed.putInt(label);
      } else {
        packed.putShort((short) label);
      }
    }
    return packed.array();
  }

  private static int[] labels(int size, IntUnaryOperator label) {
    int[] labels = new int[size];
    Arrays.setAll(labels, label);
    return labels;
  }

  @Test
  void everySizeOfNoiseRunsAndNothing() throws DataFormatException {
    int[][] sizes = {{1, 1}, {1, 300}, {2, 40}, {3, 3}, {64, 64}, {65, 7}, {130, 5}, {17_000, 3}};
    for (int bytes : new int[] {2, 4}) {
      int most = bytes == 2 ? 1 << 16 : Integer.MAX_VALUE;
      for (int[] size : sizes) {
        int pixels = size[0] * size[1] + 5; // begins elsewhere too
        for (int bound : new int[] {1, 2, 7, 256, 300, most}) {
          check(size[0], size[1], bytes, labels(pixels, i -> RANDOM.nextInt(bound)));
        }
        check(size[0], size[1], bytes, labels(pixels, i -> most - 1));
        check(size[0], size[1], bytes, labels(pixels, i -> i % size[0]));
        for (int run = 2; run < 300; run = run * 3 / 2) {
          int length = run;
          check(size[0], size[1], bytes, labels(pixels, i -> i / length % 1000));
        }
      }
    }
  }

  /** Parts of matches: 258 bytes are the most, and 2 left over are too few. */
  @Test
  void everyLengthOfRun() throws DataFormatException {
    for (int run = 1; run < 400; run++) {
      int length = run;
      check(500, 1, 2, labels(500, i -> i < length ? 5 : i % 2));
      check(500, 2, 2, labels(1000, i -> i < 500 || i < 500 + length ? i % 500 : 9));
      check(500, 2, 4, labels(1000, i -> i < 500 || i < 500 + length ? i % 500 : 9));
    }
  }

  /** Counts that grow as Fibonacci's numbers would give codes of one bit more each. */
  @Test
  void codesAreNotTooLong() throws DataFormatException {
    int[] labels = new int[1 << 18];
    for (int label = 0, at = 0, before = 1, count = 1; at + count < labels.length; label++) {
      for (int i = 0; i < count; i++) {
        labels[at++] = 257 * label;
      }
      int sum = before + count;
      before = count;
      count = sum;
    }
    for (int i = labels.length - 1; i > 0; i--) {
      int other = RANDOM.nextInt(i + 1);
      int label = labels[i];
      labels[i] = labels[other];
      labels[other] = label;
    }
    check(512, 512, 2, labels);
  }

  /** Round objects, and clusters with noise in and between them. */
  @Test
  void sizeIsNearZlibs() throws DataFormatException {
    int[] nuclei = labels(1 << 18, i -> disk(i % 512, i / 512));
    int[] clusters =
        labels(
            1 << 18,
            i -> {
              int label = disk(i % 512, i / 512);
              return label == 0 ? 0 : 1 + (label + RANDOM.nextInt(6) / 4) % 6;
            });
    for (int[] labels : new int[][] {nuclei, clusters}) {
      Deflater zlib = new Deflater(6);
      zlib.setInput(packed(labels, 2));
      zlib.finish();
      int expected = zlib.deflate(new byte[1 << 20]);
      zlib.end();
      assertThat(check(512, 512, 2, labels)).isLessThan(expected * 7 / 4);
    }
  }

  private static int disk(int x, int y) {
    int column = x / 37;
    int row = y / 41;
    int dx = x % 37 - 18;
    int dy = y % 41 - 20;
    int radius = 9 + (column * 5 + row * 3) % 9;
    return dx * dx + dy * dy < radius * radius ? 1 + column + 14 * row : 0;
  }
}
