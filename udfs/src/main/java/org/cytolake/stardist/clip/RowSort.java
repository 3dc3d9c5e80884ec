package org.cytolake.stardist.clip;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Sorts by descending rows, and leaves equal rows in the order in which GNU's {@code std::sort}
 * leaves them, on which Clipper's results depend: quicksort by the median of three (D. R. Musser
 * 1997, "Introspective sorting and selection algorithms") down to parts of 16, then insertion. The
 * fall back to heapsort for inputs made to be slow is left out.
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
    sort.split(0, list.size());
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

  private void split(int from, int end) {
    int to = end;
    while (to - from > SMALL) {
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
      split(low, to);
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
}
