package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.intensity.LookupTable;
import org.cytolake.statistics.Levels;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneTransforms;
import org.cytolake.statistics.StatisticsSettings;

/**
 * From the intensities of a plane's pixel to the values that it is clustered by, and whether it is
 * clustered: the one place that says so, for the tuples that models are fitted to and for the
 * pixels that are labelled. Immutable.
 */
public final class PixelValue {
  private final ClusteredBy by;
  private final List<Channel> channels;

  /**
   * One clustering channel.
   *
   * @param levels how its intensities were counted
   * @param droppedBits low bits that were dropped from the codes
   * @param min the least code of the plane
   * @param max the largest
   * @param above intensity above which a pixel counts as chosen
   * @param table of the transform; empty for none
   */
  public record Channel(
      Levels levels,
      int droppedBits,
      int min,
      int max,
      double above,
      Optional<LookupTable> table,
      boolean logarithm) {
    /**
     * Of a plane's channel.
     *
     * @param type Spark type of the samples
     * @param least intensity; likewise {@code largest}
     */
    public static Channel of(
        DataType type,
        double least,
        double largest,
        int droppedBits,
        double above,
        Optional<LookupTable> table,
        boolean logarithm) {
      Levels levels = Levels.of(type, least, largest);
      return new Channel(
          levels, droppedBits, levels.code(least), levels.code(largest), above, table, logarithm);
    }

    Channel coarsened(int bits) {
      return new Channel(levels, bits, min, max, above, table, logarithm);
    }

    double counted(int code) {
      return levels.intensity((code >> droppedBits) << droppedBits);
    }

    double value(double counted) {
      return table
          .map(t -> t.nearest(counted))
          .orElseGet(() -> logarithm ? StrictMath.log1p(Math.max(0, counted)) : counted);
    }
  }

  /**
   * @param channels the clustering channels
   */
  public PixelValue(ClusteredBy by, List<Channel> channels) {
    this.by = by;
    this.channels = List.copyOf(channels);
  }

  /**
   * Of a plane.
   *
   * @return empty where nothing can be clustered, as a channel has no finite pixel
   */
  public static Optional<PixelValue> of(
      ClusteredBy by,
      StatisticsSettings settings,
      PlaneCounts counts,
      Optional<PlaneTransforms> transforms) {
    if (transforms.isEmpty()) {
      return Optional.empty();
    }
    Optional<LookupTable> table =
        switch (by.values()) {
          case NORMALIZED -> Optional.of(transforms.get().normalized().get(by.reference()));
          case EQUALIZED -> Optional.of(transforms.get().composite());
          default -> Optional.empty();
        };
    List<Channel> channels = new ArrayList<>();
    for (int c : by.places()) {
      Histogram whole = counts.whole().channels().get(c);
      double above =
          by.chosen() == ClusteredBy.Chosen.STAINED
              ? settings
                  .exploration()
                  .threshold(settings.channels().get(c), settings.kind(c))
                  .of(whole)
              : 0;
      channels.add(
          Channel.of(
              settings.types().get(c),
              whole.min(),
              whole.max(),
              droppedBits(by, settings, counts),
              above,
              table,
              by.values() == ClusteredBy.Values.LOG));
    }
    return Optional.of(new PixelValue(by, channels));
  }

  /**
   * Low bits that were dropped of the pairs that are clustered; none where they become so few by
   * being normalised. More channels are counted together later.
   */
  static int droppedBits(ClusteredBy by, StatisticsSettings settings, PlaneCounts counts) {
    return by.places().size() != 2 || by.values() == ClusteredBy.Values.NORMALIZED
        ? 0
        : counts
            .regions()
            .get(by.regionName())
            .droppedBits()
            .get(settings.pairOf(by.places().get(0), by.places().get(1)));
  }

  ClusteredBy by() {
    return by;
  }

  int channels() {
    return channels.size();
  }

  /** The least code of a channel in the plane; likewise {@link #maxCode}. */
  int minCode(int channel) {
    return channels.get(channel).min;
  }

  int maxCode(int channel) {
    return channels.get(channel).max;
  }

  /** The least intensity of a channel in the plane, as it was counted. */
  double least(int channel) {
    Channel of = channels.get(channel);
    return of.levels.intensity(of.min);
  }

  /** The code of a finite sample. */
  int code(int channel, double sample) {
    return channels.get(channel).levels.code(sample);
  }

  /** The value that pixels of a code are clustered by. */
  double valueOfCode(int channel, int code) {
    Channel of = channels.get(channel);
    return of.value(of.counted(code));
  }

  /** Whether pixels of a code are above what chooses them. */
  boolean isAbove(int channel, int code) {
    Channel of = channels.get(channel);
    return of.counted(code) > of.above;
  }

  /** Whether a pixel is clustered, by in how many channels it is {@link #isAbove}. */
  boolean isChosen(int channelsAbove) {
    return switch (by.chosen()) {
      case POSITIVE -> channelsAbove == channels.size();
      case STAINED -> channelsAbove > 0;
      case ALL -> true;
    };
  }

  /** The same with low bits of all codes dropped. */
  public PixelValue coarsened(int droppedBits) {
    return new PixelValue(by, channels.stream().map(c -> c.coarsened(droppedBits)).toList());
  }

  /**
   * The values of the tuples that are clustered.
   *
   * @param counted tuples of the clustering channels' intensities, in their order
   */
  JointHistogram values(JointHistogram counted) {
    double[][] values = new double[channels.size()][counted.size()];
    long[] pixels = new long[counted.size()];
    for (int i = 0; i < pixels.length; i++) {
      int channelsAbove = 0;
      for (int c = 0; c < values.length; c++) {
        channelsAbove += counted.value(c, i) > channels.get(c).above ? 1 : 0;
      }
      if (isChosen(channelsAbove)) {
        pixels[i] = counted.count(i);
        for (int c = 0; c < values.length; c++) {
          values[c][i] = channels.get(c).value(counted.value(c, i));
        }
      }
    }
    return JointHistogram.of(values, pixels);
  }
}
