package org.cytolake.segment;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.stardist.StarPrediction;
import org.cytolake.stardist.StarThresholds;

/**
 * A StarDist 2D network in ONNX Runtime. Takes one channel, NHWC or NCHW; gives the object
 * probability and the ray distances as two outputs, or as one of 1 + rays channels, at full or
 * reduced resolution (the grid). All of that is found out by running it once on zeros.
 *
 * <p>Thread-safe: ONNX Runtime's sessions may be run by several threads at once.
 */
public final class StarDistModel implements AutoCloseable {
  private static final int PROBE = 64;
  private static final double DEFAULT_PROB = 0.5;
  private static final double DEFAULT_NMS = 0.4;
  private static final int DEFAULT_MULTIPLE = 16;

  /**
   * A U-Net with two convolutions of 3 x 3 at every scale and before every pooling, as StarDist
   * builds it, sees (6 m - 4) pixels to each side through its convolutions, where m is the multiple
   * (the product of all poolings), one more before its outputs for each cell, and pooling adds less
   * than m: 107 for m = 16.
   */
  private static final int HALO_MULTIPLES = 7;

  private static final ConcurrentMap<String, StarDistModel> SHARED = new ConcurrentHashMap<>();

  private final OrtSession session;
  private final String input;
  private final boolean channelsLast;
  private final int rays;
  private final int grid;
  private final int multiple;
  private final int halo;
  private final StarThresholds thresholds;

  private StarDistModel(OrtSession session, String name) throws OrtException {
    this.session = session;
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (inputs.size() != 1) {
      throw notStarDist(name, "it has " + inputs.size() + " inputs", null);
    }
    NodeInfo only = inputs.values().iterator().next();
    input = only.getName();
    if (!(only.getInfo() instanceof TensorInfo info)
        || info.type != OnnxJavaType.FLOAT
        || info.getShape().length != 4) {
      throw notStarDist(name, "its input is " + only.getInfo() + ", no 4-D tensor of floats", null);
    }
    long[] shape = info.getShape();
    channelsLast = shape[3] == 1 && shape[1] != 1;
    if (!channelsLast && shape[1] != 1) {
      throw notStarDist(
          name,
          "its input of shape " + Arrays.toString(shape) + " is no image of one channel",
          null);
    }
    int y = channelsLast ? 1 : 2;
    if (shape[y] > 0 || shape[y + 1] > 0) {
      throw notStarDist(
          name, "it takes only images of the fixed size " + shape[y] + " x " + shape[y + 1], null);
    }
    List<long[]> outputs = new ArrayList<>();
    try (OrtSession.Result result = run(FloatBuffer.allocate(PROBE * PROBE), PROBE, PROBE)) {
      for (Map.Entry<String, OnnxValue> output : result) {
        if (!(output.getValue() instanceof OnnxTensor tensor)
            || tensor.getInfo().getShape().length != 4) {
          throw notStarDist(name, "its output '" + output.getKey() + "' is no 4-D tensor", null);
        }
        outputs.add(tensor.getInfo().getShape());
      }
    }
    int channelAxis = channelsLast ? 3 : 1;
    long height = outputs.get(0)[y];
    long channels = 0;
    for (long[] output : outputs) {
      channels += output[channelAxis];
      if (output[y] != height || output[y + 1] != height) {
        throw notStarDist(name, "its outputs have the shapes " + text(outputs), null);
      }
    }
    boolean one = outputs.size() == 1;
    boolean two =
        outputs.size() == 2 && outputs.stream().filter(o -> o[channelAxis] == 1).count() == 1;
    if (!(one || two) || channels < 4 || height < 1 || PROBE % height != 0) {
      throw notStarDist(name, "its outputs have the shapes " + text(outputs), null);
    }
    rays = Math.toIntExact(channels - 1);
    grid = Math.toIntExact(PROBE / height);
    Map<String, String> metadata = session.getMetadata().getCustomMetadata();
    require(name, metadata, "stardist.grid", grid);
    require(name, metadata, "stardist.n_rays", rays);
    require(name, metadata, "stardist.pmin", 1);
    require(name, metadata, "stardist.pmax", 99.8);
    thresholds =
        new StarThresholds(
            number(name, metadata, "stardist.prob_thresh", DEFAULT_PROB),
            number(name, metadata, "stardist.nms_thresh", DEFAULT_NMS));
    multiple = (int) number(name, metadata, "stardist.pad_multiple", DEFAULT_MULTIPLE);
    if (multiple < grid || multiple > 1024 || multiple % grid != 0) {
      throw notStarDist(name, "its metadata stardist.pad_multiple is " + multiple, null);
    }
    halo = (int) number(name, metadata, "stardist.halo", HALO_MULTIPLES * multiple);
    if (halo < multiple || halo > 1 << 14 || halo % multiple != 0) {
      throw notStarDist(name, "its metadata stardist.halo is " + halo, null);
    }
  }

