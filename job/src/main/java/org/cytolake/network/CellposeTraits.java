package org.cytolake.network;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/**
 * What must be known of a Cellpose network, from its shapes and its metadata.
 *
 * @param input name of the input, NCHW
 * @param channels of the image that it takes
 * @param output name of the output with flows and cell probability, NCHW
 * @param diameterMean to which diameter objects are resized for it, pixels
 * @param diameter of objects where nobody says, pixels
 * @param tile side of the images that it is given, pixels
 */
record CellposeTraits(
    String input, int channels, String output, float diameterMean, float diameter, int tile) {
  private static final String METADATA = "cellpose.";
  private static final int OUTPUTS = 3; // flow down, flow to the right, logit of the probability
  private static final int VERSION = 3;
  private static final double DIAMETER = 30;
  private static final int TILE = 224;
  private static final int MOST_CHANNELS = 8;

  CellposeTraits {
    if (!(diameterMean > 0) || !(diameter > 0)) {
      throw new IllegalArgumentException("no diameters: " + diameterMean + ", " + diameter);
    }
  }

  /**
   * Whether a network is meant to be Cellpose's: its metadata say so, or, where they do not speak
   * of StarDist, its only image has three channels, which is fewer than any of StarDist's have.
   */
  static boolean isCellpose(OrtSession session) throws OrtException {
    Map<String, String> metadata = session.getMetadata().getCustomMetadata();
    if (metadata.keySet().stream().anyMatch(key -> key.startsWith(METADATA))) {
      return true;
    }
    if (metadata.keySet().stream().anyMatch(key -> key.startsWith("stardist."))) {
      return false;
    }
    List<TensorInfo> images = images(session);
    return images.size() == 1 && images.get(0).getShape()[1] == OUTPUTS;
  }

  private static List<TensorInfo> images(OrtSession session) throws OrtException {
    return session.getOutputInfo().values().stream()
        .filter(info -> info.getInfo() instanceof TensorInfo)
        .map(info -> (TensorInfo) info.getInfo())
        .filter(info -> info.getShape().length == 4)
        .toList();
  }

  /**
   * Examines a network.
   *
   * @param name for messages
   * @throws CytolakeException (USAGE) where the job cannot run it
   */
  static CellposeTraits of(OrtSession session, String name) throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (inputs.size() != 1) {
      throw notCellpose(name, "it has " + inputs.size() + " inputs", null);
    }
    NodeInfo input = inputs.values().iterator().next();
    if (!(input.getInfo() instanceof TensorInfo given)
        || given.type != OnnxJavaType.FLOAT
        || given.getShape().length != 4) {
      throw notCellpose(
          name, "its input is " + input.getInfo() + ", no 4-D tensor of floats", null);
    }
    long[] shape = given.getShape();
    if (shape[1] < 1 || shape[1] > MOST_CHANNELS || shape[2] > 0 || shape[3] > 0) {
      throw notCellpose(
          name,
          "its input of shape "
              + Arrays.toString(shape)
              + " is no image (n, channels, height, width) of any size",
          null);
    }
    String output = output(session, name);
    NetworkMetadata metadata =
        new NetworkMetadata(
            session.getMetadata().getCustomMetadata(),
            (what, cause) -> notCellpose(name, what, cause));
    int channels = (int) shape[1];
    metadata.require(METADATA + "version", VERSION);
    metadata.require(METADATA + "channels", channels);
    metadata.require(METADATA + "pmin", 1);
    metadata.require(METADATA + "pmax", 99);
    float mean = (float) metadata.positive(METADATA + "diameter_mean", DIAMETER);
    double tile = metadata.positive(METADATA + "tile", TILE);
    if (tile % 16 != 0 || tile > 4096) {
      throw notCellpose(name, "its metadata cellpose.tile is " + tile, null);
    }
    return new CellposeTraits(
        input.getName(),
        channels,
        output,
        mean,
        (float) metadata.positive(METADATA + "diameter", mean),
        (int) tile);
  }

  private static String output(OrtSession session, String name) throws OrtException {
    String output = null;
    for (NodeInfo info : session.getOutputInfo().values()) {
      if (info.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 4) {
        if (output != null
            || tensor.getShape()[1] != OUTPUTS
            || tensor.type != OnnxJavaType.FLOAT) {
          throw notCellpose(
              name,
              "its output '"
                  + info.getName()
                  + "' has the shape "
                  + Arrays.toString(tensor.getShape())
                  + " where one of (n, 3, height, width) is needed",
              null);
        }
        output = info.getName();
      }
    }
    if (output == null) {
      throw notCellpose(name, "no output is an image", null);
    }
    return output;
  }

  /** What is thrown where a model is none that the job can run. */
  static CytolakeException notCellpose(String name, String what, Exception cause) {
    return new CytolakeException(
        Code.USAGE,
        "The model " + name + " is no Cellpose network that can be run: " + what + ".",
        "Make the file with deploy/models/export_cellpose.py from the weights of Cellpose 1 to 3.",
        cause);
  }
}
