package org.cytolake.network;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.stardist.StarThresholds;

/**
 * What must be known of a StarDist network: found out from its shapes, by running it once on zeros,
 * and from its metadata.
 *
 * @param input name of the input
 * @param channelsLast whether input and outputs are NHWC and not NCHW
 * @param channels of the image that it takes
 * @param prob name of the output with the probabilities
 * @param dist name of the output with the distances; the same as {@code prob} where one output has
 *     both, the probability first
 * @param rays number of rays of a star
 * @param grid pixels of the image for each cell of the prediction, along each axis
 * @param multiple of which both sides of the input must be
 * @param halo pixels beyond a place on which the prediction there does not depend, by the metadata
 *     {@code stardist.halo}, or what suffices for StarDist's own networks; a multiple of {@code
 *     multiple}
 * @param thresholds what the metadata say, or prob 0.5 and NMS 0.4
 */
record NetworkTraits(
    String input,
    boolean channelsLast,
    int channels,
    String prob,
    String dist,
    int rays,
    int grid,
    int multiple,
    int halo,
    StarThresholds thresholds) {
  private static final int PROBE = 64;
  private static final double DEFAULT_PROB = 0.5;
  private static final double DEFAULT_NMS = 0.4;
  private static final int DEFAULT_MULTIPLE = 16;
  private static final int MOST_CHANNELS = 64;

  /**
   * A U-Net with two convolutions of 3 x 3 at every scale and before every pooling, as StarDist
   * builds it, sees (6 m - 4) pixels to each side through its convolutions, where m is the multiple
   * (the product of all poolings), one more before its outputs for each cell, and pooling adds less
   * than m: 107 for m = 16.
   */
  private static final int HALO_MULTIPLES = 7;

  private record Input(String name, boolean channelsLast, int channels) {}

  private record Output(String name, long channels, long height) {}

  /** Whether one output has the probability and the distances. */
  boolean single() {
    return prob.equals(dist);
  }

  /** Shape of a tensor with that number of channels. */
  long[] shape(int depth, int height, int width) {
    return shape(channelsLast, depth, height, width);
  }

  private static long[] shape(boolean channelsLast, int depth, int height, int width) {
    return channelsLast
        ? new long[] {1, height, width, depth}
        : new long[] {1, depth, height, width};
  }

  /**
   * Examines a network.
   *
   * @param name for messages
   * @throws CytolakeException (USAGE) where it is no StarDist network
   */
  static NetworkTraits of(OrtSession session, String name) throws OrtException {
    Input input = input(session, name);
    NetworkMetadata metadata =
        new NetworkMetadata(
            session.getMetadata().getCustomMetadata(),
            (what, cause) -> notStarDist(name, what, cause));
    int multiple = (int) metadata.number("stardist.pad_multiple", DEFAULT_MULTIPLE);
    if (multiple < 1 || multiple > 1024) {
      throw notStarDist(name, "its metadata stardist.pad_multiple is " + multiple, null);
    }
    int side = probe(multiple);
    List<Output> outputs = outputs(session, name, input, side);
    boolean single = outputs.size() == 1;
    int probAt = single || outputs.get(0).channels() == 1 ? 0 : 1;
    Output prob = outputs.get(probAt);
    Output dist = outputs.get(single ? 0 : 1 - probAt);
    int rays = Math.toIntExact(single ? dist.channels() - 1 : dist.channels());
    int grid = Math.toIntExact(side / prob.height());
    if (multiple % grid != 0) {
      throw notStarDist(name, "its metadata stardist.pad_multiple is " + multiple, null);
    }
    metadata.require("stardist.grid", grid);
    metadata.require("stardist.n_rays", rays);
    metadata.require("stardist.pmin", 1);
    metadata.require("stardist.pmax", 99.8);
    int halo = (int) metadata.number("stardist.halo", HALO_MULTIPLES * multiple);
    if (halo < multiple || halo > 1 << 14 || halo % multiple != 0) {
      throw notStarDist(name, "its metadata stardist.halo is " + halo, null);
    }
    return new NetworkTraits(
        input.name(),
        input.channelsLast(),
        input.channels(),
        prob.name(),
        dist.name(),
        rays,
        grid,
        multiple,
        halo,
        new StarThresholds(
            metadata.fraction("stardist.prob_thresh", DEFAULT_PROB),
            metadata.fraction("stardist.nms_thresh", DEFAULT_NMS)));
  }

  /** A side that networks of any grid up to 16 take. */
  private static int probe(int multiple) {
    int common = multiple;
    while (common % DEFAULT_MULTIPLE != 0) {
      common += multiple;
    }
    return (PROBE + common - 1) / common * common;
  }

  private static Input input(OrtSession session, String name) throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (inputs.size() != 1) {
      throw notStarDist(name, "it has " + inputs.size() + " inputs", null);
    }
    NodeInfo only = inputs.values().iterator().next();
    if (!(only.getInfo() instanceof TensorInfo info)
        || info.type != OnnxJavaType.FLOAT
        || info.getShape().length != 4) {
      throw notStarDist(name, "its input is " + only.getInfo() + ", no 4-D tensor of floats", null);
    }
    long[] shape = info.getShape();
    if (shape[2] > 0 && (shape[1] > 0) == (shape[3] > 0)) {
      boolean last = shape[3] < shape[1];
      throw notStarDist(
          name,
          "it takes only images of the fixed size "
              + shape[last ? 1 : 2]
              + " x "
              + shape[last ? 2 : 3],
          null);
    }
    boolean last = shape[3] > 0;
    long channels = shape[last ? 3 : 1];
    if (shape[2] > 0 || shape[last ? 1 : 3] > 0 || channels < 1 || channels > MOST_CHANNELS) {
      throw notStarDist(
          name, "its input of shape " + Arrays.toString(shape) + " is no image of any size", null);
    }
    return new Input(only.getName(), last, (int) channels);
  }

  private static List<Output> outputs(OrtSession session, String name, Input input, int side)
      throws OrtException {
    List<Output> outputs = new ArrayList<>();
    List<long[]> shapes = new ArrayList<>();
    int y = input.channelsLast() ? 1 : 2;
    FloatBuffer zeros = FloatBuffer.allocate(side * side * input.channels());
    long[] given = shape(input.channelsLast(), input.channels(), side, side);
    try (OnnxTensor tensor = OnnxTensor.createTensor(NativeLibraries.environment(), zeros, given);
        OrtSession.Result result = session.run(Map.of(input.name(), tensor))) {
      for (Map.Entry<String, OnnxValue> output : result) {
        if (!(output.getValue() instanceof OnnxTensor values)
            || values.getInfo().type != OnnxJavaType.FLOAT
            || values.getInfo().getShape().length != 4) {
          throw notStarDist(
              name, "its output '" + output.getKey() + "' is no 4-D tensor of floats", null);
        }
        long[] shape = values.getInfo().getShape();
        shapes.add(shape);
        outputs.add(new Output(output.getKey(), shape[input.channelsLast() ? 3 : 1], shape[y]));
      }
    }
    long height = outputs.get(0).height();
    boolean oneGrid = shapes.stream().allMatch(s -> s[y] == height && s[y + 1] == height);
    boolean one = outputs.size() == 1;
    boolean two =
        outputs.size() == 2 && outputs.stream().filter(o -> o.channels() == 1).count() == 1;
    long channels = outputs.stream().mapToLong(Output::channels).sum();
    if (!(one || two) || !oneGrid || channels < 4 || height < 1 || side % height != 0) {
      String text = String.join(", ", shapes.stream().map(Arrays::toString).toList());
      throw notStarDist(name, "its outputs have the shapes " + text, null);
    }
    return outputs;
  }

  /** What is thrown where a model is none that the job can run. */
  static CytolakeException notStarDist(String name, String what, Exception cause) {
    return new CytolakeException(
        Code.USAGE,
        "The model " + name + " is no StarDist network: " + what + ".",
        "Give --model a 2D StarDist network in ONNX format: images of any size, outputs prob and"
            + " dist.",
        cause);
  }
}
