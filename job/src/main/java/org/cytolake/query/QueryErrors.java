package org.cytolake.query;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/** What is wrong with a statement: the reason, where, and what to do. */
public final class QueryErrors {
  static final String NO_TABLE = "TABLE_OR_VIEW_NOT_FOUND";

  private static final String COLUMNS = "`cytolake tables` lists the columns of the tables.";

  private static final Map<String, String> REMEDIES =
      Map.of(
          "PARSE_SYNTAX_ERROR",
          "The SQL is Spark's: spark.apache.org/docs/latest/sql-ref.html.",
          "UNRESOLVED_ROUTINE",
          "SHOW FUNCTIONS lists the functions there are.",
          "UNSUPPORTED_DATASOURCE_FOR_DIRECT_QUERY",
          "Name the images with --input (and --pattern, --channels) and query the view pixels.",
          "DIVIDE_BY_ZERO",
          "Write try_divide(a, b), or nullif(b, 0) for the divisor.",
          "PATH_ALREADY_EXISTS",
          "Choose another --to.");

  private QueryErrors() {}

  /**
   * A failure of the statement itself, or of its values, as USAGE; anything else as it is.
   *
   * @param text the statements
   * @param tables those that there are
   */
  public static RuntimeException inWords(
      Exception e, String text, String output, List<String> tables) {
    SparkThrowable known = known(e);
    if (known == null) {
      return e instanceof RuntimeException r ? r : new IllegalStateException(e);
    }
    String message = firstLine(((Throwable) known).getMessage());
    int[] position = position(known);
    String where = "";
    String excerpt = "";
    if (position != null) {
      where = " (line " + position[0] + ", column " + (position[1] + 1) + ")";
      excerpt = excerpt(text, position[0], position[1]);
    }
    return new CytolakeException(
        Code.USAGE, message + where + ".", remedy(known, output, tables) + excerpt, e);
  }

  private static SparkThrowable known(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CytolakeException) {
        return null; // says it better
      }
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark && isOfTheQuery(spark)) {
        return spark;
      }
    }
    return null;
  }

  /** By SQLSTATE: 22 wrong values, 42 wrong statement, 0A and 21 what SQL cannot do. */
  private static boolean isOfTheQuery(SparkThrowable e) {
    String state = e.getSqlState();
    return e instanceof AnalysisException || (state != null && state.matches("(22|42|0A|21).*"));
  }

  private static String firstLine(String message) {
    String line = message.strip().lines().findFirst().orElse("");
    line = line.replaceFirst("^\\[[A-Z0-9_.]+] ", "").replaceFirst(" ?SQLSTATE: .*", "");
    line = line.replaceFirst("; line \\d+ pos \\d+.*", "");
    return line.replaceFirst("[.:; ]+$", "");
  }

  /** Line from 1, column from 0; null if unknown. */
  private static int[] position(SparkThrowable e) {
    if (e instanceof AnalysisException a && a.line().isDefined() && a.startPosition().isDefined()) {
      return new int[] {(Integer) a.line().get(), (Integer) a.startPosition().get()};
    }
    return null;
  }

  private static String excerpt(String text, int line, int column) {
    List<String> lines = text.lines().toList();
    if (line < 1 || line > lines.size() || column > lines.get(line - 1).length()) {
      return "";
    }
    String shown = lines.get(line - 1).replace('\t', ' ');
    return System.lineSeparator()
        + "  "
        + shown
        + System.lineSeparator()
        + "  "
        + " ".repeat(column)
        + "^";
  }

  private static String remedy(SparkThrowable e, String output, List<String> tables) {
    String condition = String.valueOf(e.getCondition());
    if (condition.equals(NO_TABLE)) {
      return tables.isEmpty()
          ? "The output "
              + output
              + " holds no tables: name another --output, or run cytolake analyze first."
          : "There are " + String.join(", ", tables) + ", and pixels where --input names images.";
    }
    String known = REMEDIES.get(condition);
    return known == null ? COLUMNS : known;
  }
}
