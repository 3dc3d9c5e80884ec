package org.cytolake.shading;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Planes at the size that BaSiC works with: all of them, or a sample of {@value #MOST}, which is
 * the same in whatever order and parts planes are added. Planes with a pixel that is not finite are
 * left out. Not thread-safe.
 */
final class WorkingImages implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows and columns. */
  static final int SIDE = 128;

  /** Most planes. */
  static final int MOST = 256;

  /** Of as good as random numbers; those of one number by their values. */
  private static final Comparator<Image> ORDER =
      Comparator.comparingInt(Image::number).thenComparing(Image::values, Arrays::compare);

  private final List<Image> images = new ArrayList<>();

  /**
   * A plane.
   *
   * @param number made of its values
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by ORDER
  private record Image(int number, float[] values) implements Serializable {
    static Image of(float[] values) {
      int hash = Arrays.hashCode(values) * 0x85EBCA6B;
      return new Image((hash ^ hash >>> 13) * 0xC2B2AE35, values);
    }
  }

  /** Bytes of as many as there can be. */
  static long mostBytes() {
    return 4L * MOST * SIDE * SIDE;
  }

  /** A plane of another size at this one, of its rows. */
  static LineResampling.Rows copy(int height, int width) {
    return new LineResampling.Rows(
        LineResampling.antialiased(height, SIDE), LineResampling.antialiased(width, SIDE));
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(images.size());
    for (Image image : images) {
      for (float value : image.values) {
        out.writeFloat(value);
      }
    }
  }

  static WorkingImages read(DataInput in) throws IOException {
    WorkingImages read = new WorkingImages();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      float[] values = new float[SIDE * SIDE];
      for (int p = 0; p < values.length; p++) {
        values[p] = in.readFloat();
      }
      read.images.add(Image.of(values));
    }
    return read;
  }

  /** Adds a plane of this size. */
  void add(double[] plane) {
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(plane[i])) {
        return;
      }
      values[i] = (float) plane[i];
    }
    images.add(Image.of(values));
    drop();
  }

  void plus(WorkingImages other) {
    images.addAll(other.images);
    drop();
  }

  private void drop() {
    if (images.size() > MOST) {
      images.sort(ORDER);
      images.subList(MOST, images.size()).clear();
    }
  }

  /** The planes, in an order of their own. */
  List<float[]> planes() {
    return images.stream().sorted(ORDER).map(Image::values).toList();
  }
}
