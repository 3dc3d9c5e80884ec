package org.cytolake.bioformats.deflate;

import java.util.Arrays;

/** Huffman's codes as deflate has them (RFC 1951, 3.2.2). */
final class Huffman {
  private static final int LONGEST = 15;
  private static final int SYMBOL_BITS = 9;

  private Huffman() {}

  /**
   * The bits of every symbol's code.
   *
   * @param counts by symbol, fewer than 512 symbols, two or more of them with a count; changed
   * @param most bits of a code, 9 or more
   * @return 0 for symbols that do not occur
   */
  static int[] lengths(int[] counts, int most) {
    while (true) {
      int[] lengths = optimal(counts);
      if (Arrays.stream(lengths).max().orElse(0) <= most) {
        return lengths;
      }
      for (int s = 0; s < counts.length; s++) { // nearer to each other
        counts[s] = counts[s] == 0 ? 0 : (counts[s] >> 1) | 1;
      }
    }
  }

  /** The two lightest trees become one until one is left; trees arise in order of weight. */
  private static int[] optimal(int[] counts) {
    long[] leaves = new long[counts.length];
    int n = 0;
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] > 0) {
        leaves[n++] = ((long) counts[s] << SYMBOL_BITS) | s;
      }
    }
    Arrays.sort(leaves, 0, n);
    long[] weights = new long[n]; // of the trees
    int[] parents = new int[2 * n]; // first of the leaves, then of the trees
    int leaf = 0;
    int tree = 0;
    for (int made = 0; made < n - 1; made++) {
      for (int child = 0; child < 2; child++) {
        boolean isLeaf = leaf < n && (tree == made || leaves[leaf] >> SYMBOL_BITS <= weights[tree]);
        weights[made] += isLeaf ? leaves[leaf] >> SYMBOL_BITS : weights[tree];
        parents[isLeaf ? leaf++ : n + tree++] = n + made;
      }
    }
    int[] depths = new int[2 * n];
    int[] lengths = new int[counts.length];
    for (int node = 2 * n - 3; node >= 0; node--) { // the root, 2n - 2, is 0 deep
      depths[node] = depths[parents[node]] + 1;
      if (node < n) {
        lengths[(int) (leaves[node] & ((1 << SYMBOL_BITS) - 1))] = depths[node];
      }
    }
    return lengths;
  }

  /** The codes of these lengths, first bit lowest. */
  static int[] codes(int[] lengths) {
    int[] next = new int[LONGEST + 1]; // code of each length
    for (int bits = 1, code = 0; bits <= LONGEST; bits++) {
      for (int length : lengths) {
        code += length == bits - 1 && length > 0 ? 1 : 0;
      }
      code <<= 1;
      next[bits] = code;
    }
    int[] codes = new int[lengths.length];
    for (int s = 0; s < lengths.length; s++) {
      if (lengths[s] > 0) {
        codes[s] = Integer.reverse(next[lengths[s]]++) >>> (32 - lengths[s]);
      }
    }
    return codes;
  }
}
