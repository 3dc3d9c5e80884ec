package org.cytolake.secondary;

import java.util.Arrays;

/**
 * The binary heap of {@code centrosome.propagate} 1.3.4: pixels by what the way to them costs, but
 * for the cost's last bit, then by label, then row by row. It takes the seeds as they lie in the
 * image and does not put them in order first: which of two seeds comes first is an accident of
 * their number and place. Where two labels reach a pixel at the same cost the accident decides, so
 * it is repeated here.
 */
final class SeedHeap {
  private long[] costs;
  private long[] places; // label and pixel
  private int size;

  SeedHeap(int capacity) {
    costs = new long[Math.max(1, capacity)];
    places = new long[costs.length];
  }

  /** What costs are compared by. */
  static long key(double cost) {
    return Double.doubleToRawLongBits(cost) >>> 1;
  }

  /** Adds a seed at the end, in order or not. */
  void append(int label, int pixel) {
    grow();
    places[size++] = place(label, pixel);
  }

  private static long place(int label, int pixel) {
    return ((long) label << 32) | pixel;
  }

  private void grow() {
    if (size == costs.length) {
      costs = Arrays.copyOf(costs, 2 * size);
      places = Arrays.copyOf(places, 2 * size);
    }
  }

  /** Adds a pixel of a label at a cost, 0 or more. */
  void add(double cost, int label, int pixel) {
    grow();
    long key = key(cost);
    long place = place(label, pixel);
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (!isBefore(key, place, costs[parent], places[parent])) {
        break;
      }
      costs[at] = costs[parent];
      places[at] = places[parent];
      at = parent;
    }
    costs[at] = key;
    places[at] = place;
  }

  private static boolean isBefore(long cost, long place, long otherCost, long otherPlace) {
    return cost < otherCost || (cost == otherCost && place < otherPlace);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Takes the first: its label in the upper half, its pixel in the lower one. */
  long take() {
    long top = places[0];
    long cost = costs[--size];
    long place = places[size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size
          && isBefore(costs[child + 1], places[child + 1], costs[child], places[child])) {
        child++;
      }
      if (!isBefore(costs[child], places[child], cost, place)) {
        break;
      }
      costs[at] = costs[child];
      places[at] = places[child];
      at = child;
    }
    costs[at] = cost;
    places[at] = place;
    return top;
  }
}
