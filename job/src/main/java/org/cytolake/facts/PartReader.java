package org.cytolake.facts;

import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Chooses rows and columns of a table as {@link Part#select} does, of rows in memory. */
final class PartReader {
  private static final double[] NO_TAIL = {};

  private final Part part;
  private final StructType schema;
  private final List<Predicate<InternalRow>> filters;
  private final int[] textsAt; // ordinals, -1 where the table has no such column
  private final int[] numbersAt;
  private final Getter[] getters; // of the numbers
  private final UTF8String[] lastBytes; // by column: rows that follow each other have like texts
  private final String[] texts;
  private final double[] numbers;

  /**
   * @param schema of the rows, with all columns that the part filters by
   */
  PartReader(Part part, StructType schema) {
    this.part = part;
    this.schema = schema;
    this.filters = part.filters().stream().map(f -> f.of(schema)).toList();
    this.textsAt = places(part.texts());
    this.numbersAt = places(part.numbers());
    this.getters = Arrays.stream(numbersAt).mapToObj(this::getter).toArray(Getter[]::new);
    this.lastBytes = new UTF8String[textsAt.length];
    this.texts = new String[textsAt.length];
    this.numbers = new double[numbersAt.length];
  }

  private int[] places(List<String> columns) {
    List<String> there = Arrays.asList(schema.fieldNames());
    return columns.stream().mapToInt(there::indexOf).toArray();
  }

  /** Whether it reads rows of a schema. */
  boolean reads(StructType other) {
    return schema.equals(other); // at once where it is the same
  }

  /** Adds what the report shows of a row, if anything. */
  void read(InternalRow row, Facts into) {
    for (int f = 0; f < filters.size(); f++) {
      if (!filters.get(f).test(row)) {
        return;
      }
    }
    for (int i = 0; i < texts.length; i++) {
      text(row, i);
    }
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(row, numbersAt[i], getters[i]);
    }
    into.add(texts, numbers, part.tail() == null ? NO_TAIL : tail(row));
  }

  private void text(InternalRow row, int i) {
    int at = textsAt[i];
    if (at < 0 || row.isNullAt(at)) {
      texts[i] = null;
      lastBytes[i] = null;
    } else if (schema.fields()[at].dataType() instanceof ArrayType type) {
      texts[i] = warnings(row.getArray(at), (StructType) type.elementType());
    } else {
      UTF8String bytes = row.getUTF8String(at);
      if (!bytes.equals(lastBytes[i])) {
        texts[i] = bytes.toString();
        lastBytes[i] = UTF8String.fromString(texts[i]);
      }
    }
  }

  private static String warnings(ArrayData warnings, StructType type) {
    StringJoiner all = new StringJoiner("\n\n");
    for (int i = 0; i < warnings.numElements(); i++) {
      InternalRow warning = warnings.getStruct(i, type.size());
      StringJoiner words = new StringJoiner("\n");
      for (String field : Part.OF_WARNING) {
        int at = type.fieldIndex(field);
        if (!warning.isNullAt(at)) {
          words.add(warning.getUTF8String(at).toString());
        }
      }
      all.add(words.toString());
    }
    return all.length() == 0 ? null : all.toString();
  }

  /** A number that is not NULL, by its ordinal. */
  @FunctionalInterface
  private interface Getter {
    double of(InternalRow row, int at);
  }

  private Getter getter(int at) {
    return at < 0 ? (row, ordinal) -> Double.NaN : getter(schema.fields()[at].dataType());
  }

  private static Getter getter(DataType type) {
    if (type.equals(DataTypes.DoubleType)) {
      return InternalRow::getDouble;
    }
    if (type.equals(DataTypes.LongType)) {
      return InternalRow::getLong;
    }
    if (type.equals(DataTypes.IntegerType)) {
      return InternalRow::getInt;
    }
    if (type.equals(DataTypes.BooleanType)) {
      return (row, at) -> row.getBoolean(at) ? 1 : 0;
    }
    throw new IllegalArgumentException("the report reads no numbers of type " + type.sql());
  }

  private static double number(InternalRow row, int at, Getter getter) {
    return at < 0 || row.isNullAt(at) ? Double.NaN : getter.of(row, at);
  }

  private double[] tail(InternalRow row) {
    int at = schema.fieldIndex(part.tail());
    if (row.isNullAt(at)) {
      return NO_TAIL;
    }
    ArrayData array = row.getArray(at);
    if (!(((ArrayType) schema.fields()[at].dataType()).elementType() instanceof StructType type)) {
      return numbers(array);
    }
    Getter[] fields =
        Arrays.stream(type.fields()).map(f -> getter(f.dataType())).toArray(Getter[]::new);
    double[] tail = new double[array.numElements() * type.size()];
    for (int i = 0, n = 0; i < array.numElements(); i++) {
      InternalRow struct = array.getStruct(i, type.size());
      for (int f = 0; f < type.size(); f++) {
        tail[n++] = number(struct, f, fields[f]);
      }
    }
    return tail;
  }

  /** An array of doubles, NaN where NULL. */
  static double[] numbers(ArrayData array) {
    double[] numbers = new double[array.numElements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.isNullAt(i) ? Double.NaN : array.getDouble(i);
    }
    return numbers;
  }
}
