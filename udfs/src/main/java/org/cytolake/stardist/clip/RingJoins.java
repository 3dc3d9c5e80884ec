package org.cytolake.stardist.clip;

/** Joins rings along parts of edges that they share, or splits a ring that touches itself so. */
final class RingJoins {
  private final Rings rings;

  RingJoins(Rings rings) {
    this.rings = rings;
  }

  void joinAll() {
    for (Rings.Join join : rings.joins) {
      OutputRing a = join.a().ring.whole();
      OutputRing b = join.b().ring.whole();
      if (a.head == null || b.head == null) {
        continue;
      }
      OutputRing decisive = OutputRing.decisive(a, b);
      if (join.y() != join.a().y) {
        joinSlanted(join, a, b, decisive);
      } else if (!join.a().isAt(join.x(), join.y()) || !join.b().isAt(join.x(), join.y())) {
        joinLevel(join, a, b, decisive);
      } else if (a == b) {
        splitAtPoint(join, a);
      }
    }
  }

  /** The links between rings are made; now the rings themselves follow. */
  private void settle(OutputRing a, OutputRing b, OutputRing decisive, Corner headA, Corner headB) {
    if (a == b) {
      split(a, headA, headB);
      return;
    }
    a.isHole = decisive.isHole;
    if (decisive == b) {
      a.outer = b.outer;
    }
    b.goUpIn(a);
  }

  private void split(OutputRing ring, Corner head, Corner splitHead) {
    ring.head = head;
    ring.forgetBottom();
    OutputRing part = rings.create();
    part.head = splitHead;
    Corner c = splitHead;
    do {
      c.ring = part;
      c = c.previous;
    } while (c != splitHead);
    if (Corners.contains(ring.head, part.head)) {
      part.isHole = !ring.isHole;
      part.outer = ring;
      part.orient();
    } else if (Corners.contains(part.head, ring.head)) {
      part.isHole = ring.isHole;
      ring.isHole = !part.isHole;
      part.outer = ring.outer;
      ring.outer = part;
      ring.orient();
    } else {
      part.isHole = ring.isHole;
      part.outer = ring.outer;
    }
  }

  /** Doubles two corners at one point and links each to the twin's ring. */
  private static Corner relink(Corner p, Corner q, boolean backwards) {
    Corner pTwin = p.repeat(!backwards);
    Corner qTwin = q.repeat(backwards);
    if (backwards) {
      q.linkTo(p);
      pTwin.linkTo(qTwin);
    } else {
      p.linkTo(q);
      qTwin.linkTo(pTwin);
    }
    return pTwin;
  }

  private void splitAtPoint(Rings.Join join, OutputRing ring) {
    Corner p = join.a();
    Corner q = join.b();
    boolean pComesDown = p.elsewhere(true).y > join.y();
    boolean qComesDown = q.elsewhere(true).y > join.y();
    if (pComesDown != qComesDown) {
      split(ring, p, relink(p, q, pComesDown));
    }
  }

  private void joinSlanted(Rings.Join join, OutputRing a, OutputRing b, OutputRing decisive) {
    Corner p = join.a();
    Corner q = join.b();
    boolean pIsBackwards = !leadsTo(join, p, p.elsewhere(true));
    boolean qIsBackwards = !leadsTo(join, q, q.elsewhere(true));
    Corner pEnd = p.elsewhere(!pIsBackwards);
    Corner qEnd = q.elsewhere(!qIsBackwards);
    if ((pIsBackwards && !leadsTo(join, p, pEnd))
        || (qIsBackwards && !leadsTo(join, q, qEnd))
        || pEnd == p
        || qEnd == q
        || pEnd == qEnd
        || (a == b && pIsBackwards == qIsBackwards)) {
      return;
    }
    settle(a, b, decisive, p, relink(p, q, pIsBackwards));
  }

  private static boolean leadsTo(Rings.Join join, Corner from, Corner to) {
    return to.y <= from.y && SweepEdge.collinear(from.x, from.y, to.x, to.y, join.x(), join.y());
  }

  private void joinLevel(Rings.Join join, OutputRing a, OutputRing b, OutputRing decisive) {
    // each from its start to its end along the row
    Corner p = join.a();
    Corner pEnd = p;
    Corner q = join.b();
    Corner qEnd = q;
    while (p.previous.y == p.y && p.previous != pEnd && p.previous != q) {
      p = p.previous;
    }
    while (pEnd.next.y == pEnd.y && pEnd.next != p && pEnd.next != q) {
      pEnd = pEnd.next;
    }
    if (pEnd.next == p || pEnd.next == q) {
      return;
    }
    while (q.previous.y == q.y && q.previous != qEnd && q.previous != pEnd) {
      q = q.previous;
    }
    while (qEnd.next.y == qEnd.y && qEnd.next != q && qEnd.next != p) {
      qEnd = qEnd.next;
    }
    if (qEnd.next == q || qEnd.next == p) {
      return;
    }
    int left = Math.max(Math.min(p.x, pEnd.x), Math.min(q.x, qEnd.x));
    int right = Math.min(Math.max(p.x, pEnd.x), Math.max(q.x, qEnd.x));
    if (left >= right) {
      return;
    }
    Corner at;
    Corner far;
    if (p.x >= left && p.x <= right) {
      at = p;
      far = pEnd;
    } else if (q.x >= left && q.x <= right) {
      at = q;
      far = qEnd;
    } else if (pEnd.x >= left && pEnd.x <= right) {
      at = pEnd;
      far = p;
    } else {
      at = qEnd;
      far = q;
    }
    if (p.x > pEnd.x != q.x > qEnd.x) {
      linkLevel(p, p.x > pEnd.x, q, at.x, at.y, at.x > far.x);
      settle(a, b, decisive, p, q);
    }
  }

  /** Links two chains that run along a row in opposite directions at one of its points. */
  private static void linkLevel(
      Corner pStart, boolean pToLeft, Corner qStart, int x, int y, boolean dropsLeft) {
    boolean behind = pToLeft == dropsLeft;
    Corner p = doubled(pStart, pToLeft, x, y, behind);
    Corner pTwin = behind ? p.next : p.previous;
    Corner q = doubled(qStart, !pToLeft, x, y, !behind);
    Corner qTwin = behind ? q.previous : q.next;
    if (behind) {
      p.linkTo(q);
      qTwin.linkTo(pTwin);
    } else {
      q.linkTo(p);
      pTwin.linkTo(qTwin);
    }
  }

  /** A corner of a chain at a point, after or before a twin of it. */
  private static Corner doubled(Corner start, boolean toLeft, int x, int y, boolean behind) {
    Corner c = start;
    while (c.next.y == y
        && (toLeft ? c.next.x >= x && c.next.x <= c.x : c.next.x <= x && c.next.x >= c.x)) {
      c = c.next;
    }
    if (!behind && c.x != x) {
      c = c.next;
    }
    Corner twin = c.repeat(behind);
    if (!twin.isAt(x, y)) {
      c = twin;
      c.x = x;
      c.y = y;
      c.repeat(behind);
    }
    return c;
  }
}
