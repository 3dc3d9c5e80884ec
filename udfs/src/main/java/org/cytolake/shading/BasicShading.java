package org.cytolake.shading;

import java.util.Arrays;
import java.util.List;

/**
 * The flat field of images, found by taking them apart into what they share, each at its own
 * brightness, and sparse rests (T. Peng et al. 2017, "A BaSiC tool for background and shading
 * correction of optical microscopy images"), as {@code BaSiC.fit} of basicpy 2.0 does it in its
 * approximate mode with its default settings, without a dark field.
 */
final class BasicShading {
  private static final int SIDE = WorkingImages.SIDE;
  private static final int PIXELS = SIDE * SIDE;

  private static final double FIRST_PENALTY = 12.5; // over the largest singular value
  private static final double GROWTH = 1.5; // of the penalty, an iteration
  private static final double MOST_PENALTY = 1e7; // times the first
  private static final int MOST_ITERATIONS = 500;
  private static final double RESIDUAL = 1e-3; // relative, at which an optimisation ends
  private static final int MOST_REWEIGHTINGS = 10;
  private static final double CHANGE = 1e-2; // relative, of the flat field, at which those end
  private static final double EPSILON = 0.1;
  private static final double TINY = 1e-6;

  private static final double[][] COSINES = cosines();

  private final List<float[]> images;
  private final double smoothness;
  private final double firstPenalty;
  private final double norm; // of all images
  private final double[] brightness; // of each, their mean is 1; to begin with
  private final float[][] weights;
  private final float[][] rests;
  private final float[][] multipliers;
  private double[] shared; // the part of all images, at a brightness of 1

  private BasicShading(List<float[]> images) {
    this.images = images;
    double[] mean = new double[PIXELS];
    brightness = new double[images.size()];
    double squares = 0;
    for (int i = 0; i < brightness.length; i++) {
      for (int p = 0; p < PIXELS; p++) {
        double value = images.get(i)[p];
        mean[p] += value;
        brightness[i] += value;
        squares += value * value;
      }
    }
    norm = Math.sqrt(squares);
    double all = Arrays.stream(mean).average().orElseThrow();
    double[] relative = Arrays.stream(mean).map(v -> v / all).toArray();
    smoothness = Arrays.stream(transform(relative)).map(Math::abs).sum() / 400 * 0.5;
    double average = all / brightness.length;
    for (int i = 0; i < brightness.length; i++) {
      brightness[i] /= PIXELS * average;
    }
    firstPenalty = FIRST_PENALTY / largestSingularValue(images);
    weights = new float[images.size()][PIXELS];
    rests = new float[images.size()][PIXELS];
    multipliers = new float[images.size()][PIXELS];
    for (float[] weight : weights) {
      Arrays.fill(weight, 1);
    }
  }

  /**
   * The flat field.
   *
   * @param images 128 rows of 128 pixels each
   * @return as many, with the mean 1; all 1 where there are no images or they are dark
   */
  static double[] flatField(List<float[]> images) {
    double sum = 0;
    for (float[] image : images) {
      for (float value : image) {
        sum += value;
      }
    }
    double[] flat = new double[PIXELS];
    Arrays.fill(flat, 1);
    if (sum > 0) {
      BasicShading fit = new BasicShading(images);
      for (int i = 0; i < MOST_REWEIGHTINGS; i++) {
        double[] before = flat;
        double[] bright = fit.optimize();
        flat = fit.flat(bright);
        if (flat == null) {
          return before;
        }
        fit.reweight(bright);
        if (i > 0 && change(before, flat) <= CHANGE) {
          break;
        }
      }
    }
    return flat;
  }

  private static double change(double[] before, double[] now) {
    double changed = 0;
    double all = 0;
    for (int p = 0; p < PIXELS; p++) {
      changed += Math.abs(now[p] - before[p]);
      all += Math.abs(before[p]);
    }
    return changed / all;
  }

  /** Takes the images apart, by the method of multipliers. */
  private double[] optimize() {
    double[] bright = brightness.clone();
    shared = new double[PIXELS];
    Arrays.fill(shared, 1);
    double[] frequencies = transform(shared);
    for (int i = 0; i < bright.length; i++) {
      Arrays.fill(rests[i], 0);
      Arrays.fill(multipliers[i], 0);
    }
    double penalty = firstPenalty;
    double residual = Double.POSITIVE_INFINITY;
    for (int k = 0; k < MOST_ITERATIONS && residual / norm > RESIDUAL; k++) {
      double[] left = transform(left(bright, penalty));
      for (int p = 0; p < PIXELS; p++) {
        frequencies[p] = shrunk(frequencies[p] + left[p], smoothness / penalty);
      }
      shared = inverse(frequencies);
      bright = rests(bright, penalty);
      residual = multipliers(bright, penalty);
      penalty = Math.min(penalty * GROWTH, firstPenalty * MOST_PENALTY);
    }
    return bright;
  }

