package org.cytolake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.clusters.ClusteredBy.Chosen;
import org.cytolake.clusters.ClusteredBy.Values;
import org.cytolake.config.ConfigLoader;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.intensity.LookupTable;
import org.cytolake.intensity.PixelProfile;
import org.cytolake.points.WeightedPoints;
import org.cytolake.stardist.Window;
import org.cytolake.statistics.ImageTraits;
import org.cytolake.statistics.Levels;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneTransforms;
import org.cytolake.statistics.StatisticsSettings;
import org.junit.jupiter.api.Test;

/**
 * Where pixels are in the list of tuples, against a look at each, and against the tuples' pixels.
 */
final class PixelPlacesTest {
  private static final int HEIGHT = 90;
  private static final int WIDTH = 130;
  private static final Region PART = new Region("part", 17, 9, 60, 44);
  private static final List<String> CHANNELS = List.of("dna", "er", "actin");

  private static double[][] randomSamples(DataType type, int range) {
    Random random = new Random(8);
    double[][] samples = new double[3][HEIGHT * WIDTH];
    for (double[] channel : samples) {
      for (int i = 0; i < channel.length; i++) {
        double value = Math.max(0, random.nextInt(range) - range / 5);
        channel[i] =
            type.equals(DataTypes.IntegerType)
                ? value
                : random.nextInt(40) == 0 ? Double.NaN : (float) (0.37 * value - 1);
      }
    }
    return samples;
  }

