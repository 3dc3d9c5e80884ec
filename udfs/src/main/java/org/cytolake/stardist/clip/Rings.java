package org.cytolake.stardist.clip;

import java.util.ArrayList;
import java.util.List;

/** The output while the sweep makes it: rings that grow at both ends until these meet. */
final class Rings {
  /** Two corners whose rings share a part of an edge, which leads to (x, y). */
  record Join(Corner a, Corner b, int x, int y) {}

  final List<OutputRing> all = new ArrayList<>();
  final List<Join> joins = new ArrayList<>();
  private final ActiveEdges active;

  Rings(ActiveEdges active) {
    this.active = active;
  }

  void join(Corner a, Corner b, int x, int y) {
    joins.add(new Join(a, b, x, y));
  }

  /** Adds a corner at the edge's end of its ring, or opens a ring. */
  Corner add(SweepEdge e, int x, int y) {
    if (e.ring == null) {
      OutputRing ring = create();
      ring.head = new Corner(ring, x, y);
      placeInside(ring, e);
      e.ring = ring;
      return ring.head;
    }
    Corner end = end(e);
    if (end.isAt(x, y)) {
      return end;
    }
    Corner head = e.ring.head;
    Corner corner = new Corner(e.ring, x, y);
    head.previous.linkTo(corner);
    corner.linkTo(head);
    if (e.isLeftSide) {
      e.ring.head = corner;
    }
    return corner;
  }

  /** The corner that the edge added last. */
  Corner end(SweepEdge e) {
    return e.isLeftSide ? e.ring.head : e.ring.head.previous;
  }

  OutputRing create() {
    OutputRing ring = new OutputRing(all.size());
    all.add(ring);
    return ring;
  }

  /** A ring is a hole of the nearest ring to the left of which only one side lies there. */
  private static void placeInside(OutputRing ring, SweepEdge e) {
    OutputRing open = null;
    for (SweepEdge left = e.left; left != null; left = left.left) {
      if (left.ring != null) {
        if (open == null) {
          open = left.ring;
        } else if (open == left.ring) {
          open = null;
        }
      }
    }
    ring.outer = open;
    ring.isHole = open != null && !open.isHole;
  }

  /** Two edges start to bound the output. */
  Corner open(SweepEdge a, SweepEdge b, int x, int y) {
    boolean aIsLeft = b.isLevel() || a.slope > b.slope;
    SweepEdge left = aIsLeft ? a : b;
    SweepEdge right = aIsLeft ? b : a;
    Corner corner = add(left, x, y);
    right.ring = left.ring;
    a.isLeftSide = aIsLeft;
    b.isLeftSide = !aIsLeft;
    SweepEdge beside = left.left == right ? right.left : left.left;
    if (beside != null && beside.ring != null && beside.topY < y && left.topY < y) {
      int besideX = beside.columnAt(y);
      int leftX = left.columnAt(y);
      if (besideX == leftX
          && SweepEdge.parallel(
              besideX, y, beside.topX, beside.topY, leftX, y, left.topX, left.topY)) {
        join(corner, add(beside, x, y), left.topX, left.topY);
      }
    }
    return corner;
  }

  /** Two edges meet and no longer bound the output. */
  void close(SweepEdge a, SweepEdge b, int x, int y) {
    add(a, x, y);
    if (a.ring == b.ring) {
      a.ring = null;
      b.ring = null;
    } else if (a.ring.number < b.ring.number) {
      append(a, b);
    } else {
      append(b, a);
    }
  }

  /** Makes the ring of an edge a part of that of another one. */
  private void append(SweepEdge to, SweepEdge from) {
    OutputRing ring = to.ring;
    OutputRing gone = from.ring;
    OutputRing decisive = OutputRing.decisive(ring, gone);
    if (to.isLeftSide == from.isLeftSide) {
      Corner tail = gone.head; // comes to lie before the head
      Corners.reverse(tail);
      gone.head = tail.next;
    }
    Corner head = ring.head;
    Corner goneHead = gone.head;
    Corner goneTail = goneHead.previous;
    head.previous.linkTo(goneHead);
    goneTail.linkTo(head);
    if (to.isLeftSide) {
      ring.head = goneHead;
    }
    ring.forgetBottom();
    if (decisive == gone) {
      ring.outer = gone.outer == ring ? ring.outer : gone.outer;
      ring.isHole = gone.isHole;
    }
    gone.goUpIn(ring);
    boolean isLeftSide = to.isLeftSide;
    to.ring = null;
    from.ring = null;
    for (SweepEdge e = active.leftmost; e != null; e = e.right) {
      if (e.ring == gone) {
        e.ring = ring;
        e.isLeftSide = isLeftSide;
        return;
      }
    }
  }
}
