package org.cytolake.segment;

import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.StarPrediction;
import org.cytolake.stardist.StarThresholds;
import org.cytolake.stardist.Window;

/**
 * Finds the nuclei of one plane, or its candidates tile by tile: normalise, pad, predict, select,
 * suppress, paint. The steps are those of the Python package {@code stardist} (Schmidt, Weigert,
 * Broaddus, Myers: Cell Detection with Star-convex Polygons, MICCAI 2018) after {@code
 * csbdeep.utils.normalize(image, 1, 99.8)}.
 *
 * <p>Reuses its buffer; not thread-safe: one for each task.
 */
public final class Segmenter {
  private final StarDistModel model;
  private final StarThresholds thresholds;
  private final int maxCandidates;
  private FloatBuffer buffer = FloatBuffer.allocate(0);

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
  public PaintedNuclei segment(
      IntToDoubleFunction plane, int height, int width, double low, double high)
      throws OrtException {
    PlaneTile whole = PlaneTile.whole(height, width, model.multiple());
    Candidates candidates = candidates(plane, whole, low, high);
    return PaintedNuclei.whole(
        StarDist.select(List.of(candidates), thresholds), height, width, candidates.size());
  }

  /**
   * Looks for nuclei in a tile.
   *
   * @param pixels raw intensity by row-major index in the tile's window
   * @param low percentile 1 of the whole plane; {@code high} likewise
   * @throws IllegalArgumentException where there are more candidates than allowed
   */
  Candidates candidates(IntToDoubleFunction pixels, PlaneTile tile, double low, double high)
      throws OrtException {
    int height = tile.rows().length();
    int width = tile.columns().length();
    FloatBuffer image = buffer(Math.multiplyExact(height, width));
    normalize(pixels, tile, (float) low, (float) high, image);
    StarPrediction prediction = model.predict(image, height, width);
    return StarDist.candidates(prediction, tile, thresholds, maxCandidates);
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
      IntToDoubleFunction pixels, PlaneTile tile, float low, float high, FloatBuffer into) {
    float range = high - low + 1e-20f;
    Window window = tile.window();
    int width = tile.columns().length();
    for (int y = 0; y < tile.rows().length(); y++) {
      int row = reflect(window.top() + y, tile.imageHeight()) - window.top();
      for (int x = 0; x < width; x++) {
        int column = reflect(window.left() + x, tile.imageWidth()) - window.left();
        float value = (float) pixels.applyAsDouble(row * window.width() + column);
        into.put(y * width + x, (value - low) / range);
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
