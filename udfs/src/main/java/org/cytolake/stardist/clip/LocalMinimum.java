package org.cytolake.stardist.clip;

import java.util.List;

/**
 * Where two edges of a polygon start upwards. From here the left and the right bound, chains of
 * edges, lead to peaks.
 */
record LocalMinimum(int row, SweepEdge left, SweepEdge right) {

  /** Adds the local minima of a polygon; none where it has no extent. */
  static void ofPolygon(int[] xs, int[] ys, boolean first, List<LocalMinimum> minima) {
    SweepEdge start = chain(xs, ys, first);
    start = start == null ? null : withoutNeedless(start);
    if (start == null) {
      return;
    }
    boolean isFlat = true;
    SweepEdge e = start;
    do {
      e.measure();
      e = e.after;
      isFlat &= e.y == start.y;
    } while (e != start);
    if (!isFlat) {
      findAll(start, minima);
    }
  }

  private static SweepEdge chain(int[] xs, int[] ys, boolean first) {
    int n = xs.length;
    while (n > 1 && xs[n - 1] == xs[0] && ys[n - 1] == ys[0]) {
      n--;
    }
    while (n > 1 && xs[n - 1] == xs[n - 2] && ys[n - 1] == ys[n - 2]) {
      n--;
    }
    if (n < 3) {
      return null;
    }
    SweepEdge start = new SweepEdge(first, xs[0], ys[0]);
    SweepEdge last = start;
    for (int k = 1; k < n; k++) {
      SweepEdge e = new SweepEdge(first, xs[k], ys[k]);
      link(last, e);
      last = e;
    }
    link(last, start);
    return start;
  }

  private static void link(SweepEdge e, SweepEdge follower) {
    e.after = follower;
    follower.before = e;
  }

  /** Takes out vertices that repeat or lie on a line with their neighbours. */
  private static SweepEdge withoutNeedless(SweepEdge chainStart) {
    SweepEdge start = chainStart;
    SweepEdge e = start;
    SweepEdge stop = start;
    while (true) {
      SweepEdge before = e.before;
      SweepEdge after = e.after;
      boolean repeats = e.x == after.x && e.y == after.y;
      if (repeats ? e == after : before == after) {
        return null;
      }
      if (repeats || SweepEdge.collinear(before.x, before.y, e.x, e.y, after.x, after.y)) {
        link(before, after);
        start = e == start ? after : start;
        e = repeats ? after : before;
        stop = e;
      } else {
        e = after;
        if (e == stop) {
          return e.before == e.after ? null : start;
        }
      }
    }
  }

  private static void findAll(SweepEdge start, List<LocalMinimum> minima) {
    SweepEdge foremost = null;
    SweepEdge e = start;
    while (true) {
      e = next(e);
      if (e == foremost) {
        return;
      }
      foremost = foremost == null ? e : foremost;
      SweepEdge before = e.before;
      boolean isLeftForward = !(e.slope < before.slope);
      SweepEdge left = isLeftForward ? e : before;
      SweepEdge right = isLeftForward ? before : e;
      left.turn = left.after == right ? -1 : 1;
      right.turn = -left.turn;
      SweepEdge beyondLeft = followBound(left, isLeftForward);
      SweepEdge beyondRight = followBound(right, !isLeftForward);
      minima.add(new LocalMinimum(left.bottomY, left, right));
      e = isLeftForward ? beyondLeft : beyondRight;
    }
  }

  /** The edge that starts at the next minimum; a level minimum counts at its left end. */
  private static SweepEdge next(SweepEdge from) {
    SweepEdge e = from;
    while (true) {
      while (!e.startsAtBottomOf(e.before) || (e.x == e.topX && e.y == e.topY)) {
        e = e.after;
      }
      if (!e.isLevel() && !e.before.isLevel()) {
        return e;
      }
      e = e.before.isLevel() ? e.before : e;
      SweepEdge levelStart = e;
      e = e.isLevel() ? e.after : e;
      if (e.topY == e.before.bottomY) {
        continue; // a level edge on the way up
      }
      return levelStart.before.bottomX < e.bottomX ? levelStart : e;
    }
  }

  /**
   * Strings the edges of a bound together, level ones in the direction of the bound.
   *
   * @return the edge beyond it
   */
  private static SweepEdge followBound(SweepEdge start, boolean forward) {
    if (start.isLevel()) {
      SweepEdge other = step(start, !forward);
      boolean joins =
          other.bottomX == start.bottomX || (other.isLevel() && other.topX == start.bottomX);
      if (!joins) {
        start.turnRound();
      }
    }
    SweepEdge last = start;
    while (last.topY == step(last, forward).bottomY) {
      last = step(last, forward);
    }
    if (last.isLevel()) {
      // a level top belongs to the bound that reaches it at its left end
      SweepEdge level = last;
      while (level.isLevel()) {
        level = step(level, !forward);
      }
      int beyond = step(last, forward).topX;
      if (level.topX > beyond || (!forward && level.topX == beyond)) {
        last = level;
      }
    }
    for (SweepEdge e = start; ; e = step(e, forward)) {
      if (e != start && e.isLevel() && e.bottomX != step(e, !forward).topX) {
        e.turnRound();
      }
      if (e == last) {
        return step(last, forward);
      }
      e.above = step(e, forward);
    }
  }

  private static SweepEdge step(SweepEdge e, boolean forward) {
    return forward ? e.after : e.before;
  }
}
