package org.cytolake.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cytolake.gaussian.Ascent;
import org.cytolake.gaussian.Components;
import org.cytolake.gaussian.Elementary;
import org.cytolake.gaussian.Expectation;
import org.cytolake.points.Blocks;
import org.cytolake.points.Cells;
import org.cytolake.points.WeightedPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits that go from few cells to all tuples. */
class MixtureSearchTest {
  private static final double REGULARIZATION = 1e-6;

  /** Pixels of normal populations, every one a tuple of its own. */
  private static WeightedPoints populations(long seed, int channels, int pixels) {
    Random random = new Random(seed);
    double[][] values = new double[channels][pixels];
    long[] weights = new long[pixels];
    for (int i = 0; i < pixels; i++) {
      int population = random.nextInt(4);
      double along = random.nextGaussian();
      for (int c = 0; c < channels; c++) {
        values[c][i] =
            (population * (c + 2) % 5) * 30
                + (5 + 3 * population) * (0.6 * along + random.nextGaussian());
      }
      weights[i] = 1L + random.nextInt(20);
    }
    return new WeightedPoints(values, weights);
  }

  private static Ascent ascent(Cells cells, Components start) {
    return new Ascent(cells.blocks(), start, REGULARIZATION, cells.points().variance());
  }

  private static double logLikelihood(WeightedPoints points, Components components) {
    return new Expectation(Blocks.of(points), components, 0).logLikelihood();
  }

  private static Components start(Cells cells, int k, long seed) {
    MixtureStart starts = new MixtureStart(cells, k, seed);
    return starts.components(starts.next(0), REGULARIZATION);
  }

  /** The regularisation is far below the variances here. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void stepsAndLeapsNeverLowerTheLikelihood(int channels) {
    WeightedPoints points = populations(channels, channels, 3000);
    for (Cells cells : points.levels()) {
      Components start = start(cells, 4, 7);
      Ascent walk = ascent(cells, start);
      Ascent leaps = ascent(cells, start);
      double walked = Double.NEGATIVE_INFINITY;
      double leapt = Double.NEGATIVE_INFINITY;
      for (int limit = 1; limit <= 60; limit++) {
        walk.walk(limit, 0);
        leaps.leap(limit, 0);
        assertThat(walk.reached()).isGreaterThanOrEqualTo(walked - 1e-9);
        assertThat(leaps.reached()).isGreaterThanOrEqualTo(leapt - 1e-9);
        walked = walk.reached();
        leapt = leaps.reached();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void leapsComeToWhereStepsCome(int channels) {
    WeightedPoints points = populations(10 + channels, channels, 1500);
    Cells each = Cells.each(points);
    Components start = start(each, 3, 5);
    Ascent walk = ascent(each, start);
    Ascent leaps = ascent(each, start);
    walk.walk(5000, 1e-11);
    leaps.leap(5000, 1e-11);
    assertThat(leaps.converged()).isTrue();
    assertThat(leaps.reached()).isGreaterThanOrEqualTo(walk.reached() - 1e-6);
    assertThat(leaps.iterations()).isLessThanOrEqualTo(walk.iterations() + 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void noWorseThanTheBestStartOfFewCells(int k) {
    WeightedPoints points = populations(k, 2, 20_000);
    Cells few = points.levels().get(0);
    assertThat(few.points().size()).isLessThan(points.size());
    MixtureStart starts = new MixtureStart(few, k, 12345);
    double best = Double.NEGATIVE_INFINITY;
    for (int start = 0; start < 10; start++) {
      int[] parts = starts.next(start);
      if (parts.length > 0) {
        Ascent run = ascent(few, starts.components(parts, REGULARIZATION));
        run.leap(200, 1e-9);
        best = Math.max(best, logLikelihood(points, run.components()));
      }
    }
    Mixture m =
        GaussianMixture.fit(points, k, GaussianMixture.Options.DEFAULT).result().orElseThrow();
    assertThat(m.converged()).isTrue();
    assertThat(m.logLikelihood()).isGreaterThanOrEqualTo(best - 1e-6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void cellsKeepTheSums(int channels) {
    WeightedPoints points = populations(20 + channels, channels, 5000);
    double previous = Double.NEGATIVE_INFINITY;
    Components components = start(Cells.each(points), 3, 1);
    List<Cells> levels = points.levels();
    assertThat(levels).hasSize(5);
    for (Cells cells : levels) {
      WeightedPoints means = cells.points();
      assertThat(means.weight()).isEqualTo(points.weight());
      assertThat(means.mean()).containsExactly(points.mean(), within(1e-9));
      double[] variance = means.variance();
      for (int c = 0; c < channels && cells.spreads().length > 0; c++) {
        for (int i = 0; i < means.size(); i++) {
          variance[c] += cells.spreads()[c * (c + 3) / 2][i] * means.weight(i) / means.weight();
        }
      }
      assertThat(variance).containsExactly(points.variance(), within(1e-7));
      // a lower bound of the likelihood, which comes up to it
      double bound = new Expectation(cells.blocks(), components, 0).logLikelihood();
      assertThat(bound).isGreaterThanOrEqualTo(previous - 1e-12);
      previous = bound;
    }
    assertThat(previous).isCloseTo(logLikelihood(points, components), within(1e-12));
  }

  @Test
  void equalTuplesAreNotCut() {
    double[] values = new double[4000];
    Arrays.setAll(values, i -> i % 3);
    long[] weights = new long[4000];
    Arrays.fill(weights, 2);
    WeightedPoints points = new WeightedPoints(new double[][] {values}, weights);
    assertThat(points.levels().get(0).points().size()).isEqualTo(3);
    assertThat(KMeans.fit(points, 3, KMeans.Options.DEFAULT).result().orElseThrow().cost())
        .isZero();
  }

  @Test
  void relativePowersAreThoseOfTheLibrary() {
    double[] values = new double[Blocks.LENGTH];
    double[] tops = new double[Blocks.LENGTH];
    double[] totals = new double[Blocks.LENGTH];
    Arrays.setAll(values, i -> -0.6 * i);
    Arrays.fill(tops, 0.25);
    Arrays.fill(totals, 2);
    double[] powers = values.clone();
    Elementary.exp(powers, tops, totals);
    for (int i = 0; i < values.length; i++) {
      assertThat(powers[i]).isCloseTo(Math.exp(values[i] - 0.25), within(2e-14));
      assertThat(totals[i]).isEqualTo(2 + powers[i]);
    }
    assertThat(powers[100]).isZero();
  }
}
