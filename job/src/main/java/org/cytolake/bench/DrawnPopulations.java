package org.cytolake.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.Plane;
import org.cytolake.intensity.GaussianBlur;

/**
 * A drawn image of a known number of populations, 12 bits, two channels: background, and elliptic
 * cells of one to five kinds in equal shares, on 40 to 70 % of the plane and one over the other. A
 * kind's cells differ in brightness by 4 to 10 % of it, the means of any two kinds by 5 to 8 of
 * their standard deviations or more. The point spread is Gaussian, of 1 to 2 pixels; then come
 * photons (Poisson) and 5 grey levels of read-out noise.
 *
 * @param populations 2 to 6, the background being one
 * @param pixels of the image
 */
public record DrawnPopulations(int populations, PlanePixels pixels) {
  private static final int CHANNELS = 2;
  private static final double READ_OUT = 5;
  private static final int LARGEST = 4095;

  /**
   * Draws.
   *
   * @param seed of all that is random; the number of populations is 2 for 0, 3 for 1, and so on
   * @param side of the plane, pixels
   */
  public static DrawnPopulations of(int seed, int side) {
    return of(seed, side, 0);
  }

  /**
   * The same with fewer grey levels.
   *
   * @param dropped low bits, 0 to 11
   */
  public static DrawnPopulations of(int seed, int side, int dropped) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 2 + seed % 5;
    double vary = between(random, 0.04, 0.1);
    double[][] means = means(random, n, vary, between(random, 5, 8));
    float[][] planes = new float[CHANNELS][side * side];
    for (int c = 0; c < CHANNELS; c++) {
      Arrays.fill(planes[c], (float) means[0][c]);
    }
    cells(random, planes, side, means, vary);
    double blur = between(random, 1, 2);
    List<Plane> drawn = new ArrayList<>();
    for (float[] scene : planes) {
      float[] plane = GaussianBlur.of(scene, side, blur);
      char[] samples = new char[plane.length];
      for (int i = 0; i < samples.length; i++) {
        double light = plane[i] + Math.sqrt(plane[i]) * normal(random) + READ_OUT * normal(random);
        int level = (int) Math.max(1, Math.min(LARGEST, Math.rint(light + 1)));
        samples[i] = (char) (dropped == 0 ? level : 1 + (level >> dropped));
      }
      drawn.add(i -> samples[i]);
    }
    return new DrawnPopulations(n, PlanePixels.of(drawn, side, side));
  }

  private static double[][] means(SplittableRandom random, int n, double vary, double apart) {
    while (true) {
      double[][] means = new double[n][CHANNELS];
      for (int p = 0; p < n; p++) {
        for (int c = 0; c < CHANNELS; c++) {
          means[p][c] = p == 0 ? between(random, 20, 60) : between(random, 60, 1500);
        }
      }
      boolean far = true;
      for (int a = 0; a < n; a++) {
        for (int b = 0; b < a; b++) {
          double square = 0;
          for (int c = 0; c < CHANNELS; c++) {
            double way = means[a][c] - means[b][c];
            square += 2 * way * way / (variance(means[a][c], vary) + variance(means[b][c], vary));
          }
          far &= square > apart * apart;
        }
      }
      if (far) {
        return means;
      }
    }
  }

  private static double variance(double mean, double vary) {
    return mean + READ_OUT * READ_OUT + vary * mean * vary * mean;
  }

  private static void cells(
      SplittableRandom random, float[][] planes, int side, double[][] means, double vary) {
    int[] kinds = new int[side * side];
    long[] covered = new long[means.length];
    long all = (long) side * side;
    double cover = between(random, 0.4, 0.7) * all;
    covered[0] = all;
    while (all - covered[0] < cover) {
      int kind = 1;
      for (int k = 2; k < means.length; k++) {
        kind = covered[k] < covered[kind] ? k : kind;
      }
      double radius = between(random, 8, 16);
      double stretch = between(random, 0.7, 1.3);
      double y0 = between(random, 0, side);
      double x0 = between(random, 0, side);
      double[] light = new double[CHANNELS];
      for (int c = 0; c < CHANNELS; c++) {
        light[c] = means[kind][c] * (1 + vary * normal(random));
      }
      for (int i = 0; i < kinds.length; i++) {
        int y = i / side;
        int x = i % side;
        double dy = (y - y0) / (radius * stretch);
        double dx = (x - x0) * stretch / radius;
        if (dy * dy + dx * dx < 1) {
          covered[kinds[i]]--;
          covered[kind]++;
          kinds[i] = kind;
          for (int c = 0; c < CHANNELS; c++) {
            planes[c][i] = (float) Math.max(1, light[c]);
          }
        }
      }
    }
  }

  private static double between(SplittableRandom random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** Box and Muller. */
  private static double normal(SplittableRandom random) {
    return Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
        * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
