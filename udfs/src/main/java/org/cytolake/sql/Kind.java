package org.cytolake.sql;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.MapEntries;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * What an argument of a function is, and what the Java method gets for it. NULL without a type is
 * taken for any kind.
 */
enum Kind {
  /** Entries of value and count; the method gets them as an array of structs. */
  HISTOGRAM(
      "a histogram, MAP<value, count> or ARRAY<STRUCT<value, count>> with a numeric value and an"
          + " integer count",
      "Make one with collect_list(struct(v, n)) over SELECT v, count(*) AS n ... GROUP BY v") {
    @Override
    boolean accepts(DataType type) {
      return isEntries(entriesOf(type), 1);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(entries(argument, 1));
    }
  },
  /** A histogram; the method gets the {@link #floatBits bits} of its values as well. */
  SAMPLED_HISTOGRAM(HISTOGRAM.expected, HISTOGRAM.remedy) {
    @Override
    boolean accepts(DataType type) {
      return HISTOGRAM.accepts(type);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(entries(argument, 1), sampleBits(argument, 1));
    }
  },
  /** Entries of two values and a count; the method gets them as an array of structs. */
  TUPLES(
      "a joint histogram, ARRAY<STRUCT<x, y, count>> with numeric x and y and an integer count",
      "Make one with collect_list(struct(a, b, n)) over SELECT a, b, count(*) AS n ... GROUP BY a,"
          + " b") {
    @Override
    boolean accepts(DataType type) {
      return isEntries(type, 2);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(entries(argument, 2));
    }
  },
  /** A joint histogram; the method gets the {@link #floatBits bits} of its values as well. */
  SAMPLED_TUPLES(TUPLES.expected, TUPLES.remedy) {
    @Override
    boolean accepts(DataType type) {
      return TUPLES.accepts(type);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(entries(argument, 2), sampleBits(argument, 2));
    }
  },
  /** Values of pixels; the method gets their {@link #floatBits bits} as well. */
  SAMPLES("an array of numbers, ARRAY<number>", "Make one with collect_list(v)") {
    @Override
    boolean accepts(DataType type) {
      return type instanceof NullType
          || (type instanceof ArrayType array && isNumber(array.elementType()));
    }

    @Override
    List<Expression> passed(Expression argument) {
      DataType element =
          argument.dataType() instanceof ArrayType array
              ? array.elementType()
              : DataTypes.DoubleType;
      return List.of(
          cast(argument, new ArrayType(DataTypes.DoubleType, true)), literal(floatBits(element)));
    }
  },
  /** Counts of pixels. */
  COUNTS("an array of integers, ARRAY<BIGINT>", "Make one with collect_list(n)") {
    @Override
    boolean accepts(DataType type) {
      return type instanceof NullType
          || (type instanceof ArrayType array && isInteger(array.elementType()));
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(cast(argument, new ArrayType(DataTypes.LongType, true)));
    }
  },
  /** The method gets a double. */
  NUMBER("a number", "Cast it to DOUBLE") {
    @Override
    boolean accepts(DataType type) {
      return isNumber(type);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(cast(argument, DataTypes.DoubleType));
    }
  },
  /** The method gets an int. */
  WHOLE("an integer", "Cast it to INT") {
    @Override
    boolean accepts(DataType type) {
      return isInteger(type);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(cast(argument, DataTypes.IntegerType));
    }
  },
  /** A column of pixels; an aggregate gets it as one of the types of {@link #pixels}. */
  PIXELS("a number", "Cast it to DOUBLE") {
    @Override
    boolean accepts(DataType type) {
      return isNumber(type);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(cast(argument, pixels(argument.dataType())));
    }
  },
  /** A column of pixels of up to 16 bits; an aggregate gets it as INT. */
  SHORT_PIXELS(
      "an integer channel of up to 16 bits, TINYINT, SMALLINT or INT",
      "Use histogram and joint_histogram for channels of more bits") {
    @Override
    boolean accepts(DataType type) {
      return isNumber(type) && pixels(type).equals(DataTypes.IntegerType);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(cast(argument, DataTypes.IntegerType));
    }
  },
  /** Pairs of channels, a constant. */
  CHANNEL_PAIRS(
      "a constant array of pairs of channels by number from 0, ARRAY<ARRAY<INT>>",
      "Write array(array(0, 1)) for the first channel with the second, array() for no pairs") {
    @Override
    boolean accepts(DataType type) {
      return type instanceof ArrayType array
          && (array.elementType() instanceof NullType
              || (array.elementType() instanceof ArrayType pair && isInteger(pair.elementType())));
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(
          cast(argument, new ArrayType(new ArrayType(DataTypes.IntegerType, true), true)));
    }
  },
  /** An aggregate; the method gets all of them as long, as Decimal or as double. */
  SUM("a number, such as count(*) or sum(x * y)", "Cast it to BIGINT, DECIMAL or DOUBLE") {
    @Override
    boolean accepts(DataType type) {
      return isNumber(type);
    }

    @Override
    List<Expression> passed(Expression argument) {
      return List.of(argument);
    }
  },
  /** Vertices; the method gets pairs of doubles and whether x is the first of them. */
  POLYGON(
      "a polygon, ARRAY<STRUCT<y, x>> with numeric fields of these names",
      "Take the column polygon of the table nuclei, or array(named_struct('y', 0, 'x', 0), ...)") {
    @Override
    boolean accepts(DataType type) {
      return type instanceof NullType
          || (type instanceof ArrayType array
              && array.elementType() instanceof StructType vertex
              && vertex.length() == 2
              && isNumber(vertex.apply(0).dataType())
              && isNumber(vertex.apply(1).dataType())
              && (isNamed(vertex, "y", "x") || isNamed(vertex, "x", "y")));
    }

    @Override
    List<Expression> passed(Expression argument) {
      boolean xFirst =
          argument.dataType() instanceof ArrayType array
              && array.elementType() instanceof StructType vertex
              && isNamed(vertex, "x", "y");
      return List.of(
          cast(argument, arrayOf(DataTypes.DoubleType, DataTypes.DoubleType)), literal(xFirst));
    }
  };

