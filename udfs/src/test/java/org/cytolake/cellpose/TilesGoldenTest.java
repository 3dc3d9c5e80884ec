package org.cytolake.cellpose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.zip.CRC32;
import org.cytolake.histogram.Histogram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Against Python's cellpose around a network that is arithmetic; golden/cellpose_tiles_golden.py.
 */
final class TilesGoldenTest {
  private static final int LONGEST = 224;

  @ParameterizedTest
  @CsvFileSource(resources = "tiles.csv")
  void whatTheNetworkSeesAndWhatIsJoinedAreThoseOfCellpose(ArgumentsAccessor line) {
    int height = line.getInteger(0);
    int width = line.getInteger(1);
    float[] first = image(line, 0);
    float[] second = image(line, 1);
    normalize(first, height, width);
    normalize(second, height, width);
    assertThat(checksum(first)).isEqualTo(line.getString(5));
    assertThat(checksum(second)).isEqualTo(line.getString(6));

    float rescale = 30f / line.getFloat(4);
    int h = (int) (height * rescale);
    int w = (int) (width * rescale);
    float[][] joined =
        arithmetic(
            LinearResize.resize(first, height, width, h, w),
            LinearResize.resize(second, height, width, h, w),
            h,
            w);
    for (int k = 0; k < 3; k++) {
      assertThat(checksum(LinearResize.resize(joined[k], h, w, height, width)))
          .isEqualTo(line.getString(7 + k));
    }
  }

  private static float[] image(ArgumentsAccessor line, int channel) {
    int width = line.getInteger(1);
    long modulus = line.getInteger(2);
    long factor = line.getInteger(3);
    float[] image = new float[line.getInteger(0) * width];
    for (int i = 0; i < image.length; i++) {
      long y = i / width;
      long x = i % width;
      image[i] =
          channel == 0
              ? (y * y * 31 + x * 7919 + x * y * factor) % 4093
              : (y * 523 + x * x * 17 + 9) % modulus + 5;
    }
    return image;
  }

  private static void normalize(float[] image, int height, int width) {
    long[] counts = new long[1 << 16];
    double[] values = new double[1 << 16];
    for (float v : image) {
      values[(int) v] = v;
      counts[(int) v]++;
    }
    Histogram all = Histogram.of(values, counts);
    Range99 range =
        Range99.isSampled(height, width)
            ? Range99.of(all, sample(image, height, width))
            : Range99.of(all);
    range.normalize(image);
  }

  private static float[] sample(float[] image, int height, int width) {
    int down = Range99.step(height);
    int across = Range99.step(width);
    float[] sample = new float[(height + down - 1) / down * ((width + across - 1) / across)];
    int n = 0;
    for (int y = 0; y < height; y += down) {
      for (int x = 0; x < width; x += across) {
        sample[n++] = image[y * width + x];
      }
    }
    return sample;
  }

  private static float[][] arithmetic(float[] first, float[] second, int height, int width) {
    TaperedTiles tiles = new TaperedTiles(height, width, LONGEST);
    int size = tiles.tileHeight() * tiles.tileWidth();
    FloatBuffer input = FloatBuffer.allocate(2 * size);
    FloatBuffer output = FloatBuffer.allocate(3 * size);
    for (int tile = 0; tile < tiles.count(); tile++) {
      tiles.cut(tile, first, input, 0, 1);
      tiles.cut(tile, second, input, 1 * size, 1);
      for (int i = 0; i < size; i++) {
        float a = input.get(i);
        float b = input.get(size + i);
        int row = i / tiles.tileWidth();
        int column = i % tiles.tileWidth();
        output.put(i, a * 2 + row / 64f);
        output.put(size + i, b - column / 32f);
        output.put(2 * size + i, a * b);
      }
      for (int k = 0; k < 3; k++) {
        tiles.add(tile, k, output, k * size, 1);
      }
    }
    return tiles.means();
  }

  private static String checksum(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return String.format("%08x", crc.getValue());
  }
}
