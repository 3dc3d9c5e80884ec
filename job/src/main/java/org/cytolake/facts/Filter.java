package org.cytolake.facts;

import static org.apache.spark.sql.functions.col;

import java.util.function.Predicate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Which rows of a table the report shows: for Spark and for a row at hand the same. */
public sealed interface Filter {
  /** For rows of a table in Spark. */
  Column sql();

  /** For rows of a table in memory. */
  Predicate<InternalRow> of(StructType schema);

  /** Rows with a text in a column. */
  record Equal(String column, String text) implements Filter {
    @Override
    public Column sql() {
      return col(Part.quoted(column)).equalTo(text);
    }

    @Override
    public Predicate<InternalRow> of(StructType schema) {
      int at = schema.fieldIndex(column);
      UTF8String wanted = UTF8String.fromString(text);
      return row -> !row.isNullAt(at) && row.getUTF8String(at).equals(wanted);
    }
  }

  /** Rows with another text in a column, none with NULL. */
  record Other(String column, String text) implements Filter {
    @Override
    public Column sql() {
      return col(Part.quoted(column)).notEqual(text);
    }

    @Override
    public Predicate<InternalRow> of(StructType schema) {
      int at = schema.fieldIndex(column);
      UTF8String unwanted = UTF8String.fromString(text);
      return row -> !row.isNullAt(at) && !row.getUTF8String(at).equals(unwanted);
    }
  }

  /** Rows with NULL in a column. */
  record Null(String column) implements Filter {
    @Override
    public Column sql() {
      return col(Part.quoted(column)).isNull();
    }

    @Override
    public Predicate<InternalRow> of(StructType schema) {
      int at = schema.fieldIndex(column);
      return row -> row.isNullAt(at);
    }
  }

  /** Rows without NULL in a column. */
  record NotNull(String column) implements Filter {
    @Override
    public Column sql() {
      return col(Part.quoted(column)).isNotNull();
    }

    @Override
    public Predicate<InternalRow> of(StructType schema) {
      return new Null(column).of(schema).negate();
    }
  }

  /**
   * Rows with a multiple of a number in a column of integers.
   *
   * @param step 1 or more
   */
  record MultipleOf(String column, int step) implements Filter {
    @Override
    public Column sql() {
      return col(Part.quoted(column)).mod(step).equalTo(0);
    }

    @Override
    public Predicate<InternalRow> of(StructType schema) {
      int at = schema.fieldIndex(column);
      return row -> !row.isNullAt(at) && row.getInt(at) % step == 0;
    }
  }

  /** Rows that one of two filters lets through. */
  record Either(Filter one, Filter other) implements Filter {
    @Override
    public Column sql() {
      return one.sql().or(other.sql());
    }

    @Override
    public Predicate<InternalRow> of(StructType schema) {
      return one.of(schema).or(other.of(schema));
    }
  }
}
