package org.cytolake.nuclei;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cytolake.image.Plane;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.NetworkPrediction;
import org.cytolake.network.SharedModels;
import org.cytolake.network.StarDistModel;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.StarThresholds;
import org.cytolake.stardist.Window;

/**
 * Finds the nuclei of one plane, or its candidates tile by tile: normalise, pad, predict, select,
 * suppress, paint. The steps are those of the Python package {@code stardist} (Schmidt, Weigert,
 * Broaddus, Myers: Cell Detection with Star-convex Polygons, MICCAI 2018) after {@code
 * csbdeep.utils.normalize(image, 1, 99.8)}.
 *
 * <p>Channels are normalised each by its own percentiles, as by {@code normalize(image, 1, 99.8,
 * axis=(0, 1))}. Not thread-safe: one for each task.
 */
final class Segmenter {
  private final StarDistModel model;
  private final NetworkBuffers buffers;
  private final StarThresholds thresholds;
  private final int maxCandidates;
  private final Set<Blank> withoutNuclei = new HashSet<>();

  /** What the network sees of a tile whose every pixel is the same: one value for each channel. */
  private record Blank(int height, int width, List<Float> values) {}

  Segmenter(
      StarDistModel model, NetworkBuffers buffers, StarThresholds thresholds, int maxCandidates) {
    this.model = model;
    this.buffers = buffers;
    this.thresholds = thresholds;
    this.maxCandidates = maxCandidates;
  }

  /** For the running task, whose end lets go of the network. */
  static Segmenter ofTask(ModelFile file, int threads, NucleiSettings settings) {
    SharedModels.Lease lease = SharedModels.ofTask(file, threads);
    return new Segmenter(
        lease.starDist(), lease.buffers(), settings.thresholds(), settings.maxCandidates());
  }

  /** Checks that planes may be cut into tiles, see {@link StarDistModel#requireHalo}. */
  void requireHalo() {
    model.requireHalo();
  }

  /**
   * Looks for nuclei in a tile. Blank tiles of one size and value have the same prediction: where
   * it holds no nucleus, the network runs once for all of them.
   *
   * @param channels raw intensities in the tile's window
   * @param percentiles of the whole plane's channels
   * @throws IllegalArgumentException where there are more candidates than allowed
   */
  Candidates candidates(List<Plane> channels, PlaneTile tile, List<Percentiles> percentiles) {
    if (channels.size() != model.channels() || percentiles.size() != model.channels()) {
      throw new IllegalArgumentException(
          channels.size() + " channels for a network of " + model.channels());
    }
    int height = tile.rows().length();
    int width = tile.columns().length();
    FloatBuffer image =
        buffers.input(Math.multiplyExact(Math.multiplyExact(height, width), channels.size()));
    boolean blank = true;
    List<Float> values = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      int start = model.channelStart(c, height, width);
      blank &=
          normalize(channels.get(c), tile, percentiles.get(c), image, start, model.pixelStep());
      values.add(image.get(start));
    }
    Blank key = new Blank(height, width, values);
    if (blank && withoutNuclei.contains(key)) {
      return Candidates.of(List.of(), 0);
    }
    NetworkPrediction prediction = model.predict(buffers, height, width);
    if (blank && isWithoutNuclei(prediction)) {
      withoutNuclei.add(key);
    }
    return StarDist.candidates(prediction, tile, thresholds, maxCandidates);
  }

  private boolean isWithoutNuclei(NetworkPrediction prediction) {
    float threshold = (float) thresholds.prob();
    for (int cell = 0; cell < prediction.height() * prediction.width(); cell++) {
      if (prediction.prob(cell) > threshold) {
        return false;
      }
    }
    return true;
  }

  /**
   * {@code (v - low) / (high - low + 1e-20)} in float32, then reflection without the edge pixel. A
   * pixel that is not finite would take all in the network's reach with it: infinity becomes 1, as
   * at percentile 99.8, and what else is not finite 0, as at percentile 1.
   *
   * @return whether all pixels are the same
   */
  static boolean normalize(
      Plane pixels,
      PlaneTile tile,
      Percentiles percentiles,
      FloatBuffer into,
      int start,
      int step) {
    float low = (float) percentiles.low();
    float range = (float) percentiles.high() - low + 1e-20f;
    Window window = tile.window();
    int width = tile.columns().length();
    int[] columns = new int[width]; // itself but in the padding
    Arrays.setAll(columns, x -> reflect(window.left() + x, tile.imageWidth()) - window.left());
    float[] values = new float[width];
    pixels.floats(0, 1, values, 0);
    float first = values[0];
    boolean same = true;
    for (int y = 0; y < tile.rows().length(); y++) {
      int row = reflect(window.top() + y, tile.imageHeight()) - window.top();
      pixels.floats(row * window.width(), window.width(), values, 0);
      for (int x = window.width(); x < width; x++) {
        values[x] = values[columns[x]];
      }
      for (int x = 0; x < width && same; x++) {
        same = values[x] == first;
      }
      for (int x = 0; x < width; x++) {
        float value = (values[x] - low) / range;
        values[x] = Float.isFinite(value) ? value : value > 0 ? 1 : 0;
      }
      put(values, into, start + y * width * step, step);
    }
    return same;
  }

  private static void put(float[] values, FloatBuffer into, int start, int step) {
    if (step == 1) {
      into.put(start, values);
      return;
    }
    for (int x = 0; x < values.length; x++) {
      into.put(start + x * step, values[x]);
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
