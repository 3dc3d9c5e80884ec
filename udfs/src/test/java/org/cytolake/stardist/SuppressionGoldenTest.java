package org.cytolake.stardist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.cytolake.image.LabelImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Against Python's stardist on the same drawn predictions; golden/suppression_golden.py. */
final class SuppressionGoldenTest {
  @ParameterizedTest
  @CsvFileSource(resources = "suppression.csv")
  void starsAndLabelsAreThoseOfStarDist(ArgumentsAccessor line) {
    int height = line.getInteger(3);
    int width = line.getInteger(4);
    StarThresholds thresholds = new StarThresholds(line.getDouble(13), line.getDouble(14));
    StarPrediction prediction = scene(line);

    List<Star> stars = StarDist.detect(prediction, thresholds, height, width, 100_000);
    LabelImage image = StarDist.paint(stars, height, width);

    assertThat(stars).hasSize(line.getInteger(16));
    assertThat(Arrays.stream(image.labels()).filter(v -> v > 0).distinct().count())
        .isEqualTo(line.getLong(17));
    assertThat(
            checksum(
                stars.stream()
                    .map(s -> s.y() + "," + s.x() + ";")
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(line.getString(18));
    assertThat(checksum(bytes(image.labels()))).isEqualTo(line.getString(19));
  }

  private static StarPrediction scene(ArgumentsAccessor line) {
    Lcg draw = new Lcg(line.getLong(0));
    String layout = line.getString(1);
    int grid = line.getInteger(2);
    int h = (line.getInteger(3) + 15) / 16 * 16 / grid;
    int w = (line.getInteger(4) + 15) / 16 * 16 / grid;
    int rays = line.getInteger(5);
    int each = line.getInteger(7);
    int levels = line.getInteger(12);
    float[] prob = new float[h * w];
    float[] dist = new float[h * w * rays];
    for (int i = 0; i < line.getInteger(6); i++) {
      int row;
      int column;
      if (layout.equals("lattice")) {
        int columns = (w - 8) / 6;
        row = 4 + i / columns * 6;
        column = 4 + i % columns * 6;
      } else {
        row = draw.below(h);
        column = draw.below(w);
      }
      if (layout.equals("border")) {
        if (draw.below(2) == 1) {
          row = draw.below(2) * ((line.getInteger(3) + grid - 1) / grid - 1);
        } else {
          column = draw.below(2) * ((line.getInteger(4) + grid - 1) / grid - 1);
        }
      }
      int radius = draw.between(line.getInteger(8), line.getInteger(9));
      for (int k = 0; k < each; k++) {
        int y = row + (layout.equals("lattice") ? 0 : draw.between(-2, 2));
        int x = column + (layout.equals("lattice") ? 0 : draw.between(-2, 2));
        int p = draw.below(1024);
        int[] d = draw.distances(rays, radius, line.getInteger(10), line.getInteger(11));
        if (y >= 0 && y < h && x >= 0 && x < w) {
          prob[y * w + x] =
              levels > 0
                  ? (float) ((1 + p % levels) / (double) levels)
                  : (p * 4096 + i * each + k) / (float) (1 << 22);
          for (int ray = 0; ray < rays; ray++) {
            dist[(y * w + x) * rays + ray] = d[ray] / 64f;
          }
        }
      }
    }
    return new StarPrediction(h, w, rays, grid, prob, dist);
  }

  private static byte[] bytes(int[] labels) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * labels.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asIntBuffer().put(labels);
    return buffer.array();
  }

  private static String checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return String.format("%08x", crc.getValue());
  }

  /** Neither side of the border of 16 bits loses an object. */
  @Test
  void moreObjectsThanSixteenBitsNumber() {
    int side = 256;
    List<Star> lattice = new ArrayList<>();
    float[] dist = new float[8];
    Arrays.fill(dist, 1);
    for (int i = 0; i < side * side; i++) {
      lattice.add(new Star(1 - i / (float) (1 << 20), i / side * 4 + 2, i % side * 4 + 2, dist));
    }
    for (int n : new int[] {65_535, 65_536}) {
      List<Star> stars = new Suppression(lattice.subList(0, n), 0.4f).keep();
      assertThat(stars).isEqualTo(lattice.subList(0, n));
      LabelImage image = StarDist.paint(stars, 4 * side + 1, 4 * side + 1);
      assertThat(image.maxLabel()).isEqualTo(n);
      for (int i = 0; i < n; i++) {
        assertThat(image.at(stars.get(i).y(), stars.get(i).x())).isEqualTo(i + 1);
      }
    }
  }
}