  /** One way of clustering: a plane, counted and clustered. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Clustered(
      double[][] samples,
      ClusteredBy by,
      StatisticsSettings settings,
      PlaneCounts counts,
      PlaneTransforms transforms,
      List<Double> thresholds) {

    static Clustered of(
        DataType type, int range, int maxTuples, List<Integer> places, Values values, String pixels)
        throws Exception {
      double[][] samples = randomSamples(type, range);
      List<int[]> pairs = List.of(new int[] {0, 1}, new int[] {0, 2}, new int[] {1, 2});
      StatisticsSettings settings =
          new StatisticsSettings(
              ConfigLoader.load(
                      Optional.empty(),
                      Map.of(),
                      List.of("statistics.regions=[{name=part,x=17,y=9,width=60,height=44}]"))
                  .exploration()
                  .resolved(CHANNELS),
              256,
              maxTuples,
              CHANNELS,
              List.of(type, type, type),
              pairs);
      PlaneCounts counts = settings.counting().of(plane(samples), Optional.empty());
      ImageTraits traits =
          new ImageTraits(
              OptionalDouble.empty(), List.of(1e9, 1e9, 1e9), List.of(false, false, false));
      ClusteredBy by =
          new ClusteredBy(
              places.stream().map(CHANNELS::get).toList(),
              places,
              values,
              PixelProfile.NONE,
              "dna",
              switch (pixels) {
                case "positive" -> Chosen.POSITIVE;
                case "stained" -> Chosen.STAINED;
                default -> Chosen.ALL;
              },
              pixels.equals("part") ? PART : null);
      List<Double> thresholds = new ArrayList<>();
      for (int c = 0; c < CHANNELS.size(); c++) {
        Histogram whole = counts.whole().channels().get(c);
        thresholds.add(
            by.chosen() == Chosen.STAINED
                ? settings.exploration().threshold(CHANNELS.get(c), settings.kind(c)).of(whole)
                : 0);
      }
      return new Clustered(
          samples,
          by,
          settings,
          counts,
          PlaneTransforms.of(settings, counts.whole().channels(), traits).orElseThrow(),
          thresholds);
    }

    static PlanePixels plane(double[][] samples) {
      List<Plane> channels = new ArrayList<>();
      for (double[] of : samples) {
        channels.add(i -> of[i]);
      }
      return PlanePixels.of(channels, HEIGHT, WIDTH);
    }

    /** The values of a pixel; empty where it is not clustered. */
    Optional<double[]> values(int pixel, int droppedBits) {
      int x = pixel % WIDTH - PART.x();
      int y = pixel / WIDTH - PART.y();
      boolean outside = x < 0 || y < 0 || x >= PART.width() || y >= PART.height();
      if (by.region().isPresent() && outside) {
        return Optional.empty();
      }
      double[] values = new double[by.places().size()];
      int above = 0;
      for (int c = 0; c < values.length; c++) {
        int channel = by.places().get(c);
        double sample = samples[channel][pixel];
        if (!Double.isFinite(sample)) {
          return Optional.empty();
        }
        Levels levels = counts.levels().get(channel).orElseThrow();
        double counted = levels.intensity((levels.code(sample) >> droppedBits) << droppedBits);
        above += counted > thresholds.get(channel) ? 1 : 0;
        LookupTable table =
            by.values() == Values.EQUALIZED
                ? transforms.composite()
                : transforms.normalized().get("dna");
        values[c] =
            switch (by.values()) {
              case RAW -> counted;
              case LOG -> StrictMath.log1p(Math.max(0, counted));
              default -> table.nearest(counted);
            };
      }
      boolean chosen =
          switch (by.chosen()) {
            case POSITIVE -> above == values.length;
            case STAINED -> above > 0;
            case ALL -> true;
          };
      return chosen ? Optional.of(values) : Optional.empty();
    }
  }

  private static void check(Clustered clustered) throws Exception {
    PlanePixels plane = Clustered.plane(clustered.samples);
    ClusterValues tuples =
        ClusterValues.of(
                clustered.by,
                clustered.settings,
                clustered.counts,
                Optional.of(clustered.transforms),
                plane)
            .orElseThrow();
    PixelValue value = tuples.value();
    WeightedPoints points = tuples.points();
    PixelPlaces places = new PixelPlaces(value, points);
    if (clustered.by.places().size() > 2) {
      assertThat((long) points.size()).isLessThanOrEqualTo(clustered.settings.maxTuples());
    }
    if (clustered.by.places().size() > 2
        && tuples.droppedBits() > 0) { // one bit less would leave too many
      Set<List<Double>> finer = new HashSet<>();
      for (int i = 0; i < HEIGHT * WIDTH; i++) {
        clustered
            .values(i, tuples.droppedBits() - 1)
            .ifPresent(v -> finer.add(Arrays.stream(v).boxed().toList()));
      }
      assertThat((long) finer.size()).isGreaterThan(clustered.settings.maxTuples());
    }
    int[] found = new int[HEIGHT * WIDTH];
    places.read(plane, plane.whole(), found);
    long[] pixels = new long[points.size()];
    for (int i = 0; i < found.length; i++) {
      Optional<double[]> expected = clustered.values(i, tuples.droppedBits());
      assertThat(found[i] != PixelPlaces.NONE).as("pixel %d", i).isEqualTo(expected.isPresent());
      if (expected.isPresent()) {
        pixels[found[i]]++;
        assertThat(ClusterValues.tuple(points, found[i])).containsExactly(expected.get());
      }
    }
    for (int i = 0; i < pixels.length; i++) {
      assertThat(pixels[i]).as("pixels of tuple %d", i).isEqualTo(points.weight(i));
    }
    Window window = new Window(5, 11, 31, 77);
    int[] part = new int[(int) window.pixels()];
    places.read(plane, window, part);
    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(found[(5 + i / 77) * WIDTH + 11 + i % 77]);
    }
  }

  @Test
  void everyKindOfValueAndChoice() throws Exception {
    for (DataType type : List.of(DataTypes.IntegerType, DataTypes.FloatType)) {
      for (Values values : Values.values()) {
        for (String pixels : List.of("positive", "stained", "all", "part")) {
          check(Clustered.of(type, 300, 1 << 20, List.of(0, 2), values, pixels));
          check(Clustered.of(type, 300, 1 << 20, List.of(1), values, pixels));
          check(Clustered.of(type, 300, 1 << 20, List.of(2, 0, 1), values, pixels));
        }
      }
    }
  }

  @Test
  void channelsInAnyOrderAndDroppedBits() throws Exception {
    for (DataType type : List.of(DataTypes.IntegerType, DataTypes.FloatType)) {
      for (String pixels : List.of("positive", "stained", "part")) {
        check(Clustered.of(type, 3_000, 400, List.of(2, 1), Values.RAW, pixels));
        check(Clustered.of(type, 3_000, 400, List.of(1, 2), Values.NORMALIZED, pixels));
        check(Clustered.of(type, 3_000, 400, List.of(1, 0, 2), Values.RAW, pixels));
        check(Clustered.of(type, 3_000, 400, List.of(0, 1, 2), Values.NORMALIZED, pixels));
      }
    }
  }

  /** More pairs of values than a table of them may have. */
  @Test
  void tooManyValuesForATable() throws Exception {
    Clustered clustered =
        Clustered.of(DataTypes.IntegerType, 65_536, 1 << 20, List.of(2, 0), Values.RAW, "all");
    long first = clustered.counts.whole().channels().get(2).size();
    assertThat(first * clustered.counts.whole().channels().get(0).size()).isGreaterThan(1 << 24);
    check(clustered);
    check(
        Clustered.of(DataTypes.IntegerType, 65_536, 1 << 20, List.of(1, 2, 0), Values.RAW, "all"));
  }

  /** Pixels of another plane, as models of several images meet them. */
  @Test
  void tuplesThatAreNotInTheList() throws Exception {
    Clustered clustered =
        Clustered.of(DataTypes.IntegerType, 300, 1 << 20, List.of(0, 1), Values.RAW, "all");
    PixelValue value =
        PixelValue.of(
                clustered.by,
                clustered.settings,
                clustered.counts,
                Optional.of(clustered.transforms))
            .orElseThrow();
    WeightedPoints points =
        new WeightedPoints(new double[][] {{500, 0, 3}, {0, 0, 7}}, new long[] {1, 1, 1});
    int[] found = new int[4];
    new PixelPlaces(value, points)
        .read(List.of(i -> i == 3 ? 3 : 0, i -> i == 3 ? 7 : i), 4, found);
    assertThat(found).containsExactly(1, PixelPlaces.NONE, PixelPlaces.NONE, 2);
  }
}