  /**
   * The model, loaded once for each JVM and number of threads and never closed.
   *
   * @param threads threads that one run may use
   * @throws CytolakeException (USAGE) where it is no StarDist network
   */
  public static StarDistModel shared(ModelFile file, int threads) {
    return SHARED.computeIfAbsent(file.sha256() + " " + threads, k -> load(file, threads));
  }

  /**
   * Loads a model; the caller closes it.
   *
   * @throws CytolakeException (USAGE) where it is no StarDist network
   */
  public static StarDistModel load(ModelFile file, int threads) {
    OrtSession session = null;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      session = OrtEnvironment.getEnvironment().createSession(file.bytes(), options);
      return new StarDistModel(session, file.name());
    } catch (OrtException e) {
      close(session);
      throw notStarDist(file.name(), "ONNX Runtime says: " + e.getMessage(), e);
    } catch (CytolakeException e) {
      close(session);
      throw e;
    }
  }

  private static void close(OrtSession session) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the model's metadata say, or prob 0.5 and NMS 0.4. */
  public StarThresholds thresholds() {
    return thresholds;
  }

  /** Pixels of the image for each cell of the prediction, along each axis. */
  public int grid() {
    return grid;
  }

  /** Number of rays of a star. */
  public int rays() {
    return rays;
  }

  /** Both sides of the network's input must be multiples of this. */
  public int multiple() {
    return multiple;
  }

  /**
   * Pixels beyond a place on which the prediction there does not depend: the metadata {@code
   * stardist.halo}, or what suffices for StarDist's own networks. A multiple of {@link
   * #multiple()}.
   */
  public int halo() {
    return halo;
  }

  /**
   * Checks that no prediction depends on pixels beyond the halo.
   *
   * @param name of the model, for the message
   * @throws CytolakeException (USAGE) where one does: tiles would show
   */
  public void requireHalo(String name) {
    boolean enough;
    try {
      enough = !seesBeyond(halo);
    } catch (OrtException e) {
      throw notStarDist(name, "ONNX Runtime says: " + e.getMessage(), e);
    }
    if (!enough) {
      throw new CytolakeException(
          Code.USAGE,
          "The model "
              + name
              + " looks farther than "
              + halo
              + " pixels around, so that large images cannot be cut into tiles for it.",
          "State how far it looks in its metadata stardist.halo, a multiple of "
              + multiple
              + ", or set segmentation.tile to the longest side of an image.");
    }
  }

  /**
   * Whether a prediction depends on pixels farther away than so many. Found out with noise: a
   * network may still do so by less than noise shows.
   *
   * @param distance pixels, a multiple of {@link #multiple()}
   */
  boolean seesBeyond(int distance) throws OrtException {
    int start = distance + 4 * multiple; // of the core, as long as the multiple
    int side = 2 * start + multiple;
    Random random = new Random(1);
    FloatBuffer one = FloatBuffer.allocate(side * side);
    FloatBuffer other = FloatBuffer.allocate(side * side);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        boolean near =
            Math.max(Math.abs(2 * y + 1 - side), Math.abs(2 * x + 1 - side))
                < 2 * distance + multiple;
        float value = 2 * random.nextFloat() - 0.5f;
        one.put(y * side + x, value);
        other.put(y * side + x, near ? value : 2 * random.nextFloat() - 0.5f);
      }
    }
    StarPrediction first = predict(one, side, side);
    StarPrediction second = predict(other, side, side);
    boolean differs = false;
    for (int row = start / grid; row < (start + multiple) / grid; row++) {
      for (int column = start / grid; column < (start + multiple) / grid; column++) {
        int cell = row * first.width() + column;
        differs |= first.prob()[cell] != second.prob()[cell];
        for (int ray = cell * rays; ray < (cell + 1) * rays; ray++) {
          differs |= first.dist()[ray] != second.dist()[ray];
        }
      }
    }
    return differs;
  }

  /**
   * Runs the network.
   *
   * @param image height x width normalised intensities, row by row; both sides multiples of {@link
   *     #multiple()}
   */
  public StarPrediction predict(FloatBuffer image, int height, int width) throws OrtException {
    try (OrtSession.Result result = run(image, height, width)) {
      int gridHeight = height / grid;
      int gridWidth = width / grid;
      int cells = Math.multiplyExact(gridHeight, gridWidth);
      float[] prob = new float[cells];
      float[] dist = new float[Math.multiplyExact(cells, rays)];
      boolean combined = result.size() == 1;
      for (Map.Entry<String, OnnxValue> output : result) {
        OnnxTensor tensor = (OnnxTensor) output.getValue();
        FloatBuffer values = tensor.getFloatBuffer();
        int channels = (int) tensor.getInfo().getShape()[channelsLast ? 3 : 1];
        if (combined || channels == 1) {
          copy(values, channels, 0, cells, prob, 1);
        }
        if (combined || channels > 1) {
          int first = combined ? 1 : 0;
          for (int ray = 0; ray < rays; ray++) {
            copy(values, channels, first + ray, cells, dist, rays, ray);
          }
        }
      }
      return new StarPrediction(gridHeight, gridWidth, rays, grid, prob, dist);
    }
  }

  private void copy(
      FloatBuffer from, int channels, int channel, int cells, float[] to, int stride) {
    copy(from, channels, channel, cells, to, stride, 0);
  }

  private void copy(
      FloatBuffer from, int channels, int channel, int cells, float[] to, int stride, int first) {
    int step = channelsLast ? channels : 1;
    int start = channelsLast ? channel : channel * cells;
    for (int i = 0; i < cells; i++) {
      to[i * stride + first] = from.get(start + i * step);
    }
  }

  private OrtSession.Result run(FloatBuffer image, int height, int width) throws OrtException {
    long[] shape =
        channelsLast ? new long[] {1, height, width, 1} : new long[] {1, 1, height, width};
    try (OnnxTensor tensor =
        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), image, shape)) {
      return session.run(Map.of(input, tensor));
    }
  }

  private static void require(
      String name, Map<String, String> metadata, String key, double expected) {
    double stated = number(name, metadata, key, expected);
    if (stated != expected) {
      throw notStarDist(
          name,
          "its metadata " + key + " is " + stated + " where " + expected + " is needed",
          null);
    }
  }

  private static double number(
      String name, Map<String, String> metadata, String key, double otherwise) {
    String text = metadata.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw notStarDist(name, "its metadata " + key + " is '" + text + "'", e);
    }
  }

  private static String text(List<long[]> shapes) {
    return String.join(", ", shapes.stream().map(Arrays::toString).toList());
  }

  private static CytolakeException notStarDist(String name, String what, Exception cause) {
    return new CytolakeException(
        Code.USAGE,
        "The model " + name + " is no StarDist network: " + what + ".",
        "Give --model a 2D StarDist network in ONNX format: one input channel of any size, outputs prob and dist.",
        cause);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
