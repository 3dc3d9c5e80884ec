package org.cytolake.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of one table, filled by the names of their columns, in the form that Spark writes. Every
 * column of a row has to be given, be it as NULL; none has a default. Made once a table and task;
 * for one thread.
 *
 * <pre>{@code
 * RowByName stats = new RowByName(Table.CHANNEL_STATS, layout);
 * stats.key(field.image(), field.groups(), field.series(), z, t);
 * for (...) {
 *   files.write(Table.CHANNEL_STATS, stats.put("channel", name).put("mean", mean)....row());
 * }
 * }</pre>
 *
 * <p>Values: String; int, long, float, double and boolean, widened as Java does from int to long
 * and double; {@link java.sql.Timestamp} and {@link java.time.Instant} for TIMESTAMP; for arrays a
 * List, int[], long[], double[] or String[]; for maps a Map or {@link IntsByKey}; for structs what
 * the {@link #row} of their own {@link #struct} gave. A null is NULL. Another type is an error,
 * also where Spark would cast.
 */
public final class RowByName {
  /** What a column holds that was not given; no value is the same object. */
  private static final Object MISSING = new Object();

  private final String what;
  private final StructType schema;
  private final DataType[] types;
  private final String[] names;
  private final Map<String, Integer> places = new HashMap<>();
  private final int keys;
  private final Object[] before; // of each row: the key, and nothing else
  private final String[] texts; // that were given last
  private final UTF8String[] converted; // the same
  private Object[] values;
  private int next; // the place that is likely asked for next

  /**
   * Rows of a table.
   *
   * @param layout the table's, which may have key columns and channels of its own
   */
  public RowByName(Table table, Layout layout) {
    this("table " + table.folder(), table.schema(layout), layout.keys());
  }

  private RowByName(String what, StructType schema, int keys) {
    this.what = what;
    this.schema = schema;
    this.keys = keys;
    this.types = Arrays.stream(schema.fields()).map(f -> f.dataType()).toArray(DataType[]::new);
    this.names = schema.fieldNames();
    for (int i = 0; i < names.length; i++) {
      places.put(names[i], i);
    }
    this.texts = new String[names.length];
    this.converted = new UTF8String[names.length];
    this.before = new Object[types.length];
    Arrays.fill(before, MISSING);
    this.values = before.clone();
  }

  /**
   * The structs of a column that is a struct or an array of them, such as {@code polygon}. Their
   * rows are given to {@link #put} of this one.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public RowByName struct(String column) {
    DataType type = types[place(column)];
    if (type instanceof ArrayType array) {
      type = array.elementType();
    }
    if (type instanceof StructType struct) {
      return new RowByName("column " + column + " of " + what, struct, 0);
    }
    throw new IllegalArgumentException(
        "column " + column + " of " + what + " is " + Schemas.text(type) + ", no struct");
  }

  /**
   * Says what the row and those that follow are of, until it is called again.
   *
   * @param image null where the rows are of no one image
   * @param groups values of the layout's groups in its order, each or all of which may be missing:
   *     NULL
   * @param series null where the rows are of none, as are z and t
   */
  public RowByName key(String image, List<String> groups, Integer series, Integer z, Integer t) {
    if (groups.size() > keys - 4) {
      throw new IllegalArgumentException(
          what + " has " + (keys - 4) + " groups, not " + groups.size());
    }
    keep(0, image);
    for (int g = 1; g <= keys - 4; g++) {
      keep(g, g <= groups.size() ? groups.get(g - 1) : null);
    }
    keep(keys - 3, series);
    keep(keys - 2, z);
    keep(keys - 1, t);
    return this;
  }

  private void keep(int place, Object value) {
    before[place] = convertedTo(place, value);
    values[place] = before[place];
  }

  /** Gives a column its value. */
  public RowByName put(String column, int value) {
    int place = place(column);
    DataType type = types[place];
    if (type instanceof IntegerType) {
      values[place] = value;
    } else if (type instanceof LongType) {
      values[place] = (long) value;
    } else if (type instanceof DoubleType) {
      values[place] = (double) value;
    } else {
      throw wrong(place, "an int");
    }
    return this;
  }

  /** Gives a column its value. */
  public RowByName put(String column, long value) {
    int place = place(column);
    if (types[place] instanceof LongType) {
      values[place] = value;
    } else if (types[place] instanceof DoubleType) {
      values[place] = (double) value;
    } else {
      throw wrong(place, "a long");
    }
    return this;
  }

  /** Gives a column its value; a NaN is one. */
  public RowByName put(String column, float value) {
    int place = place(column);
    if (types[place] instanceof FloatType) {
      values[place] = value;
    } else if (types[place] instanceof DoubleType) {
      values[place] = (double) value;
    } else {
      throw wrong(place, "a float");
    }
    return this;
  }

  /** Gives a column its value; a NaN is one. */
  public RowByName put(String column, double value) {
    int place = place(column);
    if (!(types[place] instanceof DoubleType)) {
      throw wrong(place, "a double");
    }
    values[place] = value;
    return this;
  }

  /** Gives a column a number, or NULL where it is NaN: where there is no such number. */
  public RowByName putUnlessNaN(String column, double value) {
    return Double.isNaN(value) ? putNull(column) : put(column, value);
  }

  /** Gives a column its value; null is NULL. */
  public RowByName put(String column, String value) {
    int place = place(column);
    if (value == null) {
      values[place] = null;
    } else if (types[place] instanceof StringType) {
      if (!value.equals(texts[place])) {
        texts[place] = value;
        converted[place] = UTF8String.fromString(value);
      }
      values[place] = converted[place]; // most rows have the text of the row before
    } else {
      throw wrong(place, "String " + value);
    }
    return this;
  }

  /**
   * Gives a column its value.
   *
   * @param value null is NULL
   * @throws IllegalArgumentException if there is no such column, or it is of another type
   */
  public RowByName put(String column, Object value) {
    int place = place(column);
    values[place] = convertedTo(place, value);
    return this;
  }

  /** Says that a column is NULL. */
  public RowByName putNull(String column) {
    values[place(column)] = null;
    return this;
  }

  /**
   * The row, which stays as it is; the next one begins, with the same key.
   *
   * @throws IllegalStateException if a column was not given, neither a value nor NULL
   */
  public InternalRow row() {
    for (Object value : values) {
      if (value == MISSING) {
        throw missing();
      }
    }
    InternalRow row = new GenericInternalRow(values);
    values = before.clone();
    next = keys;
    return row;
  }

  private IllegalStateException missing() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] == MISSING) {
        names.add(schema.fields()[i].name());
      }
    }
    return new IllegalStateException(
        "a row of " + what + " lacks " + String.join(", ", names) + ": give values or NULL");
  }

  private int place(String column) {
    if (next == names.length || !names[next].equals(column)) {
      Integer place = places.get(column);
      if (place == null) {
        throw new IllegalArgumentException(what + " has no column " + column);
      }
      next = place;
    }
    return next++;
  }

  private Object convertedTo(int place, Object value) {
    try {
      return CatalystValues.of(types[place], value);
    } catch (ClassCastException e) {
      throw wrong(place, value.getClass().getSimpleName() + " " + value);
    }
  }

  private IllegalArgumentException wrong(int place, String given) {
    return new IllegalArgumentException(
        "column "
            + schema.fields()[place].name()
            + " of "
            + what
            + " is "
            + Schemas.text(types[place])
            + ", not "
            + given);
  }
}
