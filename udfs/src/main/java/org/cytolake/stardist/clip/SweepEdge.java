package org.cytolake.stardist.clip;

/**
 * An edge of a polygon, seen from its bottom (the end with the larger row) to its top, with what
 * the sweep knows of it. Rounding follows Clipper in every step, as crossings depend on it.
 */
final class SweepEdge {
  /** Slope of level edges: less than any other, so that they sort to the right. */
  static final double LEVEL = -1e40;

  final boolean first; // of the first polygon
  final int x; // where the edge starts in the order of the polygon's vertices
  final int y;
  SweepEdge before; // along the polygon
  SweepEdge after;

  int bottomX;
  int bottomY;
  int topX;
  int topY;
  double slope; // columns per row
  SweepEdge above; // continues the edge at its top; null where the polygon turns down

  int atX; // where the sweep meets the edge
  int atY;
  int turn; // +1 or -1: how crossing the edge changes the winding number
  int winding; // of its own polygon, at the side where it is farther from 0
  int otherWinding; // of the other polygon

  SweepEdge left; // neighbours among the edges that the sweep meets
  SweepEdge right;
  int place; // while crossings are put in order

  OutputRing ring; // of the output to which the edge adds corners; null where to none
  boolean isLeftSide; // of the ring

  SweepEdge(boolean first, int x, int y) {
    this.first = first;
    this.x = x;
    this.y = y;
  }

  /** Sets bottom, top and slope when the neighbours along the polygon are known. */
  void measure() {
    boolean isUpwards = y >= after.y;
    bottomX = isUpwards ? x : after.x;
    bottomY = isUpwards ? y : after.y;
    topX = isUpwards ? after.x : x;
    topY = isUpwards ? after.y : y;
    slope = slope(bottomX, bottomY, topX, topY);
  }

  /** Makes the other end of a level edge its top. */
  void turnRound() {
    int swap = topX;
    topX = bottomX;
    bottomX = swap;
  }

  boolean isLevel() {
    return slope == LEVEL;
  }

  boolean startsAtBottomOf(SweepEdge other) {
    return bottomX == other.bottomX && bottomY == other.bottomY;
  }

  void moveToBottom() {
    atX = bottomX;
    atY = bottomY;
  }

  boolean isPeakAt(int row) {
    return topY == row && above == null;
  }

  boolean continuesAt(int row) {
    return topY == row && above != null;
  }

  /** The other edge of the peak in which this one ends. */
  SweepEdge peer() {
    if (after.topX == topX && after.topY == topY && after.above == null) {
      return after;
    }
    return before.topX == topX && before.topY == topY && before.above == null ? before : null;
  }

  /** Column of the edge in a row. */
  int columnAt(int row) {
    return row == topY ? topX : bottomX + round(slope * (row - bottomY));
  }

  /** Whether a newly met edge lies left of this one. */
  boolean isRightOf(SweepEdge newcomer) {
    if (newcomer.atX != atX) {
      return newcomer.atX < atX;
    }
    return newcomer.topY > topY
        ? newcomer.topX < columnAt(newcomer.topY)
        : topX > newcomer.columnAt(topY);
  }

  boolean isParallelTo(SweepEdge other) {
    return parallel(
        bottomX, bottomY, topX, topY, other.bottomX, other.bottomY, other.topX, other.topY);
  }

  /** Whether what is left of two edges is parallel. */
  boolean goesOnParallelTo(SweepEdge other) {
    return parallel(atX, atY, topX, topY, other.atX, other.atY, other.topX, other.topY);
  }

  static boolean parallel(int ax, int ay, int bx, int by, int cx, int cy, int dx, int dy) {
    return ((long) ay - by) * ((long) cx - dx) == ((long) ax - bx) * ((long) cy - dy);
  }

  static boolean collinear(int ax, int ay, int bx, int by, int cx, int cy) {
    return parallel(ax, ay, bx, by, bx, by, cx, cy);
  }

  static double slope(int fromX, int fromY, int toX, int toY) {
    return fromY == toY ? LEVEL : ((double) toX - fromX) / ((double) toY - fromY);
  }

  /** Half away from zero. */
  static int round(double value) {
    return (int) (value < 0 ? value - 0.5 : value + 0.5);
  }
}
