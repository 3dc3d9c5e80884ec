package org.cytolake.source.aggregate;

import java.util.Arrays;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.SampleType;
import org.cytolake.histogram.GreyLevels;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.PairCounter;
import org.cytolake.histogram.TupleCounts;
import org.cytolake.source.read.LoadedTile;

/** Histograms of the channels of the tile at hand; what several of them need is counted once. */
final class TileCounter {
  private final LoadedTile loaded;
  private final GreyLevels[] levels; // by channel; null where not counted yet
  private final PairCounter pairs = new PairCounter();

  TileCounter(LoadedTile loaded, int channels) {
    this.loaded = loaded;
    this.levels = new GreyLevels[channels];
  }

  /** To be called when another tile was loaded. */
  void startTile() {
    Arrays.fill(levels, null);
  }

  /** Of the finite samples of a channel. */
  Histogram histogram(int channel) {
    Samples samples = loaded.samples(channel);
    if (samples.type() == SampleType.INT) {
      return levels(channel).histogram();
    }
    TupleCounts counts = new TupleCounts(1);
    for (int i = 0; i < loaded.size(); i++) {
      double value = samples.at(i);
      if (Double.isFinite(value)) {
        counts.add(TupleCounts.code(value));
      }
    }
    return counts.sorted().histogram(TupleCounts::value);
  }

  /** Of the pixels whose samples are finite in both channels. */
  JointHistogram joint(int x, int y) {
    Samples ofX = loaded.samples(x);
    Samples ofY = loaded.samples(y);
    int n = loaded.size();
    if (ofX.type() == SampleType.INT && ofY.type() == SampleType.INT) {
      if (ofX.packed() != null && ofY.packed() != null) {
        return pairs.count(ofX.packed(), ofY.packed(), n);
      }
      return pairs.count(ofX.ints(), levels(x), ofY.ints(), levels(y), n);
    }
    TupleCounts counts = new TupleCounts(2);
    for (int i = 0; i < n; i++) {
      double valueX = ofX.at(i);
      double valueY = ofY.at(i);
      if (Double.isFinite(valueX) && Double.isFinite(valueY)) {
        counts.add(TupleCounts.code(valueX), TupleCounts.code(valueY));
      }
    }
    return counts.sorted().joint(TupleCounts::value);
  }

  private GreyLevels levels(int channel) {
    if (levels[channel] == null) {
      Samples samples = loaded.samples(channel);
      levels[channel] =
          samples.packed() != null
              ? GreyLevels.of(samples.packed(), loaded.size())
              : GreyLevels.of(samples.ints(), loaded.size());
    }
    return levels[channel];
  }
}
