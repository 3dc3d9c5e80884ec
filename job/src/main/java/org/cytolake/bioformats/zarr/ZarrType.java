package org.cytolake.bioformats.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;
import loci.formats.FormatTools;
import org.cytolake.bioformats.plain.RefusedException;

/** The types of samples that are read. */
enum ZarrType {
  UINT8("u1", 1, FormatTools.UINT8),
  INT8("i1", 1, FormatTools.INT8),
  UINT16("u2", 2, FormatTools.UINT16),
  INT16("i2", 2, FormatTools.INT16),
  UINT32("u4", 4, FormatTools.UINT32),
  INT32("i4", 4, FormatTools.INT32),
  FLOAT32("f4", 4, FormatTools.FLOAT),
  FLOAT64("f8", 8, FormatTools.DOUBLE);

  private final String numpy;
  private final int bytes;
  private final int pixelType;

  ZarrType(String numpy, int bytes, int pixelType) {
    this.numpy = numpy;
    this.bytes = bytes;
    this.pixelType = pixelType;
  }

  /** Bytes of a sample. */
  int bytes() {
    return bytes;
  }

  /** Bio-Formats' code. */
  int pixelType() {
    return pixelType;
  }

  private boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /**
   * From numpy's name in Zarr 2, such as {@code <u2}, or Zarr 3's, such as {@code uint16}.
   *
   * @throws RefusedException where samples are of another
   */
  static ZarrType of(JsonNode name) throws RefusedException {
    String text = name.asText("");
    for (ZarrType type : values()) {
      if (text.equals(type.name().toLowerCase(Locale.ROOT))
          || (text.matches("[<>|=].*") && text.substring(1).equals(type.numpy))) {
        return type;
      }
    }
    String shown = name.isTextual() ? text : name.toString();
    throw ZarrRefusals.unsupported(
        "its samples are of type "
            + shown.substring(0, Math.min(80, shown.length()))
            + "; read are integers of 8, 16 and 32 bits, float32 and float64");
  }

  /**
   * The value of chunks that are not there, as a sample is stored.
   *
   * @param value a number, or {@code NaN}, {@code Infinity}, {@code -Infinity} or the bits in
   *     hexadecimals; none: 0
   */
  byte[] fill(JsonNode value, boolean littleEndian) throws RefusedException {
    ByteBuffer sample =
        ByteBuffer.allocate(8).order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (value.isMissingNode() || value.isNull()) {
      return new byte[bytes];
    }
    if (isFloat()) {
      putFloat(value, sample);
    } else {
      putInteger(value, sample);
    }
    byte[] stored = new byte[bytes];
    sample.get(0, stored);
    return stored;
  }

  private void putFloat(JsonNode value, ByteBuffer sample) throws RefusedException {
    Optional<Long> bits = bits(value.asText());
    if (bits.isPresent()) {
      if (this == FLOAT32) {
        sample.putInt(0, (int) (long) bits.get());
      } else {
        sample.putLong(0, bits.get());
      }
      return;
    }
    double number = number(value);
    if (this == FLOAT32) {
      sample.putFloat(0, (float) number);
    } else {
      sample.putDouble(0, number);
    }
  }

  private static Optional<Long> bits(String text) {
    return text.matches("0x[0-9a-fA-F]{1,16}")
        ? Optional.of(Long.parseUnsignedLong(text.substring(2), 16))
        : Optional.empty();
  }

  private static double number(JsonNode value) throws RefusedException {
    if (value.isNumber()) {
      return value.doubleValue();
    }
    return switch (value.asText()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw noFill(value);
    };
  }

  private void putInteger(JsonNode value, ByteBuffer sample) throws RefusedException {
    boolean signed = name().startsWith("INT");
    long least = signed ? -1L << (8 * bytes - 1) : 0;
    long most = (1L << (8 * bytes - (signed ? 1 : 0))) - 1;
    if (!value.isNumber() || value.doubleValue() != Math.rint(value.doubleValue())) {
      throw noFill(value);
    }
    BigInteger number = value.isBigInteger() ? value.bigIntegerValue() : null;
    long whole = number == null ? (long) value.doubleValue() : number.longValue();
    if (number != null || whole < least || whole > most) {
      throw noFill(value);
    }
    switch (bytes) {
      case 1 -> sample.put(0, (byte) whole);
      case 2 -> sample.putShort(0, (short) whole);
      default -> sample.putInt(0, (int) whole);
    }
  }

  private static RefusedException noFill(JsonNode value) {
    String text = value.toString();
    return ZarrRefusals.metadata(
        "its fill value "
            + text.substring(0, Math.min(40, text.length()))
            + " is none of its type of samples");
  }
}
