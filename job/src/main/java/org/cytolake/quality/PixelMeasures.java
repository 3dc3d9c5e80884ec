package org.cytolake.quality;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.focus.GreyCorrelation;
import org.cytolake.focus.LocalFocus;
import org.cytolake.focus.PowerSpectrum;
import org.cytolake.stardist.Window;

/**
 * What the places of a channel's intensities say, from one pass over the pixels.
 *
 * @param localFocus by scale, of scales that have one
 * @param correlation by distance, of distances that have one
 */
record PixelMeasures(
    Map<Integer, Double> localFocus, Map<Integer, Double> correlation, OptionalDouble powerSlope) {
  /** Pixels of a window above which there is no power spectrum: it takes 2 bytes a pixel. */
  private static final long MOST_IN_SPECTRUM = 1L << 26;

  /** Side of a window, pixels, above which there is none: up to 1.5 kB a pixel of a side. */
  private static final int LONGEST_IN_SPECTRUM = 1 << 16;

  /**
   * Of a channel in a window.
   *
   * @param mean of the finite intensities
   * @param complete whether all intensities are finite
   */
  static PixelMeasures of(
      PlanePixels pixels,
      Window window,
      int channel,
      Extremes ends,
      double mean,
      boolean complete,
      List<Integer> scales)
      throws ImageReadException {
    int height = window.height();
    int width = window.width();
    double offset = Math.rint(mean); // sums of integers stay exact
    int[] distances = scales.stream().mapToInt(s -> s).toArray();
    GreyCorrelation correlation = new GreyCorrelation(width, ends.min(), ends.max(), distances);
    List<LocalFocus> focus =
        scales.stream().map(scale -> new LocalFocus(height, width, scale, offset)).toList();
    boolean spectral =
        window.pixels() <= MOST_IN_SPECTRUM
            && Math.max(height, width) <= LONGEST_IN_SPECTRUM
            && ends.max() > ends.min();
    PowerSpectrum spectrum = spectral ? new PowerSpectrum(height, width) : null;
    RowsOfWindow rows = new RowsOfWindow(pixels, window, channel);
    double[] row = new double[width];
    while (rows.next(row)) {
      if (!complete) {
        for (int x = 0; x < width; x++) {
          row[x] = Double.isFinite(row[x]) ? row[x] : Double.NaN;
        }
      }
      correlation.row(row);
      for (int x = 0; x < width; x++) {
        row[x] -= offset;
      }
      focus.forEach(of -> of.row(row, complete));
      if (spectral) {
        for (int x = 0; x < width; x++) {
          row[x] -= mean - offset;
          row[x] = complete || !Double.isNaN(row[x]) ? row[x] : 0;
        }
        spectrum.row(row);
      }
    }
    Map<Integer, Double> localFocus = new TreeMap<>();
    Map<Integer, Double> correlations = new TreeMap<>();
    for (int i = 0; i < distances.length; i++) {
      int scale = distances[i];
      focus.get(i).score().ifPresent(score -> localFocus.put(scale, score));
      correlation.at(i).ifPresent(r -> correlations.put(scale, r));
    }
    return new PixelMeasures(
        localFocus, correlations, spectral ? spectrum.slope() : OptionalDouble.empty());
  }
}