  /** What is neither shared nor rest, on average. */
  private double[] left(double[] bright, double penalty) {
    double[] left = new double[PIXELS];
    for (int i = 0; i < bright.length; i++) {
      float[] image = images.get(i);
      for (int p = 0; p < PIXELS; p++) {
        left[p] += image[p] - rests[i][p] - shared[p] * bright[i] + multipliers[i][p] / penalty;
      }
    }
    for (int p = 0; p < PIXELS; p++) {
      left[p] /= bright.length;
    }
    return left;
  }

  /**
   * Finds the rests.
   *
   * @return the brightness of what is no rest
   */
  private double[] rests(double[] bright, double penalty) {
    double[] sums = new double[bright.length];
    double all = 0;
    for (int i = 0; i < bright.length; i++) {
      float[] image = images.get(i);
      for (int p = 0; p < PIXELS; p++) {
        double rest = image[p] - shared[p] * bright[i] + multipliers[i][p] / penalty;
        rests[i][p] = (float) shrunk(rest, weights[i][p] / penalty);
        sums[i] += image[p] - rests[i][p];
      }
      all += sums[i];
    }
    double mean = all / bright.length;
    return Arrays.stream(sums).map(s -> Math.max(0, s / mean)).toArray();
  }

  /** Raises the multipliers by what is left, and says how much that is. */
  private double multipliers(double[] bright, double penalty) {
    double squares = 0;
    for (int i = 0; i < bright.length; i++) {
      float[] image = images.get(i);
      for (int p = 0; p < PIXELS; p++) {
        double left = image[p] - shared[p] * bright[i] - rests[i][p];
        multipliers[i][p] += (float) (penalty * left);
        squares += left * left;
      }
    }
    return Math.sqrt(squares);
  }

  /** The shared part with the mean 1, or null where there is none. */
  private double[] flat(double[] bright) {
    double mean = Arrays.stream(bright).average().orElseThrow();
    double all = mean * Arrays.stream(shared).average().orElseThrow();
    return all == 0 || !Double.isFinite(all)
        ? null
        : Arrays.stream(shared).map(v -> v * mean / all).toArray();
  }

  /** Pixels with large rests count less. */
  private void reweight(double[] bright) {
    double mean = Arrays.stream(shared).average().orElseThrow();
    double sum = 0;
    for (int i = 0; i < bright.length; i++) {
      for (int p = 0; p < PIXELS; p++) {
        double rest = rests[i][p] / (mean * bright[i] + TINY);
        weights[i][p] = (float) (1 / (Math.abs(rest) + EPSILON));
        sum += weights[i][p];
      }
    }
    double scale = (double) PIXELS * bright.length / sum;
    for (float[] weight : weights) {
      for (int p = 0; p < PIXELS; p++) {
        weight[p] = (float) (weight[p] * scale);
      }
    }
  }

  private static double shrunk(double value, double by) {
    return Math.signum(value) * Math.max(0, Math.abs(value) - by);
  }

  /** Of the matrix with a row an image, by power iteration. */
  private static double largestSingularValue(List<float[]> images) {
    double[] vector = new double[PIXELS];
    for (float[] image : images) {
      for (int p = 0; p < PIXELS; p++) {
        vector[p] += image[p];
      }
    }
    double value = 0;
    for (int k = 0; k < MOST_ITERATIONS; k++) {
      double length = Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
      double[] next = new double[PIXELS];
      for (float[] image : images) {
        double dot = 0;
        for (int p = 0; p < PIXELS; p++) {
          dot += image[p] * vector[p];
        }
        for (int p = 0; p < PIXELS; p++) {
          next[p] += dot / length * image[p];
        }
      }
      vector = next;
      double before = value;
      value = Math.sqrt(Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum()));
      if (Math.abs(value - before) <= TINY * TINY * value) {
        break;
      }
    }
    return value;
  }

  /** Orthonormal cosines: a row a frequency. */
  private static double[][] cosines() {
    double[][] cosines = new double[SIDE][SIDE];
    for (int f = 0; f < SIDE; f++) {
      for (int x = 0; x < SIDE; x++) {
        cosines[f][x] =
            Math.sqrt((f == 0 ? 1.0 : 2.0) / SIDE)
                * Math.cos(Math.PI * f * (2 * x + 1) / (2 * SIDE));
      }
    }
    return cosines;
  }

  /** The discrete cosine transform (II) in two dimensions. */
  private static double[] transform(double[] plane) {
    return product(plane, false);
  }

  /** And back. */
  private static double[] inverse(double[] frequencies) {
    return product(frequencies, true);
  }

  private static double[] product(double[] plane, boolean back) {
    return rows(rows(plane, back), back);
  }

  /** Every row times the cosines, transposed. */
  private static double[] rows(double[] plane, boolean back) {
    double[] made = new double[PIXELS];
    double[] row = new double[SIDE];
    for (int y = 0; y < SIDE; y++) {
      Arrays.fill(row, 0);
      for (int a = 0; a < SIDE; a++) {
        double value = plane[y * SIDE + a];
        for (int b = 0; b < SIDE; b++) {
          row[b] += value * (back ? COSINES[a][b] : COSINES[b][a]);
        }
      }
      for (int b = 0; b < SIDE; b++) {
        made[b * SIDE + y] = row[b];
      }
    }
    return made;
  }
}
