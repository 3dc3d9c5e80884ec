package org.cytolake.stardist.clip;

/** Where two edges change places. */
final class Crossing {
  final SweepEdge left; // below the crossing
  final SweepEdge right;
  int x;
  int y;

  /**
   * @param top the row at which the sweep will be above the crossing
   */
  Crossing(SweepEdge left, SweepEdge right, int top) {
    this.left = left;
    this.right = right;
    meet();
    if (y < top) {
      x = left.columnAt(top);
      y = top;
    }
  }

  boolean isOfNeighbours() {
    return Math.abs(left.place - right.place) == 1;
  }

  void exchangePlaces() {
    int place = left.place;
    left.place = right.place;
    right.place = place;
  }

  /** Rounds the meeting point, and keeps it above the sweep and below both tops. */
  private void meet() {
    if (left.slope == right.slope) {
      y = left.atY;
      x = left.columnAt(y);
      return;
    }
    if (left.slope == 0) {
      meetUpright(left, right);
    } else if (right.slope == 0) {
      meetUpright(right, left);
    } else {
      double leftAtRow0 = left.bottomX - left.bottomY * left.slope;
      double rightAtRow0 = right.bottomX - right.bottomY * right.slope;
      double row = (rightAtRow0 - leftAtRow0) / (left.slope - right.slope);
      y = SweepEdge.round(row);
      x =
          SweepEdge.round(
              Math.abs(left.slope) < Math.abs(right.slope)
                  ? left.slope * row + leftAtRow0
                  : right.slope * row + rightAtRow0);
    }
    if (y < left.topY || y < right.topY) {
      y = Math.max(left.topY, right.topY);
      x = (Math.abs(left.slope) < Math.abs(right.slope) ? left : right).columnAt(y);
    }
    if (y > left.atY) {
      y = left.atY;
      x = (Math.abs(left.slope) > Math.abs(right.slope) ? right : left).columnAt(y);
    }
  }

  private void meetUpright(SweepEdge upright, SweepEdge other) {
    x = upright.bottomX;
    y =
        other.isLevel()
            ? other.bottomY
            : SweepEdge.round(x / other.slope + (other.bottomY - other.bottomX / other.slope));
  }
}
