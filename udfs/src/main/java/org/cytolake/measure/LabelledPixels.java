package org.cytolake.measure;

import java.util.Arrays;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;

/**
 * Where the pixels of every object of a label image are: object by object the runs of its pixels in
 * the rows, from top to bottom and from left to right.
 */
public final class LabelledPixels {
  private final LabelImage image;
  private final int[] first; // by label: its first run among all; and the end of the last label's
  private final int[] starts; // by run: row-major index of its first pixel
  private final int[] ends; // by run: one beyond its last pixel
  private final int[] counts; // by label: pixels

  private LabelledPixels(LabelImage image, int largest, Runs runs) {
    this.image = image;
    this.first = new int[largest + 2];
    this.counts = new int[largest + 1];
    this.starts = new int[runs.size];
    this.ends = new int[runs.size];
    for (int r = 0; r < runs.size; r++) {
      first[image.at(runs.starts[r]) + 1]++;
    }
    for (int label = 0; label <= largest; label++) {
      first[label + 1] += first[label];
    }
    int[] next = first.clone();
    for (int r = 0; r < runs.size; r++) {
      int label = image.at(runs.starts[r]);
      int place = next[label]++;
      starts[place] = runs.starts[r];
      ends[place] = runs.ends[r];
      counts[label] += runs.ends[r] - runs.starts[r];
    }
  }

  /** Of all objects. */
  public static LabelledPixels of(LabelImage image) {
    return of(image, image.maxLabel());
  }

  /**
   * The same where the label image need not have the largest label.
   *
   * @param largest label, 0 or above
   * @throws IllegalArgumentException where the label image has a larger one
   */
  public static LabelledPixels of(LabelImage image, int largest) {
    int[] labels = image.labels();
    int[] background = new int[image.width()];
    Runs runs = new Runs();
    for (int row = 0; row < labels.length; row += image.width()) {
      int rowEnd = row + image.width();
      int start = objectFrom(labels, row, rowEnd, background);
      while (start < rowEnd) {
        int label = labels[start];
        if (label > largest) {
          throw new IllegalArgumentException(
              "the largest label is " + image.maxLabel() + ", not " + largest);
        }
        int end = start + 1;
        while (end < rowEnd && labels[end] == label) {
          end++;
        }
        runs.add(start, end);
        start = objectFrom(labels, end, rowEnd, background);
      }
    }
    return new LabelledPixels(image, largest, runs);
  }

  /** The next pixel that is not background; the end of the row where there is none. */
  private static int objectFrom(int[] labels, int from, int rowEnd, int[] background) {
    int next = Arrays.mismatch(labels, from, rowEnd, background, 0, rowEnd - from);
    return next < 0 ? rowEnd : from + next;
  }

  /** Runs in the order of the rows. */
  private static final class Runs {
    private int[] starts = new int[1024];
    private int[] ends = new int[1024];
    private int size;

    void add(int start, int end) {
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, 2 * size);
        ends = Arrays.copyOf(ends, 2 * size);
      }
      starts[size] = start;
      ends[size++] = end;
    }
  }

  /** The label image. */
  public LabelImage image() {
    return image;
  }

  /** The largest label that an object may have. */
  public int largest() {
    return counts.length - 1;
  }

  /** Number of an object's pixels. */
  public int count(int label) {
    return counts[label];
  }

  /** Number of pixels of the object that has most. */
  int most() {
    int most = 0;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    return most;
  }

  /** The first of an object's runs; those of the next label follow its last. */
  int firstRun(int label) {
    return first[label];
  }

  /** One beyond the last of an object's runs. */
  int endOfRuns(int label) {
    return first[label + 1];
  }

  /** The row of a run. */
  int row(int run) {
    return starts[run] / image.width();
  }

  /** The column of a run's first pixel. */
  int column(int run) {
    return starts[run] % image.width();
  }

  /** Number of a run's pixels. */
  int length(int run) {
    return ends[run] - starts[run];
  }

  /**
   * Reads the intensities of an object's pixels, row by row.
   *
   * @param into its first {@link #count} elements receive them
   */
  public void read(int label, Plane plane, double[] into) {
    int at = 0;
    for (int run = first[label]; run < first[label + 1]; run++) {
      plane.read(starts[run], length(run), into, at);
      at += length(run);
    }
  }
}
