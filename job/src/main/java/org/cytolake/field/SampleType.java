package org.cytolake.field;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * How the samples of a channel are held in memory and in Spark: the narrowest type that cannot
 * overflow.
 */
@SuppressWarnings(
    "ImmutableEnumChecker") // Spark's simple types are immutable, though not annotated so
public enum SampleType {
  /** Integers up to 16 bits: {@code int[]}, INT. */
  INT(DataTypes.IntegerType),
  /** 32-bit integers: {@code long[]}, BIGINT. */
  LONG(DataTypes.LongType),
  /** 32-bit floating point: {@code float[]}, FLOAT. */
  FLOAT(DataTypes.FloatType),
  /** 64-bit floating point: {@code double[]}, DOUBLE. */
  DOUBLE(DataTypes.DoubleType);

  private final DataType sparkType;

  SampleType(DataType sparkType) {
    this.sparkType = sparkType;
  }

  public DataType sparkType() {
    return sparkType;
  }

  /** The type that holds both. */
  public SampleType widen(SampleType other) {
    if (this == other) {
      return this;
    }
    boolean integers = compareTo(FLOAT) < 0 && other.compareTo(FLOAT) < 0;
    return integers ? LONG : DOUBLE;
  }

  /**
   * The largest value that OME's pixel type of a name holds; NaN for floating point, and for bits.
   */
  public static double largest(String pixelType) {
    return switch (pixelType) {
      case "uint8" -> 255;
      case "int8" -> 127;
      case "uint16" -> 65_535;
      case "int16" -> 32_767;
      case "uint32" -> 4_294_967_295.0;
      case "int32" -> 2_147_483_647.0;
      default -> Double.NaN;
    };
  }

  /** From the type of a column. */
  public static SampleType ofSpark(DataType type) {
    for (SampleType sampleType : values()) {
      if (sampleType.sparkType.equals(type)) {
        return sampleType;
      }
    }
    throw new IllegalArgumentException("no channel has the type " + type);
  }
}
