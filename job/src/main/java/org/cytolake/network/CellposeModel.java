package org.cytolake.network;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** A Cellpose network (versions 1 to 3) in ONNX Runtime, NCHW. */
public final class CellposeModel implements NetworkModel {
  /** Flow down, flow to the right, logit of the probability. */
  public static final int OUTPUTS = 3;

  private final OrtSession session;
  private final CellposeTraits traits;

  CellposeModel(OrtSession session, CellposeTraits traits) {
    this.session = session;
    this.traits = traits;
  }

  @Override
  public int channels() {
    return traits.channels();
  }

  /** To which diameter objects are resized for it, pixels. */
  public float diameterMean() {
    return traits.diameterMean();
  }

  /** The diameter of objects where nobody says, pixels. */
  public float diameter() {
    return traits.diameter();
  }

  /** The longest side of an image that it is given, pixels. */
  public int tile() {
    return traits.tile();
  }

  /**
   * Runs the network.
   *
   * @param buffers whose input holds normalised intensities of {@link #channels()} channels, height
   *     x width each; both sides are multiples of 16
   * @return {@link #OUTPUTS} times height x width values, valid until the buffers are used again
   * @throws IllegalStateException where ONNX Runtime cannot, with what it says
   */
  public FloatBuffer predict(NetworkBuffers buffers, int height, int width) {
    int pixels = Math.multiplyExact(height, width);
    FloatBuffer image = buffers.input(Math.multiplyExact(pixels, channels()));
    FloatBuffer flows = buffers.output(0, Math.multiplyExact(pixels, OUTPUTS));
    OrtEnvironment environment = NativeLibraries.environment();
    try (OnnxTensor input =
            OnnxTensor.createTensor(environment, image, new long[] {1, channels(), height, width});
        OnnxTensor output =
            OnnxTensor.createTensor(environment, flows, new long[] {1, OUTPUTS, height, width})) {
      session
          .run(Map.of(traits.input(), input), Set.of(), Map.of(traits.output(), output))
          .close(); // all is in the output
      return flows;
    } catch (OrtException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    NetworkSession.close(session);
  }
}
