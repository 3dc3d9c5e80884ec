package org.cytolake.stardist;

/**
 * Whether stars overlap one star too much: {@link StarPolygon#overlapsMore}, mostly without the
 * intersection. Bounds of the true area in common decide where the threshold is far from them:
 * first that of the stars' rectangles and of discs within them, then those of {@link RowSpans}; the
 * area that counts differs from the true one by the rounding of the points where borders cross,
 * which moves each by a pixel or so.
 */
final class Overlap {
  /**
   * How far the area that counts may be from the true one, in units of half the way around the
   * rectangle that the stars have in common, plus {@link #LEAST_MARGIN}. Of 4 million random pairs
   * none used more than 0.31 of it, and all decisions were those of the intersection ({@code
   * OverlapTest}, {@code -Dcytolake.pairs=4000000}).
   */
  private static final double MARGIN = 1;

  private static final double LEAST_MARGIN = 4; // square pixels

  /**
   * Farther from the origin, pixels, the 32-bit sums of the area that counts are too coarse for the
   * margin.
   */
  private static final int FARTHEST = 1 << 17;

  private final float threshold;
  private final RowSpans mine = new RowSpans();
  private final RowSpans others = new RowSpans();
  private StarPolygon star;
  private boolean bounded;

  Overlap(float threshold) {
    this.threshold = threshold;
  }

  /** Compares with this star from now on. */
  void with(StarPolygon polygon) {
    star = polygon;
    bounded = polygon.maxX <= FARTHEST && polygon.maxY <= FARTHEST && mine.set(polygon);
  }

  /** Whether intersection over smaller area is above the threshold. */
  boolean isMore(StarPolygon other) {
    if (!star.isNear(other)) {
      return false;
    }
    if (bounded) {
      double limit = threshold * star.smaller(other);
      double margin = margin(star, other);
      if (star.commonWidth(other) * star.commonHeight(other) + margin < limit) {
        return false;
      }
      if (star.discsInCommon(other) - margin > limit) {
        return true;
      }
      int more = others.set(other) ? mine.compare(others, limit, margin) : 0;
      if (more != 0) {
        return more > 0;
      }
    }
    return star.overlapsMore(other, threshold);
  }

  static double margin(StarPolygon a, StarPolygon b) {
    return MARGIN * (a.commonWidth(b) + a.commonHeight(b)) + LEAST_MARGIN;
  }
}
