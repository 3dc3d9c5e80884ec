package org.cytolake.network;

import java.util.OptionalInt;
import org.cytolake.config.CytolakeException;

/**
 * A network in ONNX Runtime, of one of the contracts that the job knows.
 *
 * <p>Thread-safe: ONNX Runtime's sessions may be run by several threads at once.
 */
public sealed interface NetworkModel extends AutoCloseable permits StarDistModel, CellposeModel {
  /** Channels of the image that it takes. */
  int channels();

  @Override
  void close();

  /**
   * Loads a network; the caller closes it.
   *
   * @param threads that one run may use
   * @throws CytolakeException (USAGE) where it is neither a StarDist nor a Cellpose network
   */
  static NetworkModel load(ModelFile file, int threads) {
    return NetworkSession.load(file, threads, OptionalInt.empty());
  }
}
