package org.cytolake.statistics;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.config.Exploration;
import org.cytolake.histogram.SampleKind;

/**
 * What is computed of every plane.
 *
 * @param exploration with channels named
 * @param bins of the histograms of raw and equalised values
 * @param maxTuples distinct tuples of a pair above which low bits are dropped
 * @param channels names of all channels
 * @param types their Spark types; those of the tables, or of one image
 * @param pairs indices of the channels of each pair that is counted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StatisticsSettings(
    Exploration exploration,
    int bins,
    long maxTuples,
    List<String> channels,
    List<DataType> types,
    List<int[]> pairs)
    implements Serializable {
  public StatisticsSettings {
    channels = List.copyOf(channels);
    types = List.copyOf(types);
    pairs = List.copyOf(pairs);
  }

  /** The same for an image whose samples have types of their own, within those of the tables. */
  public StatisticsSettings with(List<DataType> own) {
    return new StatisticsSettings(exploration, bins, maxTuples, channels, own, pairs);
  }

  /** Counts planes. */
  public PlaneCounting counting() {
    return new PlaneCounting(types, pairs, exploration.regions(), maxTuples);
  }

  /** Whether a channel's intensities are integers. */
  public SampleKind kind(int channel) {
    DataType type = types.get(channel);
    if (type.equals(DataTypes.FloatType)) {
      return SampleKind.FLOAT;
    }
    return type.equals(DataTypes.DoubleType) ? SampleKind.DOUBLE : SampleKind.INTEGER;
  }

  /** Of two channels together: integers only where both are. */
  public SampleKind kind(int[] pair) {
    return kind(pair[0]) == SampleKind.INTEGER ? kind(pair[1]) : kind(pair[0]);
  }

  /** The number of a pair, in either order. */
  public int pairOf(int a, int b) {
    for (int p = 0; p < pairs.size(); p++) {
      if (pairs.get(p)[0] == Math.min(a, b) && pairs.get(p)[1] == Math.max(a, b)) {
        return p;
      }
    }
    throw new IllegalArgumentException(
        "the channels "
            + channels.get(a)
            + " and "
            + channels.get(b)
            + " are not counted together");
  }
}
