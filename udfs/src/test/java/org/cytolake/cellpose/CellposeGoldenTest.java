package org.cytolake.cellpose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.cytolake.image.LabelImage;
import org.cytolake.intensity.SampleTiff;
import org.cytolake.stardist.Lcg;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Against Python's cellpose on the flows that it makes of labels; golden/cellpose_golden.py. */
final class CellposeGoldenTest {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scene(LabelImage labels, float[] flow, CellFlows disturbed) {}

  @ParameterizedTest
  @CsvFileSource(resources = "cellpose.csv")
  void flowsAndObjectsAreThoseOfCellpose(ArgumentsAccessor line) throws IOException {
    Scene scene = scene(line);
    int steps = line.getInteger(10);
    FlowThresholds thresholds =
        new FlowThresholds(line.getDouble(9), FlowThresholds.FLOW_ERROR, FlowThresholds.MIN_SIZE);

    assertThat(checksum(scene.flow())).isEqualTo(line.getString(11));
    LabelImage followed = Cellpose.followed(scene.disturbed(), thresholds, steps);
    assertThat(objects(followed)).isEqualTo(line.getLong(12));
    assertThat(checksum(followed)).isEqualTo(line.getString(13));
    LabelImage objects = Cellpose.objects(scene.disturbed(), thresholds, steps);
    assertThat(objects(objects)).isEqualTo(line.getLong(14));
    assertThat(checksum(objects)).isEqualTo(line.getString(15));
  }

  private static Scene scene(ArgumentsAccessor line) throws IOException {
    int height = line.getInteger(2);
    int width = line.getInteger(3);
    int noise = line.getInteger(7);
    int turned = line.getInteger(8);
    Lcg draw = new Lcg(line.getLong(0));
    LabelImage labels = labels(line, draw, height, width);
    int objects = Numbering.renumber(labels, labels.maxLabel());
    int pixels = height * width;
    float[] flow = new float[2 * pixels];
    Diffusion diffusion = new Diffusion(labels, LabelBounds.of(labels, objects));
    for (int label = 1; label <= objects; label++) {
      diffusion.flow(
          label,
          (index, dy, dx) -> {
            flow[index] = (float) dy;
            flow[pixels + index] = (float) dx;
          });
    }
    float[] dy = new float[pixels];
    float[] dx = new float[pixels];
    float[] prob = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      int label = labels.at(i);
      float sign = turned > 0 && label > 0 && label % turned == 0 ? -5 : 5;
      dy[i] = flow[i] * sign + draw.between(-noise, noise) / 256f;
      dx[i] = flow[pixels + i] * sign + draw.between(-noise, noise) / 256f;
      prob[i] = (label > 0 ? 4 : -4) + draw.between(-noise, noise) / 256f * 2f;
    }
    return new Scene(labels, flow, new CellFlows(height, width, dy, dx, prob));
  }

  private static LabelImage labels(ArgumentsAccessor line, Lcg draw, int height, int width)
      throws IOException {
    String layout = line.getString(1);
    LabelImage image = new LabelImage(height, width);
    if (layout.startsWith("labels-")) {
      SampleTiff tiff = SampleTiff.read(Path.of("../sample-data/truth/" + layout + ".tif"));
      double[] truth = tiff.pixels();
      int top = draw.below(truth.length / tiff.width() - height + 1);
      int left = draw.below(tiff.width() - width + 1);
      for (int i = 0; i < height * width; i++) {
        image.labels()[i] = (int) truth[(top + i / width) * tiff.width() + left + i % width];
      }
      return image;
    }
    for (int label = 1; label <= line.getInteger(4); label++) {
      int row = draw.below(height);
      int column = draw.below(width);
      long a = draw.between(line.getInteger(5), line.getInteger(6));
      long b = draw.between(line.getInteger(5), line.getInteger(6));
      for (int i = 0; i < height * width; i++) {
        long y = (i / width - row) * b;
        long x = (i % width - column) * a;
        long distance = y * y + x * x;
        boolean hole = layout.equals("rings") && distance * 9 <= a * b * a * b;
        if (distance <= a * b * a * b && !hole) {
          image.labels()[i] = label;
        }
      }
    }
    return image;
  }

  private static long objects(LabelImage image) {
    return Arrays.stream(image.labels()).filter(v -> v > 0).distinct().count();
  }

  private static String checksum(LabelImage image) {
    ByteBuffer buffer = buffer(image.labels().length);
    buffer.asIntBuffer().put(image.labels());
    return checksum(buffer);
  }

  private static String checksum(float[] values) {
    ByteBuffer buffer = buffer(values.length);
    buffer.asFloatBuffer().put(values);
    return checksum(buffer);
  }

  private static ByteBuffer buffer(int values) {
    return ByteBuffer.allocate(4 * values).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String checksum(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return String.format("%08x", crc.getValue());
  }
}
