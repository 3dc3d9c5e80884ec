package org.cytolake.network;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.stardist.StarThresholds;

/**
 * A StarDist 2D network in ONNX Runtime. Takes one channel or several, NHWC or NCHW; gives the
 * object probability and the ray distances as two outputs, or as one of 1 + rays channels, at full
 * or reduced resolution (the grid). All of that is found out by running it once on zeros.
 *
 * <p>Thread-safe: ONNX Runtime's sessions may be run by several threads at once.
 */
public final class StarDistModel implements NetworkModel {
  private final String name;
  private final OrtSession session;
  private final NetworkTraits traits;
  private Optional<Boolean> seesBeyondHalo = Optional.empty(); // until it was tried

  StarDistModel(String name, OrtSession session, NetworkTraits traits) {
    this.name = name;
    this.session = session;
    this.traits = traits;
  }

  /**
   * Loads a model; the caller closes it.
   *
   * @param threads that one run may use
   * @throws CytolakeException (USAGE) where it is no StarDist network
   */
  public static StarDistModel load(ModelFile file, int threads) {
    return load(file, threads, OptionalInt.empty());
  }

  /**
   * Loads a model; the caller closes it.
   *
   * @param gpu number of the GPU that is to run it, where there is one
   * @throws CytolakeException (USAGE) where it is no StarDist network
   */
  static StarDistModel load(ModelFile file, int threads, OptionalInt gpu) {
    NetworkModel model = NetworkSession.load(file, threads, gpu);
    if (model instanceof StarDistModel starDist) {
      return starDist;
    }
    model.close();
    throw NetworkTraits.notStarDist(file.name(), "it is a Cellpose network", null);
  }

  /** What the model's metadata say, or prob 0.5 and NMS 0.4. */
  public StarThresholds thresholds() {
    return traits.thresholds();
  }

  @Override
  public int channels() {
    return traits.channels();
  }

  /** Pixels of the image for each cell of the prediction, along each axis. */
  public int grid() {
    return traits.grid();
  }

  /** Number of rays of a star. */
  public int rays() {
    return traits.rays();
  }

  /** Both sides of the network's input must be multiples of this. */
  public int multiple() {
    return traits.multiple();
  }

  /**
   * Pixels beyond a place on which the prediction there does not depend: the metadata {@code
   * stardist.halo}, or what suffices for StarDist's own networks. A multiple of {@link
   * #multiple()}.
   */
  public int halo() {
    return traits.halo();
  }

  /** Where in the input a channel's first pixel lies. */
  public int channelStart(int channel, int height, int width) {
    return traits.channelsLast() ? channel : channel * height * width;
  }

  /** How far pixels of a channel lie apart in the input. */
  public int pixelStep() {
    return traits.channelsLast() ? traits.channels() : 1;
  }

  /**
   * Checks that no prediction depends on pixels beyond the halo.
   *
   * @throws CytolakeException (USAGE) where one does: tiles would show
   */
  public synchronized void requireHalo() {
    try {
      seesBeyondHalo = seesBeyondHalo.or(() -> Optional.of(seesBeyond(halo())));
    } catch (IllegalStateException e) {
      throw NetworkTraits.notStarDist(name, "ONNX Runtime says: " + e.getMessage(), e);
    }
    if (seesBeyondHalo.get()) {
      throw new CytolakeException(
          Code.USAGE,
          "The model "
              + name
              + " looks farther than "
              + halo()
              + " pixels around, so that large images cannot be cut into tiles for it.",
          "State how far it looks in its metadata stardist.halo, a multiple of "
              + multiple()
              + ", or set segmentation.tile to the longest side of an image.");
    }
  }

