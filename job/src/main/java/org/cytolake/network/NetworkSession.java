package org.cytolake.network;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.OptionalInt;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens ONNX Runtime's sessions, and finds out which contract a network has. */
final class NetworkSession {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkSession.class);
  private static final String NO_CUDA =
      "Spark gives this task GPU {}, but ONNX Runtime cannot use it: {}. The network runs on the"
          + " processor. Put com.microsoft.onnxruntime:onnxruntime_gpu before Cytolake's jar on the"
          + " executors' class path (spark.executor.extraClassPath), with CUDA and cuDNN, or ask"
          + " for no GPU.";

  private NetworkSession() {}

  /**
   * Loads a network; the caller closes it.
   *
   * @param threads that one run may use
   * @param gpu number of the GPU that is to run it; where ONNX Runtime cannot, the processor does,
   *     and a warning says why
   * @throws CytolakeException (USAGE) where it is neither a StarDist nor a Cellpose network
   */
  static NetworkModel load(ModelFile file, int threads, OptionalInt gpu) {
    try {
      if (gpu.isPresent()) {
        try {
          return open(file, threads, gpu);
        } catch (OrtException e) {
          LOG.warn(NO_CUDA, gpu.getAsInt(), e.getMessage());
        }
      }
      return open(file, threads, OptionalInt.empty());
    } catch (OrtException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The model "
              + file.name()
              + " is neither a StarDist nor a Cellpose network: ONNX Runtime says: "
              + e.getMessage()
              + ".",
          "Give --model a network in ONNX format, as the scripts in deploy/models make it.",
          e);
    }
  }

  private static NetworkModel open(ModelFile file, int threads, OptionalInt gpu)
      throws OrtException {
    OrtEnvironment environment = NativeLibraries.environment();
    OrtSession session = null;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      if (gpu.isPresent()) {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(gpu.getAsInt())) {
          cuda.add("use_tf32", "0"); // its 10 bits of mantissa would move nuclei
          options.addCUDA(cuda);
        }
      }
      session = environment.createSession(file.bytes(), options);
      return CellposeTraits.isCellpose(session)
          ? new CellposeModel(session, CellposeTraits.of(session, file.name()))
          : new StarDistModel(file.name(), session, NetworkTraits.of(session, file.name()));
    } catch (OrtException | CytolakeException e) {
      close(session);
      throw e;
    }
  }

  /** Closes a session that is there. */
  static void close(OrtSession session) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
