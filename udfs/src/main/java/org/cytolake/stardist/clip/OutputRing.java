package org.cytolake.stardist.clip;

/** A closed path of the output, or the part of it that the sweep has made so far. */
final class OutputRing {
  final int number;
  Corner head; // leftmost end while it is open, the end at the right is before; null where gone
  boolean isHole;
  OutputRing outer; // the ring next to the left, or what took this one up
  private OutputRing successor = this;
  private Corner bottom;

  OutputRing(int number) {
    this.number = number;
  }

  /** The ring of which this one has become a part. */
  OutputRing whole() {
    OutputRing ring = this;
    while (ring.successor != ring) {
      ring = ring.successor;
    }
    return ring;
  }

  /** Ends this ring as all of its corners went to another one. */
  void goUpIn(OutputRing other) {
    head = null;
    bottom = null;
    outer = other;
    successor = other;
  }

  void forgetBottom() {
    bottom = null;
  }

  boolean isRightOf(OutputRing other) {
    OutputRing ring = outer;
    while (ring != null && ring != other) {
      ring = ring.outer;
    }
    return ring != null;
  }

  /** Of two rings that become one, that which tells whether they are a hole. */
  static OutputRing decisive(OutputRing a, OutputRing b) {
    if (a == b || b.isRightOf(a)) {
      return a;
    }
    return a.isRightOf(b) ? b : lower(a, b);
  }

  private static OutputRing lower(OutputRing a, OutputRing b) {
    a.bottom = a.bottom == null ? Corners.bottom(a.head) : a.bottom;
    b.bottom = b.bottom == null ? Corners.bottom(b.head) : b.bottom;
    Corner p = a.bottom;
    Corner q = b.bottom;
    if (p.y != q.y) {
      return p.y > q.y ? a : b;
    }
    if (p.x != q.x) {
      return p.x < q.x ? a : b;
    }
    if (p.next == p) {
      return b;
    }
    return q.next == q || Corners.isFirstLower(p, q) ? a : b;
  }

  /** Gives the ring the direction of a hole or of an outline. */
  void orient() {
    if (isHole == Corners.signedArea(head) > 0) {
      Corners.reverse(head);
    }
  }

  /** Takes out corners that repeat or lie on a line with their neighbours. */
  void simplify() {
    bottom = null;
    Corner kept = null;
    Corner c = head;
    while (c.previous != c.next) {
      if (c.coincidesWith(c.next) || c.coincidesWith(c.previous) || isStraight(c)) {
        kept = null;
        c.previous.linkTo(c.next);
        c = c.previous;
      } else if (c == kept) {
        head = c;
        return;
      } else {
        kept = kept == null ? c : kept;
        c = c.next;
      }
    }
    head = null; // of no extent
  }

  private static boolean isStraight(Corner c) {
    return SweepEdge.collinear(c.previous.x, c.previous.y, c.x, c.y, c.next.x, c.next.y);
  }
}
