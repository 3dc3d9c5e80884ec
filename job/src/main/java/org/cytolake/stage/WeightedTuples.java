package org.cytolake.stage;

/**
 * Distinct tuples of intensities with the number of pixels of each.
 *
 * @param values by tuple, then by channel
 * @param counts pixels, at least 1 each
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared
record WeightedTuples(double[][] values, long[] counts) {
  WeightedTuples {
    if (values.length != counts.length) {
      throw new IllegalArgumentException(
          values.length + " tuples with " + counts.length + " counts");
    }
  }

  int size() {
    return counts.length;
  }

  int channels() {
    return values.length == 0 ? 0 : values[0].length;
  }

  long pixels() {
    long sum = 0;
    for (long count : counts) {
      sum = Math.addExact(sum, count);
    }
    return sum;
  }
}
