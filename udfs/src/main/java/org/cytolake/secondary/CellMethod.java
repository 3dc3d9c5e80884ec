package org.cytolake.secondary;

import java.io.Serializable;
import java.util.OptionalInt;
import org.cytolake.image.LabelImage;
import org.cytolake.measure.Ring;

/**
 * How cells grow from their nuclei: the methods of CellProfiler's IdentifySecondaryObjects (4.2.8).
 * Every method keeps the nuclei's labels where they are.
 */
public sealed interface CellMethod extends Serializable {
  /**
   * Grows.
   *
   * @param nuclei label image; it stays as it is
   * @param channel as large; methods without intensities do not look at it
   * @return the cells under their nuclei's labels
   */
  LabelImage grow(LabelImage nuclei, CellChannel channel);

  /** Whether it looks at the channel. */
  boolean usesChannel();

  /**
   * Pixels from its nucleus beyond which no cell reaches; empty where there is no such bound. Which
   * cell a pixel belongs to depends on nothing that lies further from it, but for the pixels next
   * to that.
   */
  OptionalInt reach();

  private static void requireDistance(int distance) {
    if (distance < 1) {
      throw new IllegalArgumentException("a distance is 1 pixel or more, not " + distance);
    }
  }

  /**
   * Along the cheapest way through the foreground: T. R. Jones, A. Carpenter, P. Golland 2005,
   * "Voronoi-Based Segmentation of Cells on Image Manifolds", as {@code
   * centrosome.propagate.propagate}. A step costs at least {@code regularization}.
   *
   * @param regularization weight of distance against differences of intensity, 0 or more
   * @param maxDistance most that a way may cost, as pixels of a way without differences of
   *     intensity, 1 or more; 0: no limit, and the reference's labels to the last pixel
   */
  record Propagate(double regularization, int maxDistance) implements CellMethod {
    public Propagate {
      if (!(regularization >= 0 && regularization < Double.POSITIVE_INFINITY) || maxDistance < 0) {
        throw new IllegalArgumentException(
            "regularization and distance are 0 or more, not "
                + regularization
                + " and "
                + maxDistance);
      }
      if (regularization == 0 && maxDistance > 0) {
        throw new IllegalArgumentException("without regularization a distance bounds nothing");
      }
    }

    @Override
    public LabelImage grow(LabelImage nuclei, CellChannel channel) {
      double limit = maxDistance == 0 ? Double.POSITIVE_INFINITY : regularization * maxDistance;
      return Propagation.grow(nuclei, channel, regularization, limit);
    }

    @Override
    public boolean usesChannel() {
      return true;
    }

    @Override
    public OptionalInt reach() {
      return maxDistance == 0 ? OptionalInt.empty() : OptionalInt.of(maxDistance);
    }
  }

  /**
   * Into the foreground up to a distance (CellProfiler's Distance - B): {@link Propagate} with a
   * regularization of 1, cut where a way costs more. Where two nuclei reach a pixel at one cost,
   * the smaller label has it.
   *
   * @param distance pixels, 1 or more
   */
  record DistanceThreshold(int distance) implements CellMethod {
    public DistanceThreshold {
      requireDistance(distance);
    }

    @Override
    public LabelImage grow(LabelImage nuclei, CellChannel channel) {
      return Propagation.grow(nuclei, channel, 1, distance);
    }

    @Override
    public boolean usesChannel() {
      return true;
    }

    @Override
    public OptionalInt reach() {
      return OptionalInt.of(distance);
    }
  }

  /**
   * Everywhere up to a distance (CellProfiler's Distance - N): every pixel belongs to the nearest
   * nucleus, as {@code skimage.segmentation.expand_labels}.
   *
   * @param distance pixels, 1 to 512
   */
  record Distance(int distance) implements CellMethod {
    public Distance {
      requireDistance(distance);
    }

    @Override
    public LabelImage grow(LabelImage nuclei, CellChannel channel) {
      LabelImage cells = Ring.around(nuclei, distance);
      for (int i = 0; i < cells.labels().length; i++) {
        if (nuclei.labels()[i] != 0) {
          cells.labels()[i] = nuclei.labels()[i];
        }
      }
      return cells;
    }

    @Override
    public boolean usesChannel() {
      return false;
    }

    @Override
    public OptionalInt reach() {
      return OptionalInt.of(distance);
    }
  }

  /**
   * By flooding the foreground from the nuclei, as {@code skimage.segmentation.watershed}.
   *
   * @param gradient whether the image is the gradient along the rows (CellProfiler's Watershed -
   *     Gradient), or the inverted intensities (Watershed - Image)
   */
  record Flood(boolean gradient) implements CellMethod {
    @Override
    public LabelImage grow(LabelImage nuclei, CellChannel channel) {
      float[] heights = gradient ? Watershed.gradient(channel) : Watershed.inverted(channel);
      return Watershed.flood(heights, nuclei, channel.foreground());
    }

    @Override
    public boolean usesChannel() {
      return true;
    }

    @Override
    public OptionalInt reach() {
      return OptionalInt.empty();
    }
  }
}
