package org.cytolake.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.Moments;
import org.cytolake.histogram.PlaneHistograms;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.stardist.Window;

/** Counts the intensities of planes. Not thread-safe. */
public final class PlaneCounting {
  private static final int MOST_BITS = 16;

  /** Least code of an integer to 16 bits, and how many there are of integers and levels. */
  private static final int LEAST_CODE = Short.MIN_VALUE;

  private static final int CODES = Levels.MOST - LEAST_CODE;

  /** Pixels of a plane that are looked at together. */
  private static final int BAND = 1 << 22;

  private final List<DataType> types;
  private final List<int[]> pairs;
  private final List<Region> regions;
  private final long maxTuples;

  /**
   * @param types Spark type of every channel
   * @param pairs which pairs of channels are counted, by indices
   * @param regions beside the whole plane; they lie in it
   * @param maxTuples distinct tuples of a pair above which low bits are dropped
   */
  public PlaneCounting(
      List<DataType> types, List<int[]> pairs, List<Region> regions, long maxTuples) {
    this.types = List.copyOf(types);
    this.pairs = List.copyOf(pairs);
    this.regions = List.copyOf(regions);
    this.maxTuples = maxTuples;
  }

  /**
   * Counts a plane.
   *
   * @param counted what the data source has counted of the whole plane: of channels and pairs that
   *     are integers to 16 bits; empty: it is counted here
   */
  public PlaneCounts of(PlanePixels pixels, Optional<PlaneHistograms> counted)
      throws ImageReadException {
    Map<String, Window> windows = new LinkedHashMap<>();
    windows.put(Region.WHOLE, pixels.whole());
    regions.forEach(r -> windows.put(r.name(), new Window(r.y(), r.x(), r.height(), r.width())));
    List<Optional<Levels>> levels = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      levels.add(Levels.isExact(types.get(c)) ? Optional.of(Levels.exact()) : range(pixels, c));
    }
    Map<String, PlaneCounts.OfRegion> ofRegions = new LinkedHashMap<>();
    for (Map.Entry<String, Window> window : windows.entrySet()) {
      Optional<PlaneHistograms> known =
          window.getKey().equals(Region.WHOLE) ? counted : Optional.empty();
      ofRegions.put(window.getKey(), count(pixels, window.getValue(), levels, known));
    }
    return new PlaneCounts(levels, ofRegions);
  }

  /** Rows of a window, so many at once that they fit memory. */
  public static List<Window> bands(Window window) {
    int rows = Math.max(1, BAND / window.width());
    List<Window> bands = new ArrayList<>();
    for (int y = window.top(); y < window.bottom(); y += rows) {
      bands.add(new Window(y, window.left(), Math.min(rows, window.bottom() - y), window.width()));
    }
    return bands;
  }

  private Optional<Levels> range(PlanePixels pixels, int channel) throws ImageReadException {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (Window band : bands(pixels.whole())) {
      Plane samples = pixels.read(channel, band);
      for (int i = 0; i < band.pixels(); i++) {
        double value = samples.at(i);
        if (Double.isFinite(value)) {
          min = Math.min(min, value);
          max = Math.max(max, value);
        }
      }
    }
    return min > max ? Optional.empty() : Optional.of(Levels.of(types.get(channel), min, max));
  }

  private PlaneCounts.OfRegion count(
      PlanePixels pixels,
      Window window,
      List<Optional<Levels>> levels,
      Optional<PlaneHistograms> known)
      throws ImageReadException {
    List<Histogram> channels = new ArrayList<>();
    List<Optional<Moments>> moments = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      boolean exact = Levels.isExact(types.get(c));
      channels.add(
          exact && known.isPresent()
              ? known.get().channels().get(c)
              : channel(pixels, window, c, levels.get(c)));
      moments.add(exact ? Optional.empty() : moments(pixels, window, c));
    }
    List<JointHistogram> all = new ArrayList<>();
    List<JointHistogram> few = new ArrayList<>();
    List<Integer> dropped = new ArrayList<>();
    for (int p = 0; p < pairs.size(); p++) {
      int[] pair = pairs.get(p);
      JointHistogram codes =
          known.isPresent() && isExact(pair)
              ? known.get().joint(pair[0], pair[1])
              : pair(pixels, window, pair, levels);
      int bits = 0;
      JointHistogram coarse = codes;
      while (coarse.size() > maxTuples && bits < MOST_BITS) {
        coarse = codes.coarsened(++bits);
      }
      all.add(isExact(pair) ? codes : intensities(codes, pair, levels));
      few.add(bits == 0 ? all.get(p) : isExact(pair) ? coarse : intensities(coarse, pair, levels));
      dropped.add(bits);
    }
    return new PlaneCounts.OfRegion(window, channels, moments, all, few, dropped);
  }

  private boolean isExact(int[] pair) {
    return Levels.isExact(types.get(pair[0])) && Levels.isExact(types.get(pair[1]));
  }

  private static Histogram channel(
      PlanePixels pixels, Window window, int channel, Optional<Levels> levels)
      throws ImageReadException {
    if (levels.isEmpty()) {
      return Histogram.EMPTY;
    }
    long[] counts = new long[CODES];
    for (Window band : bands(window)) {
      Plane samples = pixels.read(channel, band);
      if (Levels.isExact(levels.get().type())) {
        for (int i = 0; i < band.pixels(); i++) {
          counts[(int) samples.at(i) - LEAST_CODE]++;
        }
        continue;
      }
      for (int code : codes(samples, band, levels.get())) {
        if (code != PairCounts.ABSENT) {
          counts[code - LEAST_CODE]++;
        }
      }
    }
    int first = 0;
    int end = CODES;
    while (first < end && counts[first] == 0) {
      first++;
    }
    while (end > first && counts[end - 1] == 0) {
      end--;
    }
    double[] values = new double[end - first];
    for (int i = 0; i < values.length; i++) {
      values[i] = levels.get().intensity(first + i + LEAST_CODE);
    }
    return Histogram.of(values, Arrays.copyOfRange(counts, first, end));
  }

  /** The codes of samples; those that are not finite have none. */
  private static int[] codes(Plane samples, Window band, Levels levels) {
    int[] codes = new int[(int) band.pixels()];
    for (int i = 0; i < codes.length; i++) {
      double value = samples.at(i);
      codes[i] = Double.isFinite(value) ? levels.code(value) : PairCounts.ABSENT;
    }
    return codes;
  }

  /** In two passes, as numpy has them. */
  private static Optional<Moments> moments(PlanePixels pixels, Window window, int channel)
      throws ImageReadException {
    double sum = 0;
    long count = 0;
    for (Window band : bands(window)) {
      double[] finite = finite(pixels.read(channel, band), band);
      sum += Arrays.stream(finite).sum(); // compensated
      count += finite.length;
    }
    if (count == 0) {
      return Optional.empty();
    }
    double mean = sum / count;
    double squares = 0;
    for (Window band : bands(window)) {
      squares +=
          Arrays.stream(finite(pixels.read(channel, band), band))
              .map(v -> (v - mean) * (v - mean))
              .sum();
    }
    return Optional.of(new Moments(count, mean, squares));
  }

  private static double[] finite(Plane samples, Window band) {
    double[] values = new double[(int) band.pixels()];
    samples.read(0, values.length, values, 0);
    return Arrays.stream(values).filter(Double::isFinite).toArray();
  }

  /** Codes of pixels that are finite in both channels. */
  private static JointHistogram pair(
      PlanePixels pixels, Window window, int[] pair, List<Optional<Levels>> levels)
      throws ImageReadException {
    JointHistogram all = JointHistogram.empty(2);
    if (levels.get(pair[0]).isEmpty() || levels.get(pair[1]).isEmpty()) {
      return all;
    }
    for (Window band : bands(window)) {
      int[] a = codes(pixels.read(pair[0], band), band, levels.get(pair[0]).get());
      int[] b = codes(pixels.read(pair[1], band), band, levels.get(pair[1]).get());
      all = all.plus(PairCounts.of(a, b));
    }
    return all;
  }

  private static JointHistogram intensities(
      JointHistogram codes, int[] pair, List<Optional<Levels>> levels) {
    double[][] values = new double[2][codes.size()];
    long[] counts = new long[codes.size()];
    for (int i = 0; i < counts.length; i++) {
      for (int c = 0; c < 2; c++) {
        values[c][i] = levels.get(pair[c]).orElseThrow().intensity((int) codes.value(c, i));
      }
      counts[i] = codes.count(i);
    }
    return JointHistogram.of(values, counts);
  }
}
