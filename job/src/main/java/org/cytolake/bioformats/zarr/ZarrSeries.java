package org.cytolake.bioformats.zarr;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import loci.formats.FormatException;
import org.cytolake.bioformats.plain.RefusedException;

/** An image of OME-Zarr: its sizes, and its planes in an array of up to five axes. */
public final class ZarrSeries implements Closeable {
  /** Most pixels of a plane, and chunks: what is missing takes no room where it is stored. */
  private static final long MOST_PIXELS = 1L << 36;

  private static final long MOST_CHUNKS = 1L << 22;
  private static final long MOST_PLANES = 1L << 24;
  private static final int MOST_CHANNELS = 1 << 14;

  private final Multiscale scales;
  private final int level;
  private final ZarrArray array;
  private final ArrayLayout layout;

  private ZarrSeries(Multiscale scales, int level, ZarrArray array) {
    this.scales = scales;
    this.level = level;
    this.array = array;
    this.layout = array.layout();
  }

  /**
   * Of a level.
   *
   * @throws RefusedException where its array is not what the axes say, or cannot be
   */
  static ZarrSeries of(Multiscale scales, int level, ZarrStore store, ArrayLayout layout)
      throws RefusedException {
    if (layout.shape().length != scales.axes().size()) {
      throw ZarrRefusals.metadata(
          "its array has the shape "
              + Arrays.toString(layout.shape())
              + " and its axes are "
              + scales.axes());
    }
    for (int other : scales.others()) {
      if (layout.shape()[other] > 1) {
        throw ZarrRefusals.unsupported(
            "it has an axis '"
                + scales.axes().get(other)
                + "' of "
                + layout.shape()[other]
                + "; read are t, c, z, y and x");
      }
    }
    ZarrSeries series =
        new ZarrSeries(
            scales, level, new ZarrArray(store, layout, scales.axis("y"), scales.axis("x")));
    series.requirePossible();
    return series;
  }

  private void requirePossible() throws RefusedException {
    long width = length("x");
    long height = length("y");
    long planes = product(length("z"), product(length("t"), length("c")));
    long chunks = product(1 + (width - 1) / tileWidth(), 1 + (height - 1) / tileHeight());
    if (width > Integer.MAX_VALUE
        || height > Integer.MAX_VALUE
        || product(width, height) > MOST_PIXELS
        || chunks > MOST_CHUNKS
        || planes > MOST_PLANES
        || length("c") > MOST_CHANNELS) {
      throw ZarrRefusals.unsupported(
          "it declares the shape "
              + Arrays.toString(layout.shape())
              + " in chunks of "
              + Arrays.toString(layout.chunk())
              + ": read are planes of up to "
              + MOST_PIXELS
              + " pixels in up to "
              + MOST_CHUNKS
              + " chunks, up to "
              + MOST_PLANES
              + " planes and "
              + MOST_CHANNELS
              + " channels");
    }
  }

  private static long product(long a, long b) {
    return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  private long length(String axis) {
    int a = scales.axis(axis);
    return a < 0 ? 1 : layout.shape()[a];
  }

  /** Pixels along an axis: x, y, z, t or c. */
  public int size(String axis) {
    return (int) length(axis);
  }

  /** Bio-Formats' code of the pixel type. */
  public int pixelType() {
    return layout.type().pixelType();
  }

  /** Bytes of a sample. */
  public int bytes() {
    return layout.type().bytes();
  }

  /** Whether the low byte of a sample comes first in what {@link #read} gives. */
  public boolean isLittleEndian() {
    return layout.littleEndian();
  }

  /** The channels' names, of as many as have one. */
  public List<String> channels() {
    return scales.channels();
  }

  /** Micrometres a pixel along x or y; empty where the metadata does not say. */
  public OptionalDouble micrometres(String axis) {
    return scales.micrometres(axis, level);
  }

  /** Width, in pixels, of what is stored in one piece. */
  public int tileWidth() {
    return layout.chunk()[scales.axis("x")];
  }

  /** The same of the height. */
  public int tileHeight() {
    return layout.chunk()[scales.axis("y")];
  }

  /**
   * Reads a region of a plane.
   *
   * @param into receives the samples
   */
  public void read(int c, int z, int t, int x, int y, int width, int height, RowSink into)
      throws IOException, FormatException {
    long[] at = new long[layout.shape().length];
    place(at, "c", c);
    place(at, "z", z);
    place(at, "t", t);
    array.read(at, x, y, width, height, into);
  }

  private void place(long[] at, String axis, int index) {
    int a = scales.axis(axis);
    if (index < 0 || index >= length(axis)) {
      throw new IllegalArgumentException("there is no " + axis + " " + index);
    }
    if (a >= 0) {
      at[a] = index;
    }
  }

  @Override
  public void close() throws IOException {
    array.close();
  }
}
