package org.cytolake.tables;

import java.lang.reflect.Array;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/** Values of Java's types as Spark's rows hold them inside. */
final class CatalystValues {
  private CatalystValues() {}

  /**
   * The value as one of that type.
   *
   * @throws ClassCastException if it is of another
   */
  static Object of(DataType type, Object value) {
    if (value == null) {
      return null;
    }
    if (type instanceof StringType) {
      return value instanceof UTF8String ? value : UTF8String.fromString((String) value);
    } else if (type instanceof DoubleType) {
      return value instanceof Integer number ? (Object) number.doubleValue() : (Double) value;
    } else if (type instanceof LongType) {
      return value instanceof Integer number ? (Object) number.longValue() : (Long) value;
    } else if (type instanceof IntegerType) {
      return (Integer) value;
    } else if (type instanceof FloatType) {
      return (Float) value;
    } else if (type instanceof BooleanType) {
      return (Boolean) value;
    } else if (type instanceof TimestampType) {
      return micros(value);
    } else if (type instanceof ArrayType array) {
      return array(array.elementType(), value);
    } else if (type instanceof MapType map) {
      return value instanceof IntsByKey ints && map.valueType() instanceof IntegerType
          ? ints.map()
          : map(map, (Map<?, ?>) value);
    } else if (type instanceof StructType struct) {
      return struct(struct, (InternalRow) value);
    }
    throw new ClassCastException("no table has columns of " + type.sql());
  }

  private static long micros(Object value) {
    Instant time = value instanceof Timestamp stamp ? stamp.toInstant() : (Instant) value;
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static ArrayData array(DataType type, Object value) {
    if (value instanceof double[] doubles && type instanceof DoubleType) {
      return UnsafeArrayData.fromPrimitiveArray(doubles);
    }
    if (value instanceof int[] ints && type instanceof IntegerType) {
      return UnsafeArrayData.fromPrimitiveArray(ints);
    }
    if (value.getClass().isArray()) {
      Object[] elements = new Object[Array.getLength(value)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = of(type, Array.get(value, i));
      }
      return new GenericArrayData(elements);
    }
    return new GenericArrayData(
        ((Collection<?>) value).stream().map(element -> of(type, element)).toArray());
  }

  private static ArrayBasedMapData map(MapType type, Map<?, ?> value) {
    Object[] keys = new Object[value.size()];
    Object[] values = new Object[value.size()];
    int i = 0;
    for (Map.Entry<?, ?> entry : value.entrySet()) {
      keys[i] = of(type.keyType(), entry.getKey());
      values[i++] = of(type.valueType(), entry.getValue());
    }
    return new ArrayBasedMapData(new GenericArrayData(keys), new GenericArrayData(values));
  }

  private static InternalRow struct(StructType type, InternalRow value) {
    if (value.numFields() != type.length()) {
      throw new ClassCastException("the struct has " + type.length() + " fields");
    }
    return value;
  }
}
