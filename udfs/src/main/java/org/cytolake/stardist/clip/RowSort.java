package org.cytolake.stardist.clip;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Sorts by descending rows, and leaves equal rows in the order in which GNU's {@code std::sort}
 * leaves them, on which Clipper's results depend: quicksort by the median of three (D. R. Musser
 * 1997, "Introspective sorting and selection algorithms") down to parts of 16, then insertion;
 * parts that are split too often are sorted by a heap.
 */
final class RowSort<T> {
  private static final int SMALL = 16;

  private final List<T> list;
  private final ToIntFunction<T> row;

  private RowSort(List<T> list, ToIntFunction<T> row) {
    this.list = list;
    this.row = row;
  }

  static <T> void sort(List<T> list, ToIntFunction<T> row) {
    RowSort<T> sort = new RowSort<>(list, row);
    sort.split(0, list.size(), 2 * (31 - Integer.numberOfLeadingZeros(Math.max(1, list.size()))));
    sort.insert();
  }

  private boolean isBefore(int i, int j) {
    return row.applyAsInt(list.get(i)) > row.applyAsInt(list.get(j));
  }

  private void swap(int i, int j) {
    T swapped = list.get(i);
    list.set(i, list.get(j));
    list.set(j, swapped);
  }

  private void split(int from, int end, int splits) {
    int to = end;
    for (int left = splits - 1; to - from > SMALL; left--) {
      if (left < 0) {
        sortByHeap(from, to - from);
        return;
      }
      swap(from, median(from + 1, from + (to - from) / 2, to - 1));
      int low = from + 1;
      int high = to;
      while (true) {
        while (isBefore(low, from)) {
          low++;
        }
        do {
          high--;
        } while (isBefore(from, high));
        if (low >= high) {
          break;
        }
        swap(low, high);
        low++;
      }
      split(low, to, left);
      to = low;
    }
  }

  private int median(int a, int b, int c) {
    if (isBefore(a, b)) {
      return isBefore(b, c) ? b : isBefore(a, c) ? c : a;
    }
    return isBefore(a, c) ? a : isBefore(b, c) ? c : b;
  }

  private void insert() {
    for (int i = 1; i < list.size(); i++) {
      for (int j = i; j > 0 && isBefore(j, j - 1); j--) {
        swap(j, j - 1);
      }
    }
  }

  private void sortByHeap(int from, int count) {
    for (int parent = (count - 2) / 2; parent >= 0; parent--) {
      sink(from, parent, count, list.get(from + parent));
    }
    for (int last = count - 1; last > 0; last--) {
      T value = list.get(from + last);
      list.set(from + last, list.get(from));
      sink(from, 0, last, value);
    }
  }

  /** Fills a hole of the heap from below down to a leaf, and lets the value rise from there. */
  private void sink(int from, int top, int count, T value) {
    int hole = top;
    while (2 * hole + 1 < count) {
      int child = 2 * hole + 2;
      if (child == count || isBefore(from + child, from + child - 1)) {
        child--;
      }
      list.set(from + hole, list.get(from + child));
      hole = child;
    }
    while (hole > top && row.applyAsInt(list.get(from + (hole - 1) / 2)) > row.applyAsInt(value)) {
      list.set(from + hole, list.get(from + (hole - 1) / 2));
      hole = (hole - 1) / 2;
    }
    list.set(from + hole, value);
  }
}
