package org.cytolake.stardist;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stars of one tile in little space, to be sent to where those of the whole plane come together.
 *
 * @param rays distances of a star
 * @param largest the largest distance of all stars that were found in the tile, pixels, those left
 *     out since included; whatever is no number does not count
 * @param prob probability of each
 * @param ys row of each centre; likewise {@code xs}
 * @param dist distances, those of a star together
 */
@SuppressWarnings("ArrayRecordComponent") // a batch of numbers, never compared
public record Candidates(int rays, float largest, float[] prob, int[] ys, int[] xs, float[] dist)
    implements Serializable {
  public Candidates {
    if (ys.length != prob.length
        || xs.length != prob.length
        || dist.length != (long) prob.length * rays) {
      throw new IllegalArgumentException(
          prob.length + " stars of " + rays + " rays, but " + dist.length + " distances");
    }
  }

  /**
   * Packs stars.
   *
   * @param stars all with the same number of rays
   * @param largest see {@link #largest}
   */
  public static Candidates of(List<Star> stars, float largest) {
    int n = stars.size();
    int rays = n == 0 ? 0 : stars.get(0).dist().length;
    float[] prob = new float[n];
    int[] ys = new int[n];
    int[] xs = new int[n];
    float[] dist = new float[Math.multiplyExact(n, rays)];
    for (int i = 0; i < n; i++) {
      Star star = stars.get(i);
      prob[i] = star.prob();
      ys[i] = star.y();
      xs[i] = star.x();
      System.arraycopy(star.dist(), 0, dist, i * rays, rays);
    }
    return new Candidates(rays, largest, prob, ys, xs, dist);
  }

  /** Number of stars. */
  public int size() {
    return prob.length;
  }

  /** The stars. */
  public List<Star> stars() {
    List<Star> stars = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      stars.add(
          new Star(prob[i], ys[i], xs[i], Arrays.copyOfRange(dist, i * rays, (i + 1) * rays)));
    }
    return stars;
  }
}
