package org.cytolake.illumination;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.field.SampleType;
import org.cytolake.image.Plane;
import org.cytolake.shading.Correction;
import org.cytolake.stardist.Window;

/** Pixels without the uneven light in them: of a plane in memory once, else at every reading. */
final class CorrectedPixels implements PlanePixels {
  private static final int BAND = 1 << 22; // pixels

  private final PlanePixels raw;
  private final Correction correction;
  private final List<float[]> functions; // by channel
  private final List<Range> ranges; // by channel
  private long clipped; // pixels, in all readings

  /** What a channel can hold. */
  private record Range(SampleType type, double min, double max) {
    static Range of(String pixelType, Correction correction) {
      SampleType type = BioFormats.sampleType(pixelType);
      boolean floating = type == SampleType.FLOAT || type == SampleType.DOUBLE;
      if (floating) {
        boolean subtracted = correction == Correction.SUBTRACT;
        return new Range(type, subtracted ? 0 : Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
      }
      double largest = SampleType.largest(pixelType);
      return Double.isNaN(largest)
          ? new Range(type, 0, 1) // bits
          : new Range(type, pixelType.startsWith("int") ? -largest - 1 : 0, largest);
    }

    boolean isInteger() {
      return type == SampleType.INT || type == SampleType.LONG;
    }
  }

  /** Integers to 16 bits. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Ints(int[] values) implements Plane {
    @Override
    public double at(int index) {
      return values[index];
    }

    @Override
    public void floats(int first, int count, float[] into, int to) {
      for (int i = 0; i < count; i++) {
        into[to + i] = values[first + i];
      }
    }
  }

  private CorrectedPixels(
      PlanePixels raw, Correction correction, List<float[]> functions, List<Range> ranges) {
    this.raw = raw;
    this.correction = correction;
    this.functions = functions;
    this.ranges = ranges;
  }

  /**
   * Corrects a plane.
   *
   * @param functions of every channel, row by row
   * @param pixelTypes OME's names of every channel's
   * @param inMemory whether all of the plane is
   */
  static PlanePixels of(
      PlanePixels raw,
      Correction correction,
      List<float[]> functions,
      List<String> pixelTypes,
      boolean inMemory)
      throws ImageReadException {
    List<Range> ranges = pixelTypes.stream().map(t -> Range.of(t, correction)).toList();
    CorrectedPixels corrected = new CorrectedPixels(raw, correction, functions, ranges);
    if (inMemory) {
      List<Plane> planes = new ArrayList<>();
      for (int c = 0; c < ranges.size(); c++) {
        planes.add(corrected.read(c, raw.whole()));
      }
      return new Counted(PlanePixels.of(planes, raw.height(), raw.width()), corrected.clipped);
    }
    int rows = Math.max(1, BAND / raw.width());
    for (int c = 0; c < ranges.size(); c++) {
      for (int y = 0; y < raw.height(); y += rows) {
        corrected.read(c, new Window(y, 0, Math.min(rows, raw.height() - y), raw.width()));
      }
    }
    return new Counted(corrected, corrected.clipped);
  }

  /** The same with the number of clipped pixels. */
  private record Counted(PlanePixels pixels, long count) implements PlanePixels {
    @Override
    public int height() {
      return pixels.height();
    }

    @Override
    public int width() {
      return pixels.width();
    }

    @Override
    public Plane read(int channel, Window window) throws ImageReadException {
      return pixels.read(channel, window);
    }

    @Override
    public OptionalLong clipped() {
      return OptionalLong.of(count);
    }
  }

  @Override
  public int height() {
    return raw.height();
  }

  @Override
  public int width() {
    return raw.width();
  }

  @Override
  public Plane read(int channel, Window window) throws ImageReadException {
    Plane plane = raw.read(channel, window);
    Range range = ranges.get(channel);
    boolean small = range.type == SampleType.INT;
    int width = window.width();
    int[] ints = small ? new int[(int) window.pixels()] : null;
    double[] doubles = small ? null : new double[(int) window.pixels()];
    double[] row = new double[width];
    for (int y = 0; y < window.height(); y++) {
      plane.read(y * width, width, row, 0);
      int first = (window.top() + y) * raw.width() + window.left();
      clipped +=
          correction.apply(
              row, width, functions.get(channel), first, range.min, range.max, range.isInteger());
      for (int x = 0; x < width; x++) {
        if (small) {
          ints[y * width + x] = (int) row[x];
        } else {
          doubles[y * width + x] = range.type == SampleType.FLOAT ? (float) row[x] : row[x];
        }
      }
    }
    return small ? new Ints(ints) : index -> doubles[index];
  }
}
