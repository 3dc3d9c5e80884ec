package org.cytolake.nuclei;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.cellpose.CellFlows;
import org.cytolake.cellpose.Cellpose;
import org.cytolake.cellpose.LinearResize;
import org.cytolake.cellpose.Range99;
import org.cytolake.cellpose.TaperedTiles;
import org.cytolake.cellpose.TracedObject;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.LabelImage;
import org.cytolake.image.LimitException;
import org.cytolake.image.Plane;
import org.cytolake.network.CellposeModel;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.SharedModels;
import org.cytolake.network.TaskThreads;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneStatistics;

/**
 * Finds nuclei with a Cellpose network as {@code CellposeModel.eval} of Python's cellpose 3.1.1.3
 * does it: normalise, resize to the diameter that the network knows, predict in overlapping tiles,
 * resize the flows, follow them. Channels that the network takes and nobody names are zeros. Pixels
 * that are not finite, with which Python finds nothing, are what {@link Range99} makes of them.
 *
 * <p>The flows of a plane are followed in the whole of it at once. Not thread-safe: one for each
 * task.
 */
public final class CellposeFinder implements NucleiFinder {
  /** Bytes of heap for a pixel of the plane, or of the enlarged plane. */
  private static final long BYTES_A_PIXEL = 60;

  private final CellposeModel model;
  private final NetworkBuffers buffers;
  private final NucleiSettings settings;
  private final CellposeSettings how;
  private final long memory;

  /**
   * @param memory bytes of heap that a plane may take
   */
  CellposeFinder(
      CellposeModel model, NetworkBuffers buffers, NucleiSettings settings, long memory) {
    this.model = model;
    this.buffers = buffers;
    this.settings = settings;
    this.how = settings.cellpose().orElseThrow();
    this.memory = memory;
  }

  /** For the running task, whose end lets go of the network. */
  static CellposeFinder ofTask(ModelFile file, int threads, NucleiSettings settings) {
    int tasks = Math.max(1, TaskThreads.ofExecutor() / Math.max(1, threads));
    SharedModels.Lease lease = SharedModels.ofTask(file, threads);
    return new CellposeFinder(
        lease.cellpose(), lease.buffers(), settings, Runtime.getRuntime().maxMemory() / tasks);
  }

  @Override
  public Optional<Found> find(PlanePixels pixels, PlaneCounts counts, PlaneStatistics statistics)
      throws ImageReadException {
    settings.requireSize(pixels.whole().pixels());
    requireMemory(pixels.whole().pixels());
    List<Range99> ranges = new ArrayList<>();
    for (int c : settings.segmented()) {
      Histogram histogram = counts.whole().channels().get(c);
      if (histogram.isEmpty()) {
        return Optional.empty();
      }
      ranges.add(range(pixels, c, histogram));
    }
    CellFlows flows = flows(pixels, ranges);
    LabelImage objects = Cellpose.objects(flows, how.thresholds(), Cellpose.steps(how.rescale()));
    List<TracedObject> nuclei = TracedObject.of(objects, flows);
    return Optional.of(new Found(nuclei, nuclei.size()));
  }

  private void requireMemory(long pixels) {
    double enlarged = pixels * Math.max(1.0, (double) how.rescale() * how.rescale());
    if (enlarged > CellFlows.MAX_PIXELS || enlarged * BYTES_A_PIXEL > memory) {
      throw new LimitException(
          String.format(
              Locale.ROOT,
              "a Cellpose network's flows are followed in the whole plane at once, which for its"
                  + " %,d pixels takes some %,.0f MB of heap where there are %,d for a task",
              pixels,
              enlarged * BYTES_A_PIXEL / 1e6,
              memory / 1_000_000),
          "Give the executors more memory (spark.executor.memory) or fewer cores, or segment with a"
              + " StarDist network, which takes planes of any size.");
    }
  }

  /** Between which intensities the network sees a channel's range. */
  static Range99 range(PlanePixels pixels, int channel, Histogram histogram)
      throws ImageReadException {
    int height = pixels.height();
    int width = pixels.width();
    if (!Range99.isSampled(height, width)) {
      return Range99.of(histogram);
    }
    int down = Range99.step(height);
    int across = Range99.step(width);
    Plane plane = pixels.read(channel, pixels.whole());
    float[] row = new float[width];
    float[] sample = new float[((height - 1) / down + 1) * ((width - 1) / across + 1)];
    int n = 0;
    for (int y = 0; y < height; y += down) {
      plane.floats(y * width, width, row, 0);
      for (int x = 0; x < width; x += across) {
        if (Float.isFinite(row[x])) {
          sample[n++] = row[x];
        }
      }
    }
    return n == 0 ? Range99.of(histogram) : Range99.of(histogram, Arrays.copyOf(sample, n));
  }

  /** The network's flows, in the plane's size. */
  CellFlows flows(PlanePixels pixels, List<Range99> ranges) throws ImageReadException {
    int height = pixels.height();
    int width = pixels.width();
    int enlargedHeight = Math.max(1, (int) (height * how.rescale()));
    int enlargedWidth = Math.max(1, (int) (width * how.rescale()));
    float[][] seen = new float[model.channels()][];
    for (int c = 0; c < ranges.size(); c++) {
      float[] values = new float[height * width];
      pixels.read(settings.segmented().get(c), pixels.whole()).floats(0, values.length, values, 0);
      ranges.get(c).normalize(values);
      seen[c] = LinearResize.resize(values, height, width, enlargedHeight, enlargedWidth);
    }
    float[][] joined = predict(seen, enlargedHeight, enlargedWidth);
    for (int k = 0; k < joined.length; k++) {
      joined[k] = LinearResize.resize(joined[k], enlargedHeight, enlargedWidth, height, width);
    }
    return new CellFlows(height, width, joined[0], joined[1], joined[2]);
  }

  private float[][] predict(float[][] seen, int height, int width) {
    TaperedTiles tiles = new TaperedTiles(height, width, model.tile());
    int size = tiles.tileHeight() * tiles.tileWidth();
    FloatBuffer image = buffers.input(size * model.channels());
    for (int tile = 0; tile < tiles.count(); tile++) {
      for (int c = 0; c < seen.length; c++) {
        if (seen[c] == null) {
          image.put(c * size, new float[size]);
        } else {
          tiles.cut(tile, seen[c], image, c * size, 1);
        }
      }
      FloatBuffer flows = model.predict(buffers, tiles.tileHeight(), tiles.tileWidth());
      for (int k = 0; k < CellposeModel.OUTPUTS; k++) {
        tiles.add(tile, k, flows, k * size, 1);
      }
    }
    return tiles.means();
  }
}
