package org.cytolake.segment;

import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.cytolake.image.LabelImage;
import org.cytolake.stardist.Star;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.StarPrediction;
import org.cytolake.stardist.StarThresholds;

/**
 * Finds the nuclei of one plane: normalise, pad, predict, select, suppress, paint. The steps are
 * those of the Python package {@code stardist} (Schmidt, Weigert, Broaddus, Myers: Cell Detection
 * with Star-convex Polygons, MICCAI 2018) after {@code csbdeep.utils.normalize(image, 1, 99.8)}.
 *
 * <p>Reuses its buffer; not thread-safe: one for each task.
 */
public final class Segmenter {
  private final StarDistModel model;
  private final StarThresholds thresholds;
  private final int maxCandidates;
  private FloatBuffer buffer = FloatBuffer.allocate(0);

  /** Nuclei, most probable first; the label of the i-th in the label image is i + 1. */
  public record Nuclei(List<Star> stars, LabelImage labels) {}

  public Segmenter(StarDistModel model, StarThresholds thresholds, int maxCandidates) {
    this.model = model;
    this.thresholds = thresholds;
    this.maxCandidates = maxCandidates;
  }

  /**
   * Segments a plane.
   *
   * @param plane raw intensity by row-major index
   * @param low the plane's percentile 1
   * @param high the plane's percentile 99.8
   * @throws IllegalArgumentException where there are more candidates than allowed
   */
  public Nuclei segment(IntToDoubleFunction plane, int height, int width, double low, double high)
      throws OrtException {
    int paddedHeight = padded(height);
    int paddedWidth = padded(width);
    FloatBuffer image = buffer(Math.multiplyExact(paddedHeight, paddedWidth));
    normalize(plane, height, width, (float) low, (float) high, paddedHeight, paddedWidth, image);
    StarPrediction prediction = model.predict(image, paddedHeight, paddedWidth);
    List<Star> stars = StarDist.detect(prediction, thresholds, height, width, maxCandidates);
    return new Nuclei(stars, StarDist.paint(stars, height, width));
  }

  private int padded(int size) {
    return Math.addExact(size, Math.floorMod(-size, model.multiple()));
  }

  private FloatBuffer buffer(int size) {
    if (buffer.capacity() < size) {
      buffer =
          ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
    buffer.clear().limit(size);
    return buffer;
  }

  /**
   * {@code (v - low) / (high - low + 1e-20)} in float32, then reflection without the edge pixel.
   */
  static void normalize(
      IntToDoubleFunction plane,
      int height,
      int width,
      float low,
      float high,
      int paddedHeight,
      int paddedWidth,
      FloatBuffer into) {
    float range = high - low + 1e-20f;
    for (int y = 0; y < paddedHeight; y++) {
      int row = reflect(y, height) * width;
      for (int x = 0; x < paddedWidth; x++) {
        float value = (float) plane.applyAsDouble(row + reflect(x, width));
        into.put(y * paddedWidth + x, (value - low) / range);
      }
    }
  }

  /** numpy.pad's mode "reflect". */
  static int reflect(int index, int size) {
    if (index < size) {
      return index;
    }
    if (size == 1) {
      return 0;
    }
    int period = 2 * (size - 1);
    int place = index % period;
    return place < size ? place : period - place;
  }
}
