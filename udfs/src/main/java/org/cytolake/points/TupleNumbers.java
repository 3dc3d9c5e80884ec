package org.cytolake.points;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Numbers tuples of small integers in the order in which they first come: open addressing over
 * primitive arrays, a tuple packed into as few words as its channels need. Not thread-safe.
 */
public final class TupleNumbers {
  private static final int WORD_BITS = 63;

  private final int[] words; // by channel: the word that it lies in
  private final int[] shifts; // by channel: how far up in that
  private final int[] bits; // by channel
  private final int width; // words a tuple
  private long[] keys = new long[1 << 10]; // of the tuples, by number
  private int[] slots = new int[1 << 10]; // number of a tuple + 1; 0 is free
  private final long[] key;
  private int size;

  /**
   * @param levels how many integers, from 0, each channel has; at least 1
   */
  public TupleNumbers(int[] levels) {
    words = new int[levels.length];
    shifts = new int[levels.length];
    bits = new int[levels.length];
    int word = 0;
    int free = WORD_BITS;
    for (int c = 0; c < levels.length; c++) {
      bits[c] = 32 - Integer.numberOfLeadingZeros(Math.max(0, levels[c] - 1));
      if (bits[c] > free) {
        word++;
        free = WORD_BITS;
      }
      free -= bits[c];
      words[c] = word;
      shifts[c] = free; // the first channel highest: words ascend as the tuples do
    }
    width = word + 1;
    key = new long[width];
  }

  /** How many tuples have a number. */
  public int size() {
    return size;
  }

  /**
   * The number of a tuple, from 0; a new one where it has none.
   *
   * @param levels by channel, then place
   * @param at the place
   */
  public int number(int[][] levels, int at) {
    int slot = slot(levels, at);
    if (slots[slot] == 0) {
      if ((size + 1) * width > keys.length) {
        keys = Arrays.copyOf(keys, 2 * keys.length + width);
      }
      System.arraycopy(key, 0, keys, size * width, width);
      slots[slot] = ++size;
      if (2 * size > slots.length) {
        grow();
      }
      return size - 1;
    }
    return slots[slot] - 1;
  }

  /** The number of a tuple, or -1 where it has none. */
  public int find(int[][] levels, int at) {
    return slots[slot(levels, at)] - 1;
  }

  /** The level of a channel in the tuple of a number. */
  public int level(int channel, int number) {
    return (int)
        (keys[number * width + words[channel]] >>> shifts[channel] & (1L << bits[channel]) - 1);
  }

  /** The numbers in ascending order of the tuples. */
  public int[] ascending() {
    if (width > 1) {
      return IntStream.range(0, size)
          .boxed()
          .sorted(this::compare)
          .mapToInt(Integer::intValue)
          .toArray();
    }
    long[] sorted = Arrays.copyOf(keys, size);
    Arrays.sort(sorted);
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      key[0] = sorted[i];
      numbers[i] = slots[slot()] - 1;
    }
    return numbers;
  }

  private int compare(int a, int b) {
    return Arrays.compare(keys, a * width, (a + 1) * width, keys, b * width, (b + 1) * width);
  }

  private int slot(int[][] levels, int at) {
    Arrays.fill(key, 0);
    for (int c = 0; c < words.length; c++) {
      key[words[c]] |= (long) levels[c][at] << shifts[c];
    }
    return slot();
  }

  /** Where the present key is, or would be. */
  private int slot() {
    long mixed = 0;
    for (long word : key) {
      mixed = (mixed ^ word) * 0x9E3779B97F4A7C15L;
      mixed ^= mixed >>> 32;
    }
    int last = slots.length - 1;
    int slot = (int) mixed & last;
    while (slots[slot] != 0 && !isKey((slots[slot] - 1) * width)) {
      slot = (slot + 1) & last;
    }
    return slot;
  }

  private boolean isKey(int from) {
    for (int w = 0; w < width; w++) {
      if (keys[from + w] != key[w]) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    slots = new int[4 * slots.length];
    for (int number = 0; number < size; number++) {
      System.arraycopy(keys, number * width, key, 0, width);
      slots[slot()] = number + 1;
    }
  }
}
