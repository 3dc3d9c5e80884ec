package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.cytolake.points.WeightedPoints;
import org.cytolake.populations.EvenPlaces;
import org.cytolake.populations.SpatialCorrelation;
import org.cytolake.stardist.Window;
import org.cytolake.statistics.PlaneCounting;

/**
 * How many pixels at {@link EvenPlaces} have each of a list of tuples. Places are found by the
 * square roots of intensities, whose noise is about the same in dark and in bright pixels (Anscombe
 * 1948, "The transformation of Poisson, binomial and negative-binomial data"). Counts of images add
 * up.
 *
 * @param upper in the upper halves of the images, by tuple
 * @param lower in the lower ones
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EvenTuples(long[] upper, long[] lower) {
  public EvenTuples {
    if (upper.length != lower.length) {
      throw new IllegalArgumentException(upper.length + " tuples, or " + lower.length);
    }
  }

  /**
   * Of a plane.
   *
   * @param pixels what pixels are looked up in
   * @param points the tuples
   */
  static EvenTuples of(PixelValue value, PlanePixels pixels, WeightedPoints points)
      throws ImageReadException {
    Window window = value.by().region().map(TupleCounting::window).orElseGet(pixels::whole);
    SpatialCorrelation correlation =
        new SpatialCorrelation(value.channels(), window.height(), window.width());
    for (Window band : PlaneCounting.bands(window)) {
      correlation.add(roots(value, read(value, pixels, band), band), band.height(), band.width());
    }
    EvenPlaces even = new EvenPlaces(correlation, window.height(), window.width());
    PixelPlaces tuples = new PixelPlaces(value, points);
    List<EvenPlaces.Place> places = new ArrayList<>();
    List<int[]> ofPlaces = new ArrayList<>();
    for (Window band : PlaneCounting.bands(window)) {
      List<Plane> channels = read(value, pixels, band);
      int top = band.top() - window.top();
      List<EvenPlaces.Place> found =
          even.add(roots(value, channels, band), top, band.height(), band.width());
      int[] at = found.stream().mapToInt(p -> (p.y() - top) * band.width() + p.x()).toArray();
      int[] ofBand = new int[at.length];
      List<Plane> gathered = new ArrayList<>();
      channels.forEach(plane -> gathered.add(i -> plane.at(at[i])));
      tuples.read(gathered, at.length, ofBand);
      places.addAll(found);
      ofPlaces.add(ofBand);
    }
    int[] tupleOf = ofPlaces.stream().flatMapToInt(Arrays::stream).toArray();
    long[] upper = new long[points.size()];
    long[] lower = new long[points.size()];
    double most = even.mostUneven();
    for (int i = 0; i < tupleOf.length; i++) {
      EvenPlaces.Place place = places.get(i);
      if (tupleOf[i] != PixelPlaces.NONE && place.uneven() <= most) {
        (2 * place.y() < window.height() ? upper : lower)[tupleOf[i]]++;
      }
    }
    return new EvenTuples(upper, lower);
  }

  private static List<Plane> read(PixelValue value, PlanePixels pixels, Window band)
      throws ImageReadException {
    List<Plane> channels = new ArrayList<>();
    for (int c : value.by().places()) {
      channels.add(pixels.read(c, band));
    }
    return channels;
  }

  /** Of what samples are above the least; 0 for those that are not finite. */
  private static float[][] roots(PixelValue value, List<Plane> channels, Window band) {
    int size = (int) band.pixels();
    float[][] samples = new float[channels.size()][size];
    for (int c = 0; c < samples.length; c++) {
      channels.get(c).floats(0, size, samples[c], 0);
      float least = (float) value.least(c);
      for (int i = 0; i < size; i++) {
        float above = samples[c][i] - least;
        samples[c][i] = Float.isFinite(above) ? (float) Math.sqrt(Math.max(0, above)) : 0;
      }
    }
    return samples;
  }

  /**
   * As the tables have them.
   *
   * @param at index of the column of those at even places; of the upper halves are in the next
   */
  static EvenTuples of(List<Row> rows, int at) {
    long[] upper = rows.stream().mapToLong(row -> row.getLong(at + 1)).toArray();
    long[] lower = rows.stream().mapToLong(row -> row.getLong(at) - row.getLong(at + 1)).toArray();
    return new EvenTuples(upper, lower);
  }

  /** Pixels at even places that have a tuple. */
  long pixels(int tuple) {
    return upper[tuple] + lower[tuple];
  }

  /** The tuples that have any, with as many. */
  WeightedPoints of(WeightedPoints tuples) {
    long[] both = upper.clone();
    Arrays.setAll(both, this::pixels);
    return with(tuples, both);
  }

  /** Those in the upper halves. */
  WeightedPoints upper(WeightedPoints tuples) {
    return with(tuples, upper);
  }

  /** Those in the lower halves. */
  WeightedPoints lower(WeightedPoints tuples) {
    return with(tuples, lower);
  }

  private static WeightedPoints with(WeightedPoints tuples, long[] pixels) {
    int n = (int) Arrays.stream(pixels).filter(p -> p > 0).count();
    double[][] values = new double[tuples.channels()][n];
    long[] weights = new long[n];
    for (int i = 0, to = 0; i < pixels.length; i++) {
      if (pixels[i] > 0) {
        for (int c = 0; c < values.length; c++) {
          values[c][to] = tuples.value(c, i);
        }
        weights[to++] = pixels[i];
      }
    }
    return new WeightedPoints(values, weights);
  }
}
