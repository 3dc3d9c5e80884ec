package org.cytolake.bioformats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import loci.formats.FormatTools;
import org.cytolake.bioformats.zarr.RowSink;
import org.cytolake.field.SampleType;
import org.cytolake.image.Plane;

/**
 * The samples of one channel in one tile, row by row, in a primitive array of the channel's type.
 * One instance is filled again and again; {@link #size()} of its elements are valid.
 */
public final class Samples implements Plane {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_BYTES = 0x00FF00FF00FF00FFL; // of 16 bits each

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
    int width = FormatTools.getBytesPerPixel(pixelType);
    sink(count, pixelType, littleEndian).take(bytes, first * width, count, 0, step);
  }

  /**
   * Fills this part by part.
   *
   * @param count samples of all parts
   * @param pixelType Bio-Formats' pixel type
   * @return takes the parts; after {@link #renew} they go where nobody looks
   */
  Decoder sink(int count, int pixelType, boolean littleEndian) {
    isPacked = false;
    resize(count);
    return new Decoder(pixelType, littleEndian);
  }

  /** Makes samples of bytes. */
  final class Decoder implements RowSink {
    private final int[] intsThen = ints;
    private final long[] longsThen = longs;
    private final float[] floatsThen = floats;
    private final double[] doublesThen = doubles;
    private final int pixelType;
    private final ByteOrder order;
    private final int width; // bytes of a sample

    private Decoder(int pixelType, boolean littleEndian) {
      this.pixelType = pixelType;
      this.order = littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      this.width = FormatTools.getBytesPerPixel(pixelType);
    }

    @Override
    public void take(byte[] bytes, int from, int count, int to) {
      take(bytes, from, count, to, 1);
    }

    private void take(byte[] bytes, int from, int count, int to, int step) {
      if (type != SampleType.INT) {
        others(ByteBuffer.wrap(bytes).order(order), from, count, to, step);
      } else if (width == 2) {
        int done = step == 1 ? fours(bytes, from, count, to) : 0;
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        int mask = pixelType == FormatTools.UINT16 ? 0xffff : -1;
        for (int i = done; i < count; i++) {
          intsThen[to + i] = buffer.getShort(from + 2 * i * step) & mask;
        }
      } else {
        int mask = pixelType == FormatTools.INT8 ? -1 : 0xff;
        if (step == 1) { // the compiler makes vector instructions of this
          for (int i = 0; i < count; i++) {
            intsThen[to + i] = bytes[from + i] & mask;
          }
        } else {
          for (int i = 0; i < count; i++) {
            intsThen[to + i] = bytes[from + i * step] & mask;
          }
        }
      }
    }

    /** 16-bit samples, four at a time, which is faster than one by one; returns how many. */
    private int fours(byte[] bytes, int from, int count, int to) {
      int mask = pixelType == FormatTools.UINT16 ? 0xffff : -1;
      int[] into = intsThen;
      int last = to + (count & ~3);
      for (int i = to, at = from; i < last; i += 4, at += 8) {
        long four = (long) LONGS.get(bytes, at);
        if (order == ByteOrder.BIG_ENDIAN) { // the bytes of each, not the four
          four = (four >>> 8 & LOW_BYTES) | (four & LOW_BYTES) << 8;
        }
        into[i] = (short) four & mask;
        into[i + 1] = (short) (four >>> 16) & mask;
        into[i + 2] = (short) (four >>> 32) & mask;
        into[i + 3] = (short) (four >>> 48) & mask;
      }
      return count & ~3;
    }

    private void others(ByteBuffer buffer, int from, int count, int to, int step) {
      for (int i = to, at = from; i < to + count; i++, at += step * width) {
        switch (pixelType) {
          case FormatTools.UINT32 -> set(i, (double) (buffer.getInt(at) & 0xffffffffL));
          case FormatTools.INT32 -> set(i, buffer.getInt(at));
          case FormatTools.FLOAT -> set(i, buffer.getFloat(at));
          case FormatTools.DOUBLE -> set(i, buffer.getDouble(at));
          case FormatTools.UINT16 -> set(i, buffer.getShort(at) & 0xffff);
          case FormatTools.INT16 -> set(i, buffer.getShort(at));
          case FormatTools.INT8 -> set(i, buffer.get(at));
          default -> set(i, buffer.get(at) & 0xff);
        }
      }
    }

    private void set(int i, double value) {
      switch (type) {
        case INT -> intsThen[i] = (int) value;
        case LONG -> longsThen[i] = (long) value;
        case FLOAT -> floatsThen[i] = (float) value;
        case DOUBLE -> doublesThen[i] = value;
      }
    }
  }
}
