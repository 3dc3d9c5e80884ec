package org.cytolake.statistics;

import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
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
    statistics
        .regions()
        .forEach(
            (name, region) -> {
              for (int c = 0; c < settings.channels().size(); c++) {
                int channel = c;
                region.channels().get(c).ifPresent(of -> statistics(name, channel, of));
              }
            });
    for (int p = 0; p < settings.pairs().size(); p++) {
      int pair = p;
      statistics.thresholds().get(p).ifPresent(thresholds -> colocalization(pair, thresholds));
    }
    rows.add(Table.JOINT_HISTOGRAMS, this::tuples);
  }

  private void statistics(String name, int c, ChannelFigures of) {
    boolean bounded = !Double.isNaN(traits.saturation().get(c));
    RowByName row = rows.of(Table.CHANNEL_STATS);
    row.put("region", name)
        .put("channel", settings.channels().get(c))
        .put("pixels", of.moments().count())
        .put("mean", of.moments().mean())
        .put("stddev", of.moments().stddev())
        .put("min", of.min())
        .put("max", of.max())
        .put("p1", of.percentile(1))
        .put("p25", of.percentile(25))
        .put("p50", of.percentile(50))
        .put("p75", of.percentile(75))
        .put("p99", of.percentile(99))
        .put("p99_8", of.percentile(99.8))
        .put("otsu_threshold", of.otsu())
        .put("stain_threshold", of.stain().threshold())
        .put("stained_fraction", of.stain().fraction())
        .putUnlessNaN("stained_area_um2", of.stained() * traits.pixelAreaUm2().orElse(Double.NaN))
        .putUnlessNaN("stained_mean", of.stain().mean())
        .putUnlessNaN("saturated_fraction", bounded ? of.stain().saturatedFraction() : Double.NaN)
        .put("levels", of.isExact() ? null : (Integer) Levels.MOST);
    rows.add(Table.CHANNEL_STATS, row.row());
  }

  /** With the whole image's thresholds in every region. */
  private void colocalization(int p, Colocalization.Thresholds thresholds) {
    int[] pair = settings.pairs().get(p);
    statistics
        .regions()
        .forEach(
            (name, region) ->
                region
                    .pairs()
                    .get(p)
                    .ifPresent(
                        of ->
                            rows.add(
                                Table.COLOCALIZATION,
                                ColocalizationRow.ofRegion(
                                    rows.of(Table.COLOCALIZATION),
                                    name,
                                    settings.channels().get(pair[0]),
                                    settings.channels().get(pair[1]),
                                    of,
                                    thresholds,
                                    levels(pair)))));
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
    JointHistogram tuples = region.few().get(p);
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
