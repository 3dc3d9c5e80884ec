package org.cytolake.stardist.clip;

/**
 * Winding numbers of the regions beside edges, and which edges bound the output as these change.
 */
final class Windings {
  private final ActiveEdges active;
  private final Rings rings;

  Windings(ActiveEdges active, Rings rings) {
    this.active = active;
    this.rings = rings;
  }

  /** Sets the winding numbers of a newly met edge from those at its left. */
  void count(SweepEdge e) {
    SweepEdge own = e.left;
    while (own != null && own.first != e.first) {
      own = own.left;
    }
    SweepEdge other;
    if (own == null) {
      e.winding = e.turn;
      e.otherWinding = 0;
      other = active.leftmost;
    } else {
      boolean turnsBack = own.turn * e.turn < 0;
      if (own.winding * own.turn < 0 && Math.abs(own.winding) <= 1) {
        e.winding = e.turn; // outside of the polygon
      } else {
        e.winding = turnsBack ? own.winding : own.winding + e.turn;
      }
      e.otherWinding = own.otherWinding;
      other = own.right;
    }
    for (; other != e; other = other.right) {
      e.otherWinding += other.turn;
    }
  }

  /** Two edges meet; a lies right of b above that point. */
  void cross(SweepEdge a, SweepEdge b, int x, int y) {
    if (a.first == b.first) {
      a.winding = a.winding + b.turn == 0 ? -a.winding : a.winding + b.turn;
      b.winding = b.winding - a.turn == 0 ? -b.winding : b.winding - a.turn;
    } else {
      a.otherWinding += b.turn;
      b.otherWinding -= a.turn;
    }
    boolean aBounds = Math.abs(a.winding) <= 1; // its polygon
    boolean bBounds = Math.abs(b.winding) <= 1;
    if (a.ring != null && b.ring != null) {
      if (!aBounds || !bBounds || a.first != b.first) {
        rings.close(a, b, x, y);
      } else {
        rings.add(a, x, y);
        rings.add(b, x, y);
        exchangeRings(a, b);
      }
    } else if (a.ring != null) {
      if (bBounds) {
        rings.add(a, x, y);
        exchangeRings(a, b);
      }
    } else if (b.ring != null) {
      if (aBounds) {
        rings.add(b, x, y);
        exchangeRings(a, b);
      }
    } else if (aBounds && bBounds) {
      crossOutside(a, b, x, y);
    }
  }

  private void crossOutside(SweepEdge a, SweepEdge b, int x, int y) {
    if (a.first != b.first) {
      rings.open(a, b, x, y);
    } else if (Math.abs(a.winding) == 1 && Math.abs(b.winding) == 1) {
      if (a.otherWinding != 0 && b.otherWinding != 0) {
        rings.open(a, b, x, y);
      }
    } else {
      exchangeSides(a, b);
    }
  }

  private static void exchangeRings(SweepEdge a, SweepEdge b) {
    exchangeSides(a, b);
    OutputRing ring = a.ring;
    a.ring = b.ring;
    b.ring = ring;
  }

  private static void exchangeSides(SweepEdge a, SweepEdge b) {
    boolean side = a.isLeftSide;
    a.isLeftSide = b.isLeftSide;
    b.isLeftSide = side;
  }
}
