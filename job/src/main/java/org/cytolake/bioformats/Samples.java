package org.cytolake.bioformats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import loci.formats.FormatTools;
import org.cytolake.field.SampleType;
import org.cytolake.image.Plane;

/**
 * The samples of one channel in one tile, row by row, in a primitive array of the channel's type.
 * One instance is filled again and again; {@link #size()} of its elements are valid.
 */
public final class Samples implements Plane {
  private final SampleType type;
  private int[] ints = {};
  private long[] longs = {};
  private float[] floats = {};
  private double[] doubles = {};
  private byte[] packed = {}; // 8-bit samples as they were read, until somebody wants integers
  private boolean isPacked;
  private int size;

  public Samples(SampleType type) {
    this.type = type;
  }

  public SampleType type() {
    return type;
  }

  /** Number of samples. */
  public int size() {
    return size;
  }

  public int[] ints() {
    if (isPacked) {
      isPacked = false;
      resize(size);
      for (int i = 0; i < size; i++) {
        ints[i] = packed[i] & 0xff;
      }
    }
    return ints;
  }

  /** The samples as unsigned bytes, or null where they are wider. */
  public byte[] packed() {
    return isPacked ? packed : null;
  }

  /** Room for unsigned 8-bit samples; {@link #packed()} is it until integers are asked for. */
  byte[] pack(int newSize) {
    if (packed.length != newSize) { // Bio-Formats wants buffers of just the size
      packed = new byte[newSize];
    }
    size = newSize;
    isPacked = true;
    return packed;
  }

  /** Lets go of the arrays: somebody else may still write to them. */
  void renew() {
    packed = new byte[0];
    ints = new int[0];
    longs = new long[0];
    floats = new float[0];
    doubles = new double[0];
    isPacked = false;
    size = 0;
  }

  public long[] longs() {
    return longs;
  }

  public float[] floats() {
    return floats;
  }

  public double[] doubles() {
    return doubles;
  }

  void resize(int newSize) {
    size = newSize;
    switch (type) {
      case INT -> ints = ints.length < newSize ? new int[newSize] : ints;
      case LONG -> longs = longs.length < newSize ? new long[newSize] : longs;
      case FLOAT -> floats = floats.length < newSize ? new float[newSize] : floats;
      case DOUBLE -> doubles = doubles.length < newSize ? new double[newSize] : doubles;
    }
  }

  /** The sample at a row-major index, 0 to {@link #size()} - 1; 32-bit integers are exact. */
  @Override
  public double at(int i) {
    return switch (type) {
      case INT -> isPacked ? packed[i] & 0xff : ints[i];
      case LONG -> longs[i];
      case FLOAT -> floats[i];
      case DOUBLE -> doubles[i];
    };
  }

  @Override
  public void read(int first, int count, double[] into, int to) {
    if (type != SampleType.INT) {
      Plane.super.read(first, count, into, to);
    } else if (isPacked) {
      for (int i = 0; i < count; i++) {
        into[to + i] = packed[first + i] & 0xff;
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[to + i] = ints[first + i];
      }
    }
  }

  @Override
  public void floats(int first, int count, float[] into, int to) {
    switch (type) {
      case INT -> {
        if (isPacked) {
          for (int i = 0; i < count; i++) {
            into[to + i] = packed[first + i] & 0xff;
          }
        } else {
          for (int i = 0; i < count; i++) {
            into[to + i] = ints[first + i];
          }
        }
      }
      case LONG -> {
        for (int i = 0; i < count; i++) {
          into[to + i] = (float) (double) longs[first + i];
        }
      }
      case FLOAT -> System.arraycopy(floats, first, into, to, count);
      case DOUBLE -> {
        for (int i = 0; i < count; i++) {
          into[to + i] = (float) doubles[first + i];
        }
      }
    }
  }

  /** Keeps the samples whose mask is 1. */
  public void keep(byte[] mask) {
    int kept = 0;
    ints();
    for (int i = 0; i < size; i++) {
      if (mask[i] == 1) {
        switch (type) {
          case INT -> ints[kept] = ints[i];
          case LONG -> longs[kept] = longs[i];
          case FLOAT -> floats[kept] = floats[i];
          case DOUBLE -> doubles[kept] = doubles[i];
        }
        kept++;
      }
    }
    size = kept;
  }

  /** Takes the larger of this and the other, sample by sample: a step of a maximum projection. */
  void max(Samples other) {
    ints();
    other.ints();
    for (int i = 0; i < size; i++) {
      switch (type) {
        case INT -> ints[i] = Math.max(ints[i], other.ints[i]);
        case LONG -> longs[i] = Math.max(longs[i], other.longs[i]);
        case FLOAT -> floats[i] = Math.max(floats[i], other.floats[i]);
        case DOUBLE -> doubles[i] = Math.max(doubles[i], other.doubles[i]);
      }
    }
  }

  /**
   * Fills this from Bio-Formats' bytes.
   *
   * @param bytes what {@code openBytes} returned
   * @param pixelType Bio-Formats' pixel type
   * @param first index, in samples, of the first sample of the channel
   * @param step distance, in samples, from one sample of the channel to the next
   */
  void decode(byte[] bytes, int count, int pixelType, boolean littleEndian, int first, int step) {
    isPacked = false;
    resize(count);
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes).order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (type == SampleType.INT) {
      decodeInts(bytes, buffer, pixelType, first, step);
      return;
    }
    for (int i = 0; i < size; i++) {
      int at = first + i * step;
      double value;
      switch (pixelType) {
        case FormatTools.UINT32 -> {
          set(i, (double) (buffer.getInt(4 * at) & 0xffffffffL));
          continue;
        }
        case FormatTools.INT32 -> {
          set(i, buffer.getInt(4 * at));
          continue;
        }
        case FormatTools.FLOAT -> value = buffer.getFloat(4 * at);
        case FormatTools.DOUBLE -> value = buffer.getDouble(8 * at);
        case FormatTools.UINT16 -> value = buffer.getShort(2 * at) & 0xffff;
        case FormatTools.INT16 -> value = buffer.getShort(2 * at);
        case FormatTools.INT8 -> value = bytes[at];
        default -> value = bytes[at] & 0xff;
      }
      set(i, value);
    }
  }

  private void decodeInts(byte[] bytes, ByteBuffer buffer, int pixelType, int first, int step) {
    switch (pixelType) {
      case FormatTools.UINT16, FormatTools.INT16 -> {
        int mask = pixelType == FormatTools.UINT16 ? 0xffff : -1;
        for (int i = 0; i < size; i++) {
          ints[i] = buffer.getShort(2 * (first + i * step)) & mask;
        }
      }
      default -> {
        int mask = pixelType == FormatTools.INT8 ? -1 : 0xff;
        if (step == 1) { // the compiler makes vector instructions of this
          for (int i = 0; i < size; i++) {
            ints[i] = bytes[first + i] & mask;
          }
        } else {
          for (int i = 0; i < size; i++) {
            ints[i] = bytes[first + i * step] & mask;
          }
        }
      }
    }
  }

  private void set(int i, double value) {
    switch (type) {
      case INT -> ints[i] = (int) value;
      case LONG -> longs[i] = (long) value;
      case FLOAT -> floats[i] = (float) value;
      case DOUBLE -> doubles[i] = value;
    }
  }
}
