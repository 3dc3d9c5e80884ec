package org.cytolake.label;

import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.clusters.PixelPlaces;
import org.cytolake.stardist.Window;

/** Paints the clusters of one plane's pixels, model by model. Not thread-safe. */
public final class ClusterPainting {
  private final PixelPlaces places;
  private final PlanePixels pixels;
  private Window window; // to which what follows belongs; null before the first
  private int[] at = {};
  private int[] labels = {};

  public ClusterPainting(PixelPlaces places, PlanePixels pixels) {
    this.places = places;
    this.pixels = pixels;
  }

  /**
   * The clusters of the pixels in a window.
   *
   * @param ofTuples cluster of every tuple
   * @return 0 for pixels that are not clustered; valid until the next call
   */
  public int[] paint(Window in, int[] ofTuples) throws ImageReadException {
    int size = (int) in.pixels();
    if (!in.equals(window)) {
      at = at.length == size ? at : new int[size];
      labels = labels.length == size ? labels : new int[size];
      places.read(pixels, in, at);
      window = in;
    }
    for (int i = 0; i < size; i++) {
      labels[i] = at[i] == PixelPlaces.NONE ? 0 : ofTuples[at[i]];
    }
    return labels;
  }

  /** Of a model that there is none of. */
  public static int[] nothing(Window in) {
    return new int[(int) in.pixels()];
  }
}
