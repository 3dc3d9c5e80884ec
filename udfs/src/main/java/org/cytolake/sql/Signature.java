package org.cytolake.sql;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;

/**
 * How a function is called, and what its documentation says.
 *
 * @param name in snake case
 * @param usage what it returns, a sentence
 * @param forms its arguments; where there are several forms, they differ in number
 * @param repeats whether the last argument may be given again and again
 * @param example a query that runs as it is, {@code _FUNC_} standing for the name
 * @param result what the query prints
 */
record Signature(
    String name,
    String usage,
    List<List<Argument>> forms,
    boolean repeats,
    String example,
    String result) {

  /** What {@code DESCRIBE FUNCTION EXTENDED} shows. */
  ExpressionInfo info(Class<?> owner, String onNull) {
    String arguments =
        forms.stream()
            .flatMap(List::stream)
            .distinct()
            .map(argument -> "      * " + argument.description() + "\n")
            .collect(Collectors.joining());
    return new ExpressionInfo(
        owner.getName(),
        null,
        name,
        calls() + " - " + usage + " " + onNull,
        "\n    Arguments:\n" + arguments + "  ",
        "\n    Examples:\n      > " + example + "\n       " + result + "\n  ",
        "",
        "",
        "",
        "",
        "java_udf");
  }

  /** How it is called, all forms. */
  String calls() {
    return forms.stream().map(this::call).collect(Collectors.joining(" or "));
  }

  private String call(List<Argument> form) {
    StringBuilder call = new StringBuilder(name).append("(");
    int open = 0;
    for (int i = 0; i < form.size(); i++) {
      if (form.get(i).isOptional()) {
        call.append("[");
        open++;
      }
      call.append(i > 0 ? ", " : "").append(form.get(i).name());
    }
    return call.append(repeats ? ", ..." : "").append("]".repeat(open)).append(")").toString();
  }

  /**
   * The form with so many arguments.
   *
   * <p>A {@link WrongUsageException}, which it does not declare, says that there is none.
   */
  List<Argument> formOf(int number) {
    for (List<Argument> form : forms) {
      long required = form.stream().filter(argument -> !argument.isOptional()).count();
      if (number >= required && (repeats || number <= form.size())) {
        return form;
      }
    }
    throw wrong(
        "it takes " + calls() + ", not " + number + (number == 1 ? " argument" : " arguments"));
  }

  /** A {@link WrongUsageException} that shows the example. */
  RuntimeException wrong(String fault) {
    String query = example.replace("_FUNC_", name).replaceFirst(";$", "");
    String printed = result.replaceAll("\\s+", " ");
    return undeclared(
        new WrongUsageException(
            name + ": " + fault + ". For example, " + query + " gives " + printed));
  }

  /** Scala, which calls the functions, knows no declared exceptions. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> RuntimeException undeclared(Exception e) throws E {
    throw (E) e;
  }
}