  /**
   * Whether a prediction depends on pixels farther away than so many. Found out with noise: a
   * network may still do so by less than noise shows.
   *
   * @param distance pixels, a multiple of {@link #multiple()}
   */
  public boolean seesBeyond(int distance) {
    int multiple = multiple();
    int start = distance + 4 * multiple; // of the core, as long as the multiple
    int side = 2 * start + multiple;
    Random random = new Random(1);
    NetworkBuffers first = new NetworkBuffers();
    NetworkBuffers second = new NetworkBuffers();
    int size = Math.multiplyExact(side * side, channels());
    FloatBuffer one = first.input(size);
    FloatBuffer other = second.input(size);
    for (int c = 0; c < channels(); c++) {
      for (int i = 0; i < side * side; i++) {
        int row = i / side;
        int column = i % side;
        boolean near =
            Math.max(Math.abs(2 * row + 1 - side), Math.abs(2 * column + 1 - side))
                < 2 * distance + multiple;
        float value = 2 * random.nextFloat() - 0.5f;
        int place = channelStart(c, side, side) + i * pixelStep();
        one.put(place, value);
        other.put(place, near ? value : 2 * random.nextFloat() - 0.5f);
      }
    }
    return differ(
        predict(first, side, side), predict(second, side, side), start / grid(), multiple / grid());
  }

  /** Whether predictions differ in a square of cells. */
  private static boolean differ(
      NetworkPrediction first, NetworkPrediction second, int start, int length) {
    for (int row = start; row < start + length; row++) {
      for (int column = start; column < start + length; column++) {
        int cell = row * first.width() + column;
        boolean differs = first.prob(cell) != second.prob(cell);
        for (int ray = 0; ray < first.rays(); ray++) {
          differs |= first.dist(cell, ray) != second.dist(cell, ray);
        }
        if (differs) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Runs the network.
   *
   * @param buffers whose input holds normalised intensities of {@link #channels()} channels, height
   *     x width each, where {@link #channelStart} and {@link #pixelStep} say; both sides are
   *     multiples of {@link #multiple()}
   * @return what lies in the buffers' outputs
   * @throws IllegalStateException where ONNX Runtime cannot, with what it says
   */
  public NetworkPrediction predict(NetworkBuffers buffers, int height, int width) {
    try {
      return run(buffers, height, width);
    } catch (OrtException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private NetworkPrediction run(NetworkBuffers buffers, int height, int width) throws OrtException {
    int gridHeight = height / grid();
    int gridWidth = width / grid();
    int cells = Math.multiplyExact(gridHeight, gridWidth);
    boolean single = traits.single();
    int depth = single ? 1 + rays() : rays();
    FloatBuffer image =
        buffers.input(Math.multiplyExact(Math.multiplyExact(height, width), channels()));
    FloatBuffer dist = buffers.output(0, Math.multiplyExact(cells, depth));
    FloatBuffer prob = single ? dist : buffers.output(1, cells);
    OrtEnvironment environment = NativeLibraries.environment();
    try (OnnxTensor input =
            OnnxTensor.createTensor(environment, image, traits.shape(channels(), height, width));
        OnnxTensor first =
            OnnxTensor.createTensor(environment, dist, traits.shape(depth, gridHeight, gridWidth));
        OnnxTensor second =
            single
                ? null
                : OnnxTensor.createTensor(
                    environment, prob, traits.shape(1, gridHeight, gridWidth))) {
      Map<String, OnnxTensor> outputs =
          single
              ? Map.of(traits.dist(), first)
              : Map.of(traits.dist(), first, traits.prob(), second);
      session
          .run(Map.of(traits.input(), input), Set.of(), outputs)
          .close(); // all is in the outputs
      return new NetworkPrediction(
          gridHeight,
          gridWidth,
          rays(),
          grid(),
          prob,
          single && traits.channelsLast() ? depth : 1,
          dist,
          single ? (traits.channelsLast() ? 1 : cells) : 0,
          traits.channelsLast() ? depth : 1,
          traits.channelsLast() ? 1 : cells);
    }
  }

  @Override
  public void close() {
    NetworkSession.close(session);
  }

  /**
   * The version of ONNX Runtime, as the native library itself says, which some platforms do not
   * have.
   *
   * @throws LinkageError where it cannot be loaded
   */
  public static String runtimeVersion() {
    return NativeLibraries.environment().getVersion();
  }
}
