package org.cytolake.field;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A well of a plate of up to 1536 (32 rows, 48 columns).
 *
 * @param row from 0: A, B, ... Z, AA, ... AF
 * @param column from 1
 */
public record Well(int row, int column) implements Comparable<Well> {
  private static final int ROWS = 32;
  private static final int COLUMNS = 48;
  private static final Pattern LETTERS = Pattern.compile("([A-Za-z]{1,2})[- ]{0,3}(\\d{1,3})");
  private static final Pattern NUMBERS = Pattern.compile("[rR](\\d{1,3})[- ]?[cC](\\d{1,3})");

  /** Rows and columns of the usual plates: 6, 12, 24, 48, 96, 384 and 1536 wells. */
  private static final List<int[]> PLATES =
      List.of(
          new int[] {2, 3},
          new int[] {3, 4},
          new int[] {4, 6},
          new int[] {6, 8},
          new int[] {8, 12},
          new int[] {16, 24},
          new int[] {ROWS, COLUMNS});

  public Well {
    if (row < 0 || row >= ROWS || column < 1 || column > COLUMNS) {
      throw new IllegalArgumentException("no well: row " + row + ", column " + column);
    }
  }

  /** Reads {@code A1}, {@code A01}, {@code a-01}, {@code A - 1} or {@code r01c01}. */
  public static Optional<Well> parse(String text) {
    Matcher letters = LETTERS.matcher(text);
    if (letters.matches()) {
      return of(letters.group(1), letters.group(2));
    }
    Matcher numbers = NUMBERS.matcher(text);
    return numbers.matches() ? of(numbers.group(1), numbers.group(2)) : Optional.empty();
  }

  /** From a row, by letters or number, and a column by number. */
  public static Optional<Well> of(String row, String column) {
    int r = row.matches("\\d{1,3}") ? Integer.parseInt(row) - 1 : rowOf(row);
    int c = column.matches("\\d{1,3}") ? Integer.parseInt(column) : 0;
    return r >= 0 && r < ROWS && c >= 1 && c <= COLUMNS
        ? Optional.of(new Well(r, c))
        : Optional.empty();
  }

  private static int rowOf(String letters) {
    String upper = letters.toUpperCase(Locale.ROOT);
    if (!upper.matches("[A-Z]{1,2}")) {
      return -1;
    }
    int last = upper.charAt(upper.length() - 1) - 'A';
    return upper.length() == 1 ? last : 26 * (upper.charAt(0) - 'A' + 1) + last;
  }

  /** The fewest wells that a usual plate with these has: 6, 12, 24, 48, 96, 384 or 1536. */
  public static int plateOf(Iterable<Well> wells) {
    int rows = 0;
    int columns = 0;
    for (Well well : wells) {
      rows = Math.max(rows, well.row + 1);
      columns = Math.max(columns, well.column);
    }
    for (int[] plate : PLATES) {
      if (rows <= plate[0] && columns <= plate[1]) {
        return plate[0] * plate[1];
      }
    }
    throw new AssertionError("a well lies outside the largest plate");
  }

  /** By row, then column. */
  @Override
  public int compareTo(Well other) {
    return Comparator.comparingInt(Well::row).thenComparingInt(Well::column).compare(this, other);
  }

  /** Its name with two digits: {@code A01}, {@code AF48}. */
  @Override
  public String toString() {
    String letter = String.valueOf((char) ('A' + row % 26));
    return String.format(Locale.ROOT, "%s%02d", row < 26 ? letter : "A" + letter, column);
  }
}
