package org.cytolake.query;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Rows as text for people: aligned columns, or one record after the other where they are wide. */
public final class TextTable {
  /** Longer cells are cut. */
  static final int MAX_CELL = 60;

  private static final int DIGITS = 7;
  private static final String NULL = "NULL";

  private final List<String> names;
  private final boolean[] right;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param right which columns are aligned to the right
   */
  public TextTable(List<String> names, boolean[] right) {
    if (names.size() != right.length) {
      throw new IllegalArgumentException(names.size() + " names, " + right.length + " columns");
    }
    this.names = List.copyOf(names);
    this.right = right.clone();
  }

  /** Adds a row of as many values as there are columns. */
  public void add(List<Object> values) {
    if (values.size() != names.size()) {
      throw new IllegalArgumentException(values.size() + " values, " + names.size() + " columns");
    }
    rows.add(values.stream().map(TextTable::cell).toList());
  }

  private static String cell(Object value) {
    String text =
        value == null
            ? NULL
            : value instanceof Double || value instanceof Float
                ? number(((Number) value).doubleValue())
                : Printable.of(value.toString());
    int length = text.codePointCount(0, text.length());
    return length <= MAX_CELL
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_CELL - 1)) + "…";
  }

  /** At most seven significant digits, but never fewer than the integer part has. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
      return value == 0 ? "0" : Double.toString(value);
    }
    double size = Math.abs(value);
    if (size < 1e-5 || size >= 1e15) {
      return new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros().toString();
    }
    int integerDigits = Math.max(0, (int) Math.floor(Math.log10(size)) + 1);
    BigDecimal rounded =
        new BigDecimal(value)
            .round(new MathContext(Math.max(DIGITS, integerDigits), RoundingMode.HALF_EVEN));
    return rounded.stripTrailingZeros().toPlainString();
  }

  /** The table in lines; the first is the header. */
  public List<String> lines() {
    int[] widths = widths();
    List<String> lines = new ArrayList<>();
    StringBuilder header = new StringBuilder();
    StringBuilder rule = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      header.append(c == 0 ? " " : " │ ").append(pad(shown(names.get(c)), widths[c], right[c]));
      rule.append(c == 0 ? "─" : "─┼─").append("─".repeat(widths[c]));
    }
    lines.add(header.toString().stripTrailing());
    lines.add(rule.append("─").toString());
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        line.append(c == 0 ? " " : " │ ").append(pad(row.get(c), widths[c], right[c]));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** The rows below each other, a line for each column. */
  public List<String> records() {
    int width = names.stream().mapToInt(n -> length(shown(n))).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      lines.add("─[ row " + (r + 1) + " ]─");
      for (int c = 0; c < names.size(); c++) {
        lines.add(" " + pad(shown(names.get(c)), width, false) + " │ " + rows.get(r).get(c));
      }
    }
    return lines;
  }

  /** Number of rows. */
  public int size() {
    return rows.size();
  }

  /** Characters that a line of {@link #lines} takes. */
  public int width() {
    int sum = 1;
    for (int width : widths()) {
      sum += width + 3;
    }
    return sum - 2;
  }

  private int[] widths() {
    int[] widths = new int[names.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = length(shown(names.get(c)));
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], length(row.get(c)));
      }
    }
    return widths;
  }

  private static String shown(String name) {
    return Printable.of(name);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String pad(String text, int width, boolean right) {
    String blanks = " ".repeat(width - length(text));
    return right ? blanks + text : text + blanks;
  }
}
