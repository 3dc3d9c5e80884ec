package org.cytolake.sql;

import java.util.ArrayList;
import java.util.List;
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
 * @param owner the class of the method
 * @param returns the type of the result
 */
record SqlFunction(Signature signature, Class<?> owner, DataType returns) {

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
        new Signature(name, usage, List.of(List.of(arguments)), false, example, result),
        owner,
        returns);
  }

  /** The same function, taking other arguments as well. */
  SqlFunction or(Argument... arguments) {
    List<List<Argument>> more = new ArrayList<>(signature.forms());
    more.add(List.of(arguments));
    return new SqlFunction(
        new Signature(
            signature.name(),
            signature.usage(),
            more,
            false,
            signature.example(),
            signature.result()),
        owner,
        returns);
  }

  /** Its name in SQL. */
  String name() {
    return signature.name();
  }

  /** The name of the method. */
  String method() {
    String name = name();
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
    return signature.info(owner, "NULL where an argument is NULL.");
  }

  /**
   * The call, checked: a {@link WrongUsageException}, which it does not declare, says that there
   * are too few or too many arguments, or that one has a type or a constant value that the function
   * does not take.
   */
  Expression expression(Seq<Expression> given) {
    List<Argument> form = signature.formOf(given.size());
    List<Expression> arguments = new ArrayList<>();
    DataType sums = sumType(form, given);
    for (int i = 0; i < form.size(); i++) {
      Argument argument = form.get(i);
      Expression expression = i < given.size() ? given.apply(i) : argument.whereLeftOut();
      String fault = argument.fault(expression);
      if (fault != null) {
        throw signature.wrong("the argument " + argument.name() + " " + fault);
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
    return new NamedCall(name(), given, call(arguments));
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

  @Override
  public String toString() {
    return name();
  }
}
