package org.cytolake.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.clusters.ClusterFit;
import org.cytolake.clusters.ClusterRivals;
import org.cytolake.clusters.ClusterRows;
import org.cytolake.clusters.ClusterValues;
import org.cytolake.clusters.ClusteredBy;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.statistics.ImageTraits;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneTransforms;
import org.cytolake.statistics.StatisticsSettings;

/** How often which criterion picks as many clusters as an image was drawn of. */
public final class PopulationsBenchmark {
  private static final int SIDE = 384;

  /** Images before it have been looked at while the criteria were made. */
  private static final int FIRST = 1000;

  private static final List<String> CHANNELS = List.of("a", "b");

  /** Fewer starts, and less far, than the default: criteria hardly tell the difference. */
  private static final CytolakeConfig CONFIG =
      ConfigLoader.load(
          Optional.empty(),
          Map.of(),
          List.of("clustering.values=raw", "clustering.starts=4", "clustering.tolerance=1e-4"));

  private PopulationsBenchmark() {}

  /** A table for people. */
  public static String table(int images) throws ImageReadException {
    Map<String, int[]> right = new LinkedHashMap<>();
    int[] drawn = new int[5];
    for (int seed = 0; seed < images; seed++) {
      DrawnPopulations image = DrawnPopulations.of(FIRST + seed, SIDE);
      drawn[image.populations() - 2]++;
      for (ClusterFit fit : fits(image)) {
        for (String criterion : fit.pickedBy()) {
          String name = fit.method() + " by " + criterion;
          right.computeIfAbsent(name, n -> new int[5])[image.populations() - 2] +=
              fit.k() == image.populations() ? 1 : 0;
        }
      }
    }
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%d drawn images of %d x %d pixels; as many clusters as populations, in %%%n"
                    + "  %-40s    2    3    4    5    6  all%n",
                images,
                SIDE,
                SIDE,
                "populations"));
    right.forEach(
        (name, n) -> {
          text.append(String.format(Locale.ROOT, "  %-40s", name));
          for (int p = 0; p < n.length; p++) {
            text.append(String.format(Locale.ROOT, " %4.0f", 100.0 * n[p] / drawn[p]));
          }
          text.append(
              String.format(Locale.ROOT, " %4.0f%n", 100.0 * IntStream.of(n).sum() / images));
        });
    return text.toString();
  }

  /** All models of the default methods, with what picks them. */
  private static List<ClusterFit> fits(DrawnPopulations image) throws ImageReadException {
    ClusterValues values = values(image);
    return ClusterRows.fit(
            Clustering.IMAGE,
            CHANNELS,
            values.points(),
            values.even(),
            values.droppedBits(),
            CONFIG.clustering(),
            Clustering.IMAGE,
            ClusterRivals.NONE)
        .fits();
  }

  /** What the pixels of an image are clustered by: raw intensities. */
  public static ClusterValues values(DrawnPopulations image) throws ImageReadException {
    StatisticsSettings settings =
        new StatisticsSettings(
            CONFIG.exploration().resolved(CHANNELS),
            CONFIG.histograms().bins(),
            CONFIG.histograms().maxTuples(),
            CHANNELS,
            List.of(DataTypes.IntegerType, DataTypes.IntegerType),
            List.of(new int[] {0, 1}));
    ClusteredBy by =
        ClusteredBy.of(CONFIG.clustering(), CONFIG.exploration().resolved(CHANNELS), CHANNELS);
    PlaneCounts counts = settings.counting().of(image.pixels(), Optional.empty());
    ImageTraits traits =
        new ImageTraits(OptionalDouble.empty(), List.of(4095.0, 4095.0), List.of(false, false));
    return ClusterValues.of(
            by,
            settings,
            counts,
            PlaneTransforms.of(settings, counts.whole().channels(), traits),
            image.pixels())
        .orElseThrow();
  }
}
