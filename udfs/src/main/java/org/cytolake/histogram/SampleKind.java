package org.cytolake.histogram;

/**
 * How the samples of a channel are stored. The reference implementations compute with the precision
 * of the array they are given, so results that must agree with them to the last bit depend on it.
 */
public enum SampleKind {
  /** Integers of any width; numpy computes their bins in 64-bit floating point. */
  INTEGER,
  /** 32-bit floating point; numpy computes their bins in 32-bit floating point. */
  FLOAT,
  /** 64-bit floating point. */
  DOUBLE;

  /**
   * Rounds the result of one arithmetic operation to the precision of the kind's bins. For +, -, *,
   * / and square root of 32-bit operands this equals doing the operation in 32 bits.
   */
  public double round(double value) {
    return this == FLOAT ? (float) value : value;
  }
}
