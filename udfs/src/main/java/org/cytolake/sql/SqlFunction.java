package org.cytolake.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.NumericType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A function of SQL and the Java method that computes it: a public static method of the same name
 * in camel case. NULL for any argument gives NULL without a call.
 *
 * @param name in snake case
 * @param owner the class of the method
 * @param returns the type of the result
 * @param usage what it returns, a sentence
 * @param forms its arguments; where there are several forms, they differ in number
 * @param example a query that runs as it is, {@code _FUNC_} standing for the name
 * @param result what the query prints
 */
record SqlFunction(
    String name,
    Class<?> owner,
    DataType returns,
    String usage,
    List<List<Argument>> forms,
    String example,
    String result) {

  /** Of one form. */
  static SqlFunction of(
      Class<?> owner,
      String name,
      DataType returns,
      String usage,
      String example,
      String result,
      Argument... arguments) {
    return new SqlFunction(
        name, owner, returns, usage, List.of(List.of(arguments)), example, result);
  }

  /** The same function, taking other arguments as well. */
  SqlFunction or(Argument... arguments) {
    List<List<Argument>> more = new ArrayList<>(forms);
    more.add(List.of(arguments));
    return new SqlFunction(name, owner, returns, usage, more, example, result);
  }

  /** The name of the method. */
  String method() {
    StringBuilder method = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      boolean starts = i > 0 && name.charAt(i - 1) == '_';
      if (name.charAt(i) != '_') {
        method.append(starts ? Character.toUpperCase(name.charAt(i)) : name.charAt(i));
      }
    }
    return method.toString();
  }

  /** What {@code DESCRIBE FUNCTION EXTENDED} shows. */
  ExpressionInfo info() {
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
        forms.stream().map(this::signature).collect(Collectors.joining(" or "))
            + " - "
            + usage
            + " NULL where an argument is NULL.",
        "\n    Arguments:\n" + arguments + "  ",
        "\n    Examples:\n      > " + example + "\n       " + result + "\n  ",
        "",
        "",
        "",
        "",
        "java_udf");
  }

  private String signature(List<Argument> form) {
    StringBuilder signature = new StringBuilder(name).append("(");
    int open = 0;
    for (int i = 0; i < form.size(); i++) {
      if (form.get(i).isOptional()) {
        signature.append("[");
        open++;
      }
      signature.append(i > 0 ? ", " : "").append(form.get(i).name());
    }
    return signature.append("]".repeat(open)).append(")").toString();
  }

  /**
   * The call, checked: a {@link WrongUsageException}, which it does not declare, says that there
   * are too few or too many arguments, or that one has a type or a constant value that the function
   * does not take.
   */
  Expression expression(Seq<Expression> given) {
    List<Argument> form = formOf(given.size());
    List<Expression> arguments = new ArrayList<>();
    DataType sums = sumType(form, given);
    for (int i = 0; i < form.size(); i++) {
      Argument argument = form.get(i);
      Expression expression = i < given.size() ? given.apply(i) : argument.whereLeftOut();
      String fault = argument.fault(expression);
      if (fault != null) {
        throw wrong("the argument " + argument.name() + " " + fault);
      }
      if (argument.kind() == Kind.SUM) {
        boolean decimal = sums instanceof DecimalType;
        arguments.add(
            decimal && expression.dataType() instanceof DecimalType
                ? expression
                : Kind.cast(expression, sums));
      } else {
        arguments.addAll(argument.kind().passed(expression));
      }
    }
    return new NamedCall(name, given, call(arguments));
  }

  private List<Argument> formOf(int number) {
    for (List<Argument> form : forms) {
      long required = form.stream().filter(argument -> !argument.isOptional()).count();
      if (number >= required && number <= form.size()) {
        return form;
      }
    }
    throw wrong(
        "it takes "
            + forms.stream().map(this::signature).collect(Collectors.joining(" or "))
            + ", not "
            + number
            + (number == 1 ? " argument" : " arguments"));
  }

  /** Integers stay exact, decimals as well, unless one of the sums is in floating point. */
  private static DataType sumType(List<Argument> form, Seq<Expression> given) {
    DataType widest = DataTypes.LongType;
    for (int i = 0; i < given.size(); i++) {
      DataType type = given.apply(i).dataType();
      if (form.get(i).kind() != Kind.SUM || !(type instanceof NumericType)) {
        continue;
      }
      if (type instanceof FractionalType && !(type instanceof DecimalType)) {
        return DataTypes.DoubleType;
      }
      if (type instanceof DecimalType) {
        widest = DataTypes.createDecimalType(20, 0);
      }
    }
    return widest;
  }

  private Expression call(List<Expression> arguments) {
    return new StaticInvoke(
        owner,
        returns,
        method(),
        CollectionConverters.asScala(arguments).toSeq(),
        CollectionConverters.asScala(List.<AbstractDataType>of()).toSeq(),
        true,
        true,
        true,
        Option.empty());
  }

  private RuntimeException wrong(String fault) {
    String query = example.replace("_FUNC_", name).replaceFirst(";$", "");
    String printed = result.replaceAll("\\s+", " ");
    return undeclared(
        new WrongUsageException(
            name + ": " + fault + ". For example, " + query + " gives " + printed));
  }

  /** Scala, which calls this, knows no declared exceptions. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> RuntimeException undeclared(Exception e) throws E {
    throw (E) e;
  }

  @Override
  public String toString() {
    return name;
  }
}