  private final String expected;
  private final String remedy;

  Kind(String expected, String remedy) {
    this.expected = expected;
    this.remedy = remedy;
  }

  /** What it is, for messages and documentation. */
  String expected() {
    return expected;
  }

  /** How to get one. */
  String remedy() {
    return remedy;
  }

  /** Whether a type will do. */
  abstract boolean accepts(DataType type);

  /** What the method gets for an argument of an accepted type. */
  abstract List<Expression> passed(Expression argument);

  /** The type in which pixels of a numeric type are counted. */
  private static DataType pixels(DataType type) {
    if (type instanceof LongType || type instanceof FloatType) {
      return type;
    }
    return isInteger(type) ? DataTypes.IntegerType : DataTypes.DoubleType;
  }

  static Expression cast(Expression expression, DataType type) {
    return expression.dataType().equals(type)
        ? expression
        : new Cast(expression, type, Option.empty(), EvalMode.ANSI());
  }

  static boolean isNumber(DataType type) {
    return type instanceof NumericType || type instanceof NullType;
  }

  static boolean isInteger(DataType type) {
    return type instanceof IntegralType || type instanceof NullType;
  }

  private static Literal literal(Object value) {
    return Literal$.MODULE$.apply(value);
  }

  private static DataType entriesOf(DataType type) {
    return type instanceof MapType map ? arrayOf(map.keyType(), map.valueType()) : type;
  }

  private static ArrayType arrayOf(DataType... fields) {
    StructType struct = new StructType();
    for (int i = 0; i < fields.length; i++) {
      struct = struct.add("f" + i, fields[i], true);
    }
    return new ArrayType(struct, true);
  }

  private static boolean isEntries(DataType type, int values) {
    if (type instanceof NullType) {
      return true;
    }
    if (!(type instanceof ArrayType array
        && array.elementType() instanceof StructType entry
        && entry.length() == values + 1)) {
      return false;
    }
    for (int i = 0; i < values; i++) {
      if (!isNumber(entry.apply(i).dataType())) {
        return false;
      }
    }
    return isInteger(entry.apply(values).dataType());
  }

  /** As an array of structs of so many doubles and a long. */
  private static Expression entries(Expression argument, int values) {
    Expression array = argument.dataType() instanceof MapType ? new MapEntries(argument) : argument;
    DataType[] fields = new DataType[values + 1];
    boolean asItIs = array.dataType() instanceof ArrayType;
    for (int i = 0; i <= values; i++) {
      fields[i] = i < values ? DataTypes.DoubleType : DataTypes.LongType;
      asItIs &= asItIs && field(array.dataType(), i).dataType().equals(fields[i]);
    }
    return asItIs ? array : cast(array, arrayOf(fields));
  }

  private static StructField field(DataType array, int index) {
    return ((StructType) ((ArrayType) array).elementType()).apply(index);
  }

  private static Literal sampleBits(Expression argument, int values) {
    int bits = 0;
    for (int i = 0; i < values && entriesOf(argument.dataType()) instanceof ArrayType array; i++) {
      bits = Math.max(bits, floatBits(field(array, i).dataType()));
    }
    return literal(bits);
  }

  /** Bits of floating point of a type's values, 0 for integers. */
  private static int floatBits(DataType type) {
    boolean isWhole = type instanceof DecimalType decimal && decimal.scale() == 0;
    if (isWhole || isInteger(type)) {
      return 0;
    }
    return type instanceof FloatType ? 32 : 64;
  }

  private static boolean isNamed(StructType vertex, String first, String second) {
    return vertex.apply(0).name().toLowerCase(Locale.ROOT).equals(first)
        && vertex.apply(1).name().toLowerCase(Locale.ROOT).equals(second);
  }
}
