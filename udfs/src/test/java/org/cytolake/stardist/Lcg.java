package org.cytolake.stardist;

/**
 * Linear congruential numbers (D. Knuth's MMIX constants) and the distances drawn with them, equal
 * to those of golden/lcg.py.
 */
public final class Lcg {
  private long state;

  public Lcg(long seed) {
    state = seed;
    below(1);
  }

  /** 0 to bound - 1. */
  public int below(int bound) {
    state = state * 6364136223846793005L + 1442695040888963407L;
    return (int) ((state >>> 33) % bound);
  }

  /** Both ends included. */
  public int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /** Distances of an oval's border with noise, in 1/64 pixel as the radius; both in percent. */
  public int[] distances(int rays, int radius, int mostOval, int noise) {
    int phase = below(2 * rays);
    int oval = below(mostOval + 1);
    int[] dist = new int[rays];
    for (int k = 0; k < rays; k++) {
      int wave = Math.abs((4 * k + phase) % (2 * rays) - rays);
      int mean = Math.floorDiv(radius * (100 * rays + oval * (2 * wave - rays)), 100 * rays);
      dist[k] = mean + Math.floorDiv(mean * between(-noise, noise), 100);
    }
    return dist;
  }
}
