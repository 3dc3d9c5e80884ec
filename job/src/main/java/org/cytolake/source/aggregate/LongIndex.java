package org.cytolake.source.aggregate;

import java.util.Arrays;

/**
 * Numbers distinct long keys 0, 1, 2... in order of appearance: open addressing over primitive
 * arrays.
 */
final class LongIndex {
  private long[] keys = new long[1024];
  private int[] numbers = new int[1024];
  private int size;

  LongIndex() {
    Arrays.fill(numbers, -1);
  }

  int size() {
    return size;
  }

  int numberOf(long key) {
    int mask = keys.length - 1;
    int slot = hash(key) & mask;
    while (numbers[slot] >= 0) {
      if (keys[slot] == key) {
        return numbers[slot];
      }
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    numbers[slot] = size;
    if (++size > keys.length / 2) {
      grow();
    }
    return size - 1;
  }

  private static int hash(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed ^ (mixed >>> 32));
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[oldKeys.length * 2];
    numbers = new int[keys.length];
    Arrays.fill(numbers, -1);
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldNumbers[i] >= 0) {
        int slot = hash(oldKeys[i]) & mask;
        while (numbers[slot] >= 0) {
          slot = (slot + 1) & mask;
        }
        keys[slot] = oldKeys[i];
        numbers[slot] = oldNumbers[i];
      }
    }
  }
}
