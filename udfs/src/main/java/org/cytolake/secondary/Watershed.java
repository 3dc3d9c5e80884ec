package org.cytolake.secondary;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * Flooding from markers, as {@code skimage.segmentation.watershed} 0.26 with eight neighbours (P.
 * Soille, M. Ansoult 1990, "Automated basin delineation from digital elevation models using
 * mathematical morphology"): the lowest pixel first, of equals that which was reached first.
 * Markers of equal height come in the order in which scikit-image's heap hands them out, which is
 * neither theirs in the image nor that of their labels; this heap does the same.
 */
final class Watershed {
  private final int stride; // of arrays with a margin of one pixel
  private final long[] heights; // which sort like the image's, in the upper half
  private final boolean[] free;
  private final int[] labels;

  private long[] heap = new long[1 << 12]; // height, and when it was reached
  private int[] pixels = new int[1 << 12];
  private int size;

  private Watershed(float[] image, LabelImage markers, boolean[] foreground) {
    int height = markers.height();
    int width = markers.width();
    stride = width + 2;
    heights = new long[(height + 2) * stride];
    free = new boolean[heights.length];
    labels = new int[heights.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = y * width + x;
        int to = (y + 1) * stride + x + 1;
        labels[to] = markers.labels()[from];
        free[to] = foreground[from] && labels[to] == 0;
        heights[to] = (long) sortable(image[from]) << 32;
      }
    }
  }

  /** Integers in the order of the floats. */
  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value + 0f); // -0 is 0
    return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
  }

  /**
   * Floods.
   *
   * @param image heights, row by row
   * @param foreground that may be flooded; markers need not lie in it
   */
  static LabelImage flood(float[] image, LabelImage markers, boolean[] foreground) {
    Watershed of = new Watershed(image, markers, foreground);
    of.run();
    LabelImage flooded = new LabelImage(markers.height(), markers.width());
    for (int y = 0; y < markers.height(); y++) {
      System.arraycopy(
          of.labels,
          (y + 1) * of.stride + 1,
          flooded.labels(),
          y * markers.width(),
          markers.width());
    }
    return flooded;
  }

  private void run() {
    for (int pixel = 0; pixel < labels.length; pixel++) {
      if (labels[pixel] != 0) {
        push(heights[pixel], pixel);
      }
    }
    // the order of the reference's neighbours: nearer ones first
    int[] neighbours = {-stride, -1, 1, stride, -stride - 1, -stride + 1, stride - 1, stride + 1};
    long age = 1;
    while (size > 0) {
      long height = (heap[0] >> 32) << 32;
      int pixel = pixels[0];
      pop();
      for (int offset : neighbours) {
        int neighbour = pixel + offset;
        if (free[neighbour]) {
          free[neighbour] = false;
          labels[neighbour] = labels[pixel];
          age++;
          push(Math.max(height, heights[neighbour]) | age, neighbour);
        }
      }
    }
  }

  private void push(long key, int pixel) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
      pixels = Arrays.copyOf(pixels, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (key >= heap[parent]) {
        break;
      }
      heap[at] = heap[parent];
      pixels[at] = pixels[parent];
      at = parent;
    }
    heap[at] = key;
    pixels[at] = pixel;
  }

  private void pop() {
    long key = heap[--size];
    int pixel = pixels[size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      // of equal children neither, or the left one
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[at] = heap[child];
      pixels[at] = pixels[child];
      at = child;
    }
    heap[at] = key;
    pixels[at] = pixel;
  }

  /** {@code 1 - image}, so that bright pixels are flooded first. */
  static float[] inverted(CellChannel channel) {
    float[] heights = new float[channel.intensities().length];
    for (int i = 0; i < heights.length; i++) {
      heights[i] = 1 - channel.intensities()[i];
    }
    return heights;
  }

  /**
   * {@code abs(scipy.ndimage.sobel(image))}: the gradient along the rows, reflected at the ends.
   */
  static float[] gradient(CellChannel channel) {
    int width = channel.width();
    int height = channel.height();
    float[] image = channel.intensities();
    float[] across = new float[image.length];
    for (int y = 0; y < height; y++) {
      int row = y * width;
      for (int x = 0; x < width; x++) {
        across[row + x] = image[row + Math.min(x + 1, width - 1)] - image[row + Math.max(x - 1, 0)];
      }
    }
    float[] heights = new float[image.length];
    for (int y = 0; y < height; y++) {
      int row = y * width;
      int up = Math.max(y - 1, 0) * width;
      int down = Math.min(y + 1, height - 1) * width;
      for (int x = 0; x < width; x++) {
        double sum = 2.0 * across[row + x] + ((double) across[up + x] + across[down + x]);
        heights[row + x] = (float) Math.abs(sum);
      }
    }
    return heights;
  }
}
