package org.cytolake.bench;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.cluster.Clustering;
import org.cytolake.cluster.Coreset;
import org.cytolake.cluster.GaussianMixture;
import org.cytolake.cluster.KMeans;
import org.cytolake.cluster.Mixture;
import org.cytolake.clusters.ClusterValues;
import org.cytolake.clusters.ClusteredBy;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.image.Plane;
import org.cytolake.intensity.PixelProfile;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.StarDistModel;
import org.cytolake.points.WeightedPoints;
import org.cytolake.statistics.ImageTraits;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneTransforms;
import org.cytolake.statistics.StatisticsSettings;

/**
 * Clustering a plane by many channels beside the built-in network on as many pixels, each on one
 * thread: a drawn plane of 12 bits, cells of four populations with noise, so that nearly every
 * pixel has a tuple of its own.
 */
public final class ChannelsBenchmark {
  private static final int SIDE = 2048;
  private static final int TILE = 1024; // what the network is given at once
  private static final int CELL = 32; // pixels between cells
  private static final int BACKGROUND = 200;
  private static final int LARGEST = 4095;

  private ChannelsBenchmark() {}

  /** A table for people: seconds of the median round, one thread. */
  public static String table(int channels, int rounds) throws ImageReadException {
    CytolakeConfig config =
        ConfigLoader.load(Optional.empty(), Map.of(), List.of("clustering.values=raw"));
    List<String> names = IntStream.range(0, channels).mapToObj(c -> "c" + c).toList();
    StatisticsSettings settings =
        new StatisticsSettings(
            config.exploration().resolved(names),
            config.histograms().bins(),
            config.histograms().maxTuples(),
            names,
            Collections.nCopies(channels, DataTypes.IntegerType),
            List.of());
    ClusteredBy by =
        new ClusteredBy(
            names,
            IntStream.range(0, channels).boxed().toList(),
            ClusteredBy.Values.RAW,
            PixelProfile.NONE,
            names.get(0),
            ClusteredBy.Chosen.POSITIVE,
            null);
    PlanePixels pixels = drawn(channels);
    PlaneCounts counts = settings.counting().of(pixels, Optional.empty());
    ImageTraits traits =
        new ImageTraits(
            OptionalDouble.empty(),
            Collections.nCopies(channels, (double) LARGEST),
            Collections.nCopies(channels, false));
    Optional<PlaneTransforms> transforms =
        PlaneTransforms.of(settings, counts.whole().channels(), traits);
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    ClusterValues values = null;
    List<Coreset> coresets = List.of();
    List<Coreset> means = List.of();
    for (int round = -1; round < rounds; round++) {
      long start = System.nanoTime();
      values = ClusterValues.of(by, settings, counts, transforms, pixels).orElseThrow();
      long counted = System.nanoTime();
      coresets = mixtures(values.points(), config.clustering());
      long mixed = System.nanoTime();
      means = kMeans(values.points(), config.clustering());
      long clustered = System.nanoTime();
      if (round >= 0) {
        add(seconds, "tuples counted", counted - start);
        add(seconds, "Gaussian mixtures, k = 2..6, with labels", mixed - counted);
        add(seconds, "k-means, k = 2..6, with labels", clustered - mixed);
      }
    }
    double network = network(rounds);
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%d x %d pixels, %d channels, one thread; %,d tuples, %d bits dropped, %d points%n",
                SIDE,
                SIDE,
                channels,
                values.points().size(),
                values.droppedBits(),
                coresets.get(0).points()));
    text.append(
        String.format(
            Locale.ROOT,
            "  the points leave out at most %.4f of a pixel's log-likelihood, %.2f %% of the"
                + " cost%n",
            largest(coresets),
            100 * largest(means)));
    seconds.forEach((what, all) -> text.append(line(what, median(all), network)));
    text.append(line("the network", network, network));
    return text.toString();
  }

  private static void add(Map<String, List<Double>> seconds, String what, long nanoseconds) {
    seconds.computeIfAbsent(what, w -> new ArrayList<>()).add(nanoseconds / 1e9);
  }

  private static String line(String what, double seconds, double network) {
    return String.format(
        Locale.ROOT, "  %-44s %8.3f s %6.1f %%%n", what, seconds, 100 * seconds / network);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static List<Coreset> mixtures(WeightedPoints points, CytolakeConfig.Clustering of) {
    GaussianMixture.Options options =
        new GaussianMixture.Options(
            of.starts(), of.maxIterations(), of.tolerance(), 1.0 / 12, of.seed());
    return of.k().stream()
        .map(k -> GaussianMixture.fit(points, k, options).result().orElseThrow())
        .map(Mixture::coreset)
        .toList();
  }

  private static List<Coreset> kMeans(WeightedPoints points, CytolakeConfig.Clustering of) {
    KMeans.Options options =
        new KMeans.Options(of.starts(), of.maxIterations(), of.tolerance(), of.seed());
    return of.k().stream()
        .map(k -> KMeans.fit(points, k, options).result().orElseThrow())
        .map(Clustering::coreset)
        .toList();
  }

  private static double largest(List<Coreset> coresets) {
    return coresets.stream().mapToDouble(Coreset::error).max().orElse(0);
  }

  private static double network(int rounds) {
    List<Double> seconds = new ArrayList<>();
    try (StarDistModel model = StarDistModel.load(ModelFile.builtIn("fp32"), 1)) {
      NetworkBuffers buffers = new NetworkBuffers();
      for (int round = -1; round < rounds; round++) {
        long start = System.nanoTime();
        for (int tile = 0; tile < SIDE / TILE * (SIDE / TILE); tile++) {
          FloatBuffer input = buffers.input(TILE * TILE);
          for (int i = 0; i < TILE * TILE; i++) {
            input.put(i, (i % 97) / 97f);
          }
          model.predict(buffers, TILE, TILE);
        }
        if (round >= 0) {
          seconds.add((System.nanoTime() - start) / 1e9);
        }
      }
    }
    return median(seconds);
  }

  /** Round cells on a lattice, one of four populations each, and noise as photons have it. */
  private static PlanePixels drawn(int channels) {
    SplittableRandom random = new SplittableRandom(7);
    double[][] means = new double[4][channels];
    for (double[] population : means) {
      Arrays.setAll(population, c -> 200 + random.nextInt(2600));
    }
    int across = SIDE / CELL;
    int[] populations = new int[across * across];
    Arrays.setAll(populations, i -> random.nextInt(means.length));
    List<Plane> planes = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      char[] samples = new char[SIDE * SIDE];
      for (int i = 0; i < samples.length; i++) {
        int y = i / SIDE;
        int x = i % SIDE;
        double dy = (y % CELL - CELL / 2) / 14.0;
        double dx = (x % CELL - CELL / 2) / 14.0;
        double inside = Math.max(0, 1 - dy * dy - dx * dx);
        double mean = BACKGROUND + inside * means[populations[y / CELL * across + x / CELL]][c];
        double noise = Math.sqrt(mean) * (random.nextInt(1000) + random.nextInt(1000) - 999) / 400;
        samples[i] = (char) Math.max(0, Math.min(LARGEST, Math.rint(mean + noise)));
      }
      planes.add(i -> samples[i]);
    }
    return PlanePixels.of(planes, SIDE, SIDE);
  }
}
