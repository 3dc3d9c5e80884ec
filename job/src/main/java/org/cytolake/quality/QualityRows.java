package org.cytolake.quality;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.histogram.FieldThresholds;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.Moments;
import org.cytolake.image.Region;
import org.cytolake.stardist.Window;
import org.cytolake.statistics.ExactHistogram;
import org.cytolake.statistics.ImageTraits;
import org.cytolake.statistics.Levels;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/**
 * Rows of {@code image_quality}: CellProfiler's MeasureImageQuality, in the channel's own units.
 */
public final class QualityRows {
  private final QualitySettings settings;
  private final PlaneCounts counts;
  private final ImageTraits traits;
  private final PlanePixels pixels;
  private final PlaneRows rows;

  public QualityRows(
      QualitySettings settings,
      PlaneCounts counts,
      ImageTraits traits,
      PlanePixels pixels,
      PlaneRows rows) {
    this.settings = settings;
    this.counts = counts;
    this.traits = traits;
    this.pixels = pixels;
    this.rows = rows;
  }

  /** Adds those of all regions and channels that have a finite pixel. */
  public void add() throws ImageReadException {
    add(Region.WHOLE, pixels.whole());
    for (Region r : settings.statistics().exploration().regions()) {
      add(r.name(), new Window(r.y(), r.x(), r.height(), r.width()));
    }
  }

  private void add(String region, Window window) throws ImageReadException {
    PlaneCounts.OfRegion counted = counts.regions().get(region);
    for (int c = 0; c < settings.statistics().channels().size(); c++) {
      if (!counted.channels().get(c).isEmpty()) {
        rows.add(Table.IMAGE_QUALITY, row(region, window, counted, c));
      }
    }
  }

  private InternalRow row(String region, Window window, PlaneCounts.OfRegion counted, int c)
      throws ImageReadException {
    boolean isCounted = counts.levels().get(c).filter(Levels::isExact).isPresent();
    Optional<Histogram> all =
        isCounted ? Optional.empty() : ExactHistogram.of(pixels, window, List.of(c));
    Histogram h = all.orElse(counted.channels().get(c));
    Moments moments = counted.momentsOf(c);
    boolean exact = isCounted || all.isPresent();
    Extremes ends = exact ? Extremes.of(h) : Extremes.of(pixels, window, c);
    PixelMeasures measures =
        PixelMeasures.of(
            pixels,
            window,
            c,
            ends,
            moments.mean(),
            h.count() == window.pixels(),
            settings.scales());
    RowByName row = rows.of(Table.IMAGE_QUALITY);
    row.put("region", region).put("channel", settings.statistics().channels().get(c));
    intensities(h, moments, ends, row);
    row.put("total", isCounted ? h.sum() : moments.mean() * h.count());
    thresholds(h, row);
    double largest = traits.saturation().get(c);
    return row.put("local_focus_score", measures.localFocus())
        .put("correlation", measures.correlation())
        .putUnlessNaN("maximal_spike", exact ? Extremes.spike(h) : Double.NaN)
        .putUnlessNaN("power_log_log_slope", measures.powerSlope().orElse(Double.NaN))
        .putUnlessNaN(
            "saturated_fraction",
            Double.isNaN(largest) ? Double.NaN : h.fractionAbove(Math.nextDown(largest)))
        .row();
  }

  private static void intensities(Histogram h, Moments moments, Extremes ends, RowByName row) {
    double n = h.count();
    double median = h.percentile(50);
    double mean = moments.mean();
    row.put("pixels", h.count())
        .putUnlessNaN("focus_score", mean > 0 ? moments.variance() / mean : Double.NaN)
        .put("percent_maximal", 100 * ends.maximal() / n)
        .put("percent_minimal", 100 * ends.minimal() / n)
        .put("mean", mean)
        .put("median", median)
        .put("stddev", moments.stddev())
        .put("mad", h.deviations(median).percentile(50))
        .put("min", ends.min())
        .put("max", ends.max());
  }

  private static void thresholds(Histogram h, RowByName row) {
    OptionalDouble otsu = FieldThresholds.otsu(h);
    row.putUnlessNaN("threshold_otsu", otsu.orElse(Double.NaN))
        .putUnlessNaN(
            "background_fraction",
            otsu.isPresent() ? 1 - h.fractionAbove(otsu.getAsDouble()) : Double.NaN)
        .put("threshold_background", FieldThresholds.background(h))
        .putUnlessNaN(
            "threshold_robust_background", FieldThresholds.robustBackground(h).orElse(Double.NaN))
        .putUnlessNaN(
            "threshold_ridler_calvard", FieldThresholds.ridlerCalvard(h).orElse(Double.NaN))
        .put("threshold_mct", FieldThresholds.maximumCorrelation(h));
  }
}
