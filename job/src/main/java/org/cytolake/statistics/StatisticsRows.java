package org.cytolake.statistics;

import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.Moments;
import org.cytolake.histogram.Otsu;
import org.cytolake.intensity.Stain;
import org.cytolake.tables.ColocalizationRow;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/** Rows of {@code channel_stats}, {@code colocalization} and {@code joint_histograms}. */
public final class StatisticsRows {
  private final StatisticsSettings settings;
  private final PlaneCounts counts;
  private final PlaneStatistics statistics;
  private final ImageTraits traits;
  private final PlaneRows rows;

  public StatisticsRows(
      StatisticsSettings settings,
      PlaneCounts counts,
      PlaneStatistics statistics,
      ImageTraits traits,
      PlaneRows rows) {
    this.settings = settings;
    this.counts = counts;
    this.statistics = statistics;
    this.traits = traits;
    this.rows = rows;
  }

  /** Adds them. */
  public void add() {
    counts
        .regions()
        .forEach(
            (name, region) -> {
              for (int c = 0; c < settings.channels().size(); c++) {
                if (!region.channels().get(c).isEmpty()) {
                  statistics(name, region, c);
                }
              }
            });
    for (int p = 0; p < settings.pairs().size(); p++) {
      colocalization(p);
    }
    rows.add(Table.JOINT_HISTOGRAMS, this::tuples);
  }

  private void statistics(String name, PlaneCounts.OfRegion region, int c) {
    Histogram h = region.channels().get(c);
    Histogram every = region.everyOf(c);
    Moments moments = region.momentsOf(c);
    String channel = settings.channels().get(c);
    Stain stain =
        Stain.of(
            h,
            settings.exploration().threshold(channel, settings.kind(c)),
            traits.saturation().get(c));
    boolean bounded = !Double.isNaN(traits.saturation().get(c));
    RowByName row = rows.of(Table.CHANNEL_STATS);
    row.put("region", name)
        .put("channel", channel)
        .put("pixels", h.count())
        .put("mean", moments.mean())
        .put("stddev", moments.stddev())
        .put("min", every.min())
        .put("max", every.max())
        .put("p1", every.percentile(1))
        .put("p25", every.percentile(25))
        .put("p50", every.percentile(50))
        .put("p75", every.percentile(75))
        .put("p99", every.percentile(99))
        .put("p99_8", every.percentile(99.8))
        .put("otsu_threshold", Otsu.threshold(h, settings.kind(c)))
        .put("stain_threshold", stain.threshold())
        .put("stained_fraction", stain.fraction())
        .putUnlessNaN(
            "stained_area_um2",
            h.countAbove(stain.threshold()) * traits.pixelAreaUm2().orElse(Double.NaN))
        .putUnlessNaN("stained_mean", stain.mean())
        .putUnlessNaN("saturated_fraction", bounded ? stain.saturatedFraction() : Double.NaN);
    rows.add(Table.CHANNEL_STATS, row.row());
  }

  /** With the whole image's thresholds in every region. */
  private void colocalization(int p) {
    int[] pair = settings.pairs().get(p);
    statistics
        .thresholds()
        .get(p)
        .ifPresent(
            thresholds ->
                counts
                    .regions()
                    .forEach(
                        (name, region) -> {
                          JointHistogram tuples = region.pairs().get(p);
                          if (tuples.size() > 0) {
                            rows.add(
                                Table.COLOCALIZATION,
                                ColocalizationRow.ofRegion(
                                    rows.of(Table.COLOCALIZATION),
                                    name,
                                    settings.channels().get(pair[0]),
                                    settings.channels().get(pair[1]),
                                    Colocalization.of(tuples, thresholds),
                                    thresholds));
                          }
                        }));
  }

  /** Rows of {@code joint_histograms}. */
  private void tuples(Consumer<InternalRow> to) {
    counts
        .regions()
        .forEach(
            (name, region) -> {
              if (settings.channels().size() == 1) {
                single(name, region.channels().get(0), to);
              }
              for (int p = 0; p < settings.pairs().size(); p++) {
                pair(name, region, p, to);
              }
            });
  }

  private void single(String region, Histogram h, Consumer<InternalRow> to) {
    RowByName row = rows.of(Table.JOINT_HISTOGRAMS);
    Integer levels = levels(0);
    for (int i = 0; i < h.size(); i++) {
      intensity(row, 0, h.value(i));
      row.put("region", region).put("dropped_bits", 0).put("levels", levels);
      to.accept(row.put("count", h.count(i)).row());
    }
  }

  private void pair(String name, PlaneCounts.OfRegion region, int p, Consumer<InternalRow> to) {
    RowByName row = rows.of(Table.JOINT_HISTOGRAMS);
    int[] pair = settings.pairs().get(p);
    JointHistogram tuples = region.pairs().get(p);
    int droppedBits = region.droppedBits().get(p);
    Integer levels = levels(pair);
    for (int i = 0; i < tuples.size(); i++) {
      row.put("region", name).put("dropped_bits", droppedBits).put("levels", levels);
      for (int c = 0; c < settings.channels().size(); c++) {
        if (c == pair[0] || c == pair[1]) {
          intensity(row, c, tuples.value(c == pair[0] ? 0 : 1, i));
        } else {
          row.putNull(settings.channels().get(c));
        }
      }
      to.accept(row.put("count", tuples.count(i)).row());
    }
  }

  /** To how many levels one of the channels was binned, or null: all are exact. */
  private Integer levels(int... channels) {
    boolean binned = false;
    for (int c : channels) {
      binned |= counts.levels().get(c).filter(levels -> !levels.isExact()).isPresent();
    }
    return binned ? Levels.MOST : null;
  }

  private void intensity(RowByName row, int channel, double value) {
    DataType type = settings.types().get(channel);
    String name = settings.channels().get(channel);
    if (type.equals(DataTypes.IntegerType)) {
      row.put(name, (int) value);
    } else if (type.equals(DataTypes.LongType)) {
      row.put(name, Math.round(value));
    } else if (type.equals(DataTypes.FloatType)) {
      row.put(name, (float) value);
    } else {
      row.put(name, value);
    }
  }
}
