package org.cytolake.facts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Rows of one table, as {@link Part} chose them, column by column. */
public final class Facts {
  private static final int FIRST_ROOM = 16;

  private final Part part;
  private final String[][] texts;
  private final double[][] numbers;
  private double[][] tails;
  private int size;

  Facts(Part part) {
    this.part = part;
    this.texts = new String[part.texts().size()][FIRST_ROOM];
    this.numbers = new double[part.numbers().size()][FIRST_ROOM];
    this.tails = part.tail() == null ? null : new double[FIRST_ROOM][];
  }

  /**
   * Adds a row.
   *
   * @param newTexts copied; null where NULL
   * @param newNumbers copied, as many as the part has or more; NaN where NULL
   * @param tail kept where the part has one
   */
  public void add(String[] newTexts, double[] newNumbers, double[] tail) {
    for (int i = 0; i < texts.length; i++) {
      if (size == texts[i].length) {
        texts[i] = Arrays.copyOf(texts[i], 2 * size);
      }
      texts[i][size] = newTexts[i];
    }
    for (int i = 0; i < numbers.length; i++) {
      if (size == numbers[i].length) {
        numbers[i] = Arrays.copyOf(numbers[i], 2 * size);
      }
      numbers[i][size] = newNumbers[i];
    }
    if (tails != null) {
      if (size == tails.length) {
        tails = Arrays.copyOf(tails, 2 * size);
      }
      tails[size] = tail;
    }
    size++;
  }

  public Part part() {
    return part;
  }

  public int size() {
    return size;
  }

  /** A column of numbers by row; {@link #size()} of its elements are valid. */
  public double[] numbers(String column) {
    return numbers[part.number(column)];
  }

  /** The same by the column's place. */
  public double[] numbers(int column) {
    return numbers[column];
  }

  /** A column of texts by row; {@link #size()} of its elements are valid. */
  public String[] texts(String column) {
    return texts[part.text(column)];
  }

  /** All texts of a row. */
  public List<String> texts(int row) {
    List<String> all = new ArrayList<>();
    for (String[] column : texts) {
      all.add(column[row]);
    }
    return all;
  }

  /** The further numbers of a row. */
  public double[] tail(int row) {
    return tails[row];
  }

  /** Row by row. */
  public List<Fact> all() {
    return IntStream.range(0, size).mapToObj(row -> new Fact(this, row)).toList();
  }

  /** Rows with the same texts, by those texts, in the order of their first rows. */
  public Map<List<String>, int[]> groups() {
    Map<List<String>, IntStream.Builder> groups = new LinkedHashMap<>();
    IntStream.Builder group = null;
    for (int row = 0; row < size; row++) {
      if (group == null || !likeBefore(row)) {
        group = groups.computeIfAbsent(texts(row), t -> IntStream.builder());
      }
      group.add(row);
    }
    Map<List<String>, int[]> rows = new LinkedHashMap<>();
    groups.forEach((texts, of) -> rows.put(texts, of.build().toArray()));
    return rows;
  }

  /** Rows by ascending numbers, which they have as a rule anyway. */
  public static int[] ascending(int[] rows, double[] by) {
    for (int i = 1; i < rows.length; i++) {
      if (by[rows[i - 1]] > by[rows[i]]) {
        return IntStream.of(rows)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> by[row]))
            .mapToInt(row -> row)
            .toArray();
      }
    }
    return rows;
  }

  private boolean likeBefore(int row) {
    for (String[] column : texts) {
      if (!Objects.equals(column[row], column[row - 1])) {
        return false;
      }
    }
    return true;
  }
}
