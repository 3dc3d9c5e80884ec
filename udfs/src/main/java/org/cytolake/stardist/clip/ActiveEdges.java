package org.cytolake.stardist.clip;

/** The edges that the sweep meets in its row, from left to right. */
final class ActiveEdges {
  SweepEdge leftmost;

  /**
   * @param from an edge that is known to lie left of the new one, or null
   */
  void insert(SweepEdge e, SweepEdge from) {
    if (leftmost == null || (from == null && leftmost.isRightOf(e))) {
      link(e, leftmost);
      link(null, e);
      return;
    }
    SweepEdge left = from == null ? leftmost : from;
    while (left.right != null && !left.right.isRightOf(e)) {
      left = left.right;
    }
    link(e, left.right);
    link(left, e);
  }

  private void link(SweepEdge left, SweepEdge right) {
    if (left == null) {
      leftmost = right;
    } else {
      left.right = right;
    }
    if (right != null) {
      right.left = left;
    }
  }

  boolean contains(SweepEdge e) {
    return e.left != null || e.right != null || e == leftmost;
  }

  void remove(SweepEdge e) {
    if (contains(e)) {
      link(e.left, e.right);
      e.left = null;
      e.right = null;
    }
  }

  /** Exchanges the places of two edges. */
  void swap(SweepEdge a, SweepEdge b) {
    if (a.left == a.right || b.left == b.right) {
      return; // not among the edges any more
    }
    if (b.right == a) {
      swap(b, a);
      return;
    }
    SweepEdge leftOfA = a.left;
    SweepEdge rightOfA = a.right;
    SweepEdge leftOfB = b.left;
    SweepEdge rightOfB = b.right;
    link(leftOfA, b);
    link(a, rightOfB);
    if (rightOfA == b) {
      link(b, a);
    } else {
      link(b, rightOfA);
      link(leftOfB, a);
    }
  }

  /** Puts the edge that continues another at its top in its place. */
  SweepEdge replaceByAbove(SweepEdge e) {
    SweepEdge above = e.above;
    above.ring = e.ring;
    above.isLeftSide = e.isLeftSide;
    above.turn = e.turn;
    above.winding = e.winding;
    above.otherWinding = e.otherWinding;
    above.moveToBottom();
    link(e.left, above);
    link(above, e.right);
    return above;
  }
}
