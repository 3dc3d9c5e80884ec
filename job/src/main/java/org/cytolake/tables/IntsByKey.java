package org.cytolake.tables;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The value of a column {@code MAP<STRING, INT>} in the form that Spark writes. For very many rows
 * whose maps have the same keys: those are converted once.
 */
public final class IntsByKey {
  private final ArrayBasedMapData map;

  private IntsByKey(ArrayBasedMapData map) {
    this.map = map;
  }

  ArrayBasedMapData map() {
    return map;
  }

  /** The keys of all the maps. */
  public static final class Keys {
    private final ArrayData keys;

    /**
     * @param keys distinct
     */
    public Keys(List<String> keys) {
      this.keys = new GenericArrayData(keys.stream().map(UTF8String::fromString).toArray());
    }

    /**
     * A map.
     *
     * @param values of the keys, in their order; copied
     * @throws IllegalArgumentException if there are more or fewer than keys
     */
    public IntsByKey to(int[] values) {
      if (values.length != keys.numElements()) {
        throw new IllegalArgumentException(
            values.length + " values for " + keys.numElements() + " keys");
      }
      return new IntsByKey(new ArrayBasedMapData(keys, UnsafeArrayData.fromPrimitiveArray(values)));
    }
  }
}
