package org.cytolake.shading;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import org.cytolake.image.Plane;

/**
 * The sum of many planes of one size, place by place: the state of which an illumination function
 * is made. States add up in any order: sums of integers are exact, as long as they stay below
 * 2<sup>53</sup>, which are more than 10<sup>11</sup> planes of 16 bits.
 *
 * <p>A place is a pixel (CellProfiler's {@code Regular}), or a block, of which the smallest pixel
 * counts ({@code Background}). Pixels that are not finite are left out. For BaSiC there are small
 * copies of planes beside the sums of pixels. Not thread-safe.
 */
public final class IlluminationSums implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Most pixels of a plane. */
  public static final int MOST_PIXELS = 1 << 26;

  private final int height;
  private final int width;
  private final int side; // of a block; 0 without blocks
  private final BlockGrid blocks; // null: every pixel by itself
  private final double[] sums;
  private final double[] least; // of each block in the plane that is added; null without blocks
  private final WorkingImages images; // null: none are kept
  private int[] missing; // planes without a finite pixel there; null: none
  private long planes;

  private IlluminationSums(int height, int width, int side, boolean copies) {
    if ((long) height * width > MOST_PIXELS) {
      throw new IllegalArgumentException(
          height + " x " + width + " pixels are more than an illumination function has");
    }
    this.height = height;
    this.width = width;
    this.side = side;
    this.blocks = side == 0 ? null : BlockGrid.of(height, width, side);
    this.sums = new double[blocks == null ? height * width : blocks.count()];
    this.least = blocks == null ? null : new double[blocks.count()];
    this.images = copies ? new WorkingImages() : null;
  }

  /** Writes the state for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(height);
    out.writeInt(width);
    out.writeInt(side);
    out.writeBoolean(images != null);
    out.writeLong(planes);
    for (double sum : sums) {
      out.writeDouble(sum);
    }
    out.writeBoolean(missing != null);
    for (int i = 0; missing != null && i < missing.length; i++) {
      out.writeInt(missing[i]);
    }
    if (images != null) {
      images.write(out);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static IlluminationSums read(DataInput in) throws IOException {
    int height = in.readInt();
    int width = in.readInt();
    int side = in.readInt();
    IlluminationSums read = new IlluminationSums(height, width, side, in.readBoolean());
    read.planes = in.readLong();
    for (int i = 0; i < read.sums.length; i++) {
      read.sums[i] = in.readDouble();
    }
    if (in.readBoolean()) {
      read.missing = new int[read.sums.length];
      for (int i = 0; i < read.missing.length; i++) {
        read.missing[i] = in.readInt();
      }
    }
    if (read.images != null) {
      read.images.plus(WorkingImages.read(in));
    }
    return read;
  }

  /** Of no plane, pixel by pixel. */
  public static IlluminationSums ofPixels(int height, int width) {
    return new IlluminationSums(height, width, 0, false);
  }

  /**
   * Of no plane, block by block.
   *
   * @param side of a block, pixels
   */
  public static IlluminationSums ofBlocks(int height, int width, int side) {
    return new IlluminationSums(height, width, side, false);
  }

  /** Of no plane, pixel by pixel, with small copies of the planes, of at most 256. */
  public static IlluminationSums ofCopies(int height, int width) {
    return new IlluminationSums(height, width, 0, true);
  }

  /** Most bytes of the copies that {@link #ofCopies} has beside the sums. */
  public static long bytesOfCopies() {
    return WorkingImages.mostBytes();
  }

  /** Of no plane, for planes as this one's. */
  public IlluminationSums none() {
    return new IlluminationSums(height, width, side, images != null);
  }

  /** Rows of the planes. */
  public int height() {
    return height;
  }

  /** Columns of the planes. */
  public int width() {
    return width;
  }

  /** How many planes were added. */
  public long planes() {
    return planes;
  }

  /** Adds a plane, row by row. */
  public void add(Plane plane) {
    double[] row = new double[width];
    LineResampling.Rows copy = images == null ? null : WorkingImages.copy(height, width);
    if (blocks == null) {
      for (int y = 0; y < height; y++) {
        plane.read(y * width, width, row, 0);
        int at = y * width;
        for (int x = 0; x < width; x++) {
          add(at + x, row[x]);
        }
        if (copy != null) {
          copy.add(y, row);
        }
      }
    } else {
      java.util.Arrays.fill(least, Double.POSITIVE_INFINITY);
      for (int y = 0; y < height; y++) {
        plane.read(y * width, width, row, 0);
        int first = blocks.firstOfRow(y);
        for (int x = 0; x < width; x++) {
          int block = first + blocks.column(x);
          if (row[x] < least[block] && row[x] > Double.NEGATIVE_INFINITY) {
            least[block] = row[x];
          }
        }
      }
      for (int block = 0; block < least.length; block++) {
        add(block, least[block]);
      }
    }
    if (copy != null) {
      images.add(copy.made());
    }
    planes++;
  }

  private void add(int place, double value) {
    if (Double.isFinite(value)) {
      sums[place] += value;
    } else {
      if (missing == null) {
        missing = new int[sums.length];
      }
      missing[place]++;
    }
  }

  /**
   * Adds another's planes.
   *
   * @return this
   * @throws IllegalArgumentException where its planes are of another size, or have other blocks or
   *     no copies
   */
  public IlluminationSums plus(IlluminationSums other) {
    if (other.height != height
        || other.width != width
        || other.sums.length != sums.length
        || (other.images == null) != (images == null)) {
      throw new IllegalArgumentException("sums of planes of different sizes do not add up");
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.sums[i];
    }
    if (other.missing != null) {
      if (missing == null) {
        missing = new int[sums.length];
      }
      for (int i = 0; i < sums.length; i++) {
        missing[i] += other.missing[i];
      }
    }
    if (images != null) {
      images.plus(other.images);
    }
    planes += other.planes;
    return this;
  }

  /** The average at every pixel; 0 where no plane has a finite one. */
  public double[] average() {
    double[] average = new double[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int place = blocks == null ? at : blocks.firstOfRow(y) + blocks.column(x);
        long count = planes - (missing == null ? 0 : missing[place]);
        average[at] = count == 0 ? 0 : sums[place] / count;
      }
    }
    return average;
  }

  /** The flat field that BaSiC finds in the copies, at every pixel; its mean is about 1. */
  double[] flatField() {
    double[] flat = BasicShading.flatField(images.planes());
    return LineResampling.plane(
        flat,
        LineResampling.linear(WorkingImages.SIDE, height),
        LineResampling.linear(WorkingImages.SIDE, width),
        WorkingImages.SIDE);
  }

  /** Whether there are copies. */
  boolean hasCopies() {
    return images != null;
  }
}
