package org.cytolake.cellpose;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * The flow that an object's shape has: the gradient of what spreads from its centre, as unit
 * vectors; {@code cellpose.dynamics.masks_to_flows_cpu}, to the last bit. Reuses its arrays; not
 * thread-safe.
 */
final class Diffusion {
  private static final double NINTH = 1 / 9.;
  private static final double LEAST_LENGTH = 1e-60;

  private final LabelImage image;
  private final LabelBounds bounds;
  private double[] heat = new double[0]; // with a border of a pixel
  private double[] next = new double[0];
  private double[] inside = new double[0]; // 1 in the object, 0 elsewhere

  Diffusion(LabelImage image, LabelBounds bounds) {
    this.image = image;
    this.bounds = bounds;
  }

  /** Receives an object's pixels, row by row. */
  @FunctionalInterface
  interface Flow {
    /**
     * A pixel's flow.
     *
     * @param index of the pixel, row by row
     * @param dy step down
     * @param dx step to the right
     */
    void at(int index, double dy, double dx);
  }

  /** Hands on the flow of an object that there is. */
  void flow(int label, Flow to) {
    int height = bounds.height(label);
    int width = bounds.width(label);
    int stride = width + 2;
    int size = Math.multiplyExact(height + 2, stride);
    place(label, size, stride);
    spread(centre(height, stride), size, stride, 2 * (height + 2 + stride));
    for (int row = 0; row < height; row++) {
      int index = (bounds.top()[label] + row) * image.width() + bounds.left()[label];
      int at = (row + 1) * stride + 1;
      for (int column = 0; column < width; column++, index++, at++) {
        if (inside[at] != 0) {
          double dy = heat[at + stride] - heat[at - stride];
          double dx = heat[at + 1] - heat[at - 1];
          double length = LEAST_LENGTH + Math.sqrt(dy * dy + dx * dx);
          to.at(index, dy / length, dx / length);
        }
      }
    }
  }

  private void place(int label, int size, int stride) {
    if (heat.length < size) {
      heat = new double[size];
      next = new double[size];
      inside = new double[size];
    } else {
      Arrays.fill(heat, 0, size, 0);
      Arrays.fill(next, 0, size, 0);
      Arrays.fill(inside, 0, size, 0);
    }
    int[] labels = image.labels();
    for (int row = bounds.top()[label]; row < bounds.bottom()[label]; row++) {
      int at = (row - bounds.top()[label] + 1) * stride + 1;
      int first = row * image.width();
      for (int i = first + bounds.left()[label]; i < first + bounds.right()[label]; i++, at++) {
        if (labels[i] == label) {
          inside[at] = 1;
        }
      }
    }
  }

  /** The object's pixel nearest to the mean of all; of several the first. */
  private int centre(int height, int stride) {
    long rows = 0;
    long columns = 0;
    long count = 0;
    for (int row = 1; row <= height; row++) {
      for (int column = 1; column < stride - 1; column++) {
        if (inside[row * stride + column] != 0) {
          rows += row;
          columns += column;
          count++;
        }
      }
    }
    double meanRow = (double) rows / count;
    double meanColumn = (double) columns / count;
    double least = Double.POSITIVE_INFINITY;
    int nearest = 0;
    for (int row = 1; row <= height; row++) {
      double dy = row - meanRow;
      for (int column = 1; column < stride - 1; column++) {
        double dx = column - meanColumn;
        double distance = dx * dx + dy * dy;
        if (distance < least && inside[row * stride + column] != 0) {
          least = distance;
          nearest = row * stride + column;
        }
      }
    }
    return nearest;
  }

  private void spread(int centre, int size, int stride, int steps) {
    for (int step = 0; step < steps; step++) {
      heat[centre] += 1;
      mean(heat, next, inside, stride, size - stride - 1);
      double[] old = heat;
      heat = next;
      next = old;
    }
  }

  /**
   * Each pixel of the object gets the mean of the 3 x 3 around it; sums in the reference's order.
   */
  private static void mean(double[] from, double[] to, double[] inside, int stride, int end) {
    for (int i = stride + 1; i < end; i++) {
      double sum =
          from[i]
              + from[i - stride]
              + from[i + stride]
              + from[i - 1]
              + from[i + 1]
              + from[i - stride - 1]
              + from[i - stride + 1]
              + from[i + stride - 1]
              + from[i + stride + 1];
      to[i] = NINTH * sum * inside[i];
    }
  }
}
