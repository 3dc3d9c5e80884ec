package org.cytolake.focus;

/**
 * The discrete Fourier transform of several complex sequences of one length at once. They lie
 * interleaved: element {@code k} of sequence {@code b} has index {@code k * batch + b}, so that the
 * innermost loops run over neighbours. Not thread-safe.
 */
sealed interface Fourier permits MixedRadix, ChirpTransform {
  /**
   * For sequences of a length.
   *
   * @param length 1 or more
   * @param batch sequences, 1 or more
   */
  static Fourier of(int length, int batch) {
    return MixedRadix.takes(length)
        ? new MixedRadix(length, batch)
        : new ChirpTransform(length, batch);
  }

  /**
   * Replaces sequences by their transforms, the sums over j of x[j] exp(-2 pi i j k / length).
   *
   * @param re real parts, length x batch or more
   * @param im imaginary parts
   */
  void forward(double[] re, double[] im);
}
