package org.cytolake.stardist.clip;

import java.util.ArrayList;
import java.util.List;

/**
 * The sweep over two polygons that makes the rings of their intersection; inside is where the
 * winding number is not zero.
 */
final class Sweep {
  /** A corner of a level edge that a later one may overlap; its other end is at column x. */
  private record Ghost(Corner corner, int x, int y) {}

  private final List<LocalMinimum> minima;
  private int nextMinimum;
  private final Beams beams;
  private final ActiveEdges active = new ActiveEdges();
  private final List<SweepEdge> level = new ArrayList<>(); // to be treated, the last first
  private final List<Ghost> ghosts = new ArrayList<>();
  private final Rings rings = new Rings(active);
  private final Windings windings = new Windings(active, rings);

  /**
   * @param minima of both polygons
   */
  Sweep(List<LocalMinimum> minima) {
    this.minima = minima;
    RowSort.sort(minima, LocalMinimum::row);
    beams = new Beams(minima.isEmpty() ? 0 : minima.get(0).row());
    for (LocalMinimum minimum : minima) {
      beams.add(minimum.row());
      minimum.left().moveToBottom();
      minimum.right().moveToBottom();
    }
  }

  /** The rings before edges they share are joined; null where rounding lets the sweep fail. */
  Rings run() {
    if (beams.isEmpty()) {
      return rings;
    }
    enterMinima(beams.remove());
    while (!beams.isEmpty()) {
      int top = beams.remove();
      crossLevelEdges();
      ghosts.clear();
      if (!crossUpTo(top) || !reach(top)) {
        return null;
      }
      enterMinima(top);
    }
    return rings;
  }

  private void enterMinima(int row) {
    while (nextMinimum < minima.size() && minima.get(nextMinimum).row() == row) {
      enter(minima.get(nextMinimum++));
    }
  }

  private void enter(LocalMinimum minimum) {
    SweepEdge left = minimum.left();
    SweepEdge right = minimum.right();
    active.insert(left, null);
    active.insert(right, left);
    windings.count(left);
    right.winding = left.winding;
    right.otherWinding = left.otherWinding;
    Corner corner = null;
    if (Math.abs(left.winding) == 1 && left.otherWinding != 0) {
      corner = rings.open(left, right, left.bottomX, left.bottomY);
    }
    beams.add(left.topY);
    if (right.isLevel()) {
      level.add(right);
      if (right.above != null) {
        beams.add(right.above.topY);
      }
    } else {
      beams.add(right.topY);
    }
    if (corner != null && right.isLevel()) {
      for (Ghost ghost : ghosts) {
        if (overlap(ghost.corner.x, ghost.x, right.bottomX, right.topX)) {
          rings.join(ghost.corner, corner, ghost.x, ghost.y);
        }
      }
    }
    joinAtMinimum(left, right, corner);
    if (left.right != right) {
      for (SweepEdge e = left.right; e != null && e != right; e = e.right) {
        windings.cross(right, e, left.atX, left.atY);
      }
    }
  }

  private void joinAtMinimum(SweepEdge left, SweepEdge right, Corner corner) {
    SweepEdge beside = left.left;
    if (left.ring != null
        && beside != null
        && beside.atX == left.bottomX
        && beside.ring != null
        && SweepEdge.parallel(
            beside.bottomX,
            beside.bottomY,
            beside.topX,
            beside.topY,
            left.atX,
            left.atY,
            left.topX,
            left.topY)) {
      rings.join(corner, rings.add(beside, left.bottomX, left.bottomY), left.topX, left.topY);
    }
    SweepEdge between = right.left;
    if (between != left
        && right.ring != null
        && between.ring != null
        && between.goesOnParallelTo(right)) {
      rings.join(corner, rings.add(between, right.bottomX, right.bottomY), right.topX, right.topY);
    }
  }

  private void crossLevelEdges() {
    while (!level.isEmpty()) {
      crossLevelEdge(level.remove(level.size() - 1));
    }
  }

  /** Lets a level edge cross what lies above or below it. */
  private void crossLevelEdge(SweepEdge edge) {
    boolean toRight = edge.bottomX < edge.topX;
    SweepEdge peer = edge.above == null ? edge.peer() : null;
    boolean isJoined = false;
    SweepEdge e = toRight ? edge.right : edge.left;
    while (e != null && (toRight ? e.atX <= edge.topX : e.atX >= edge.topX)) {
      if (e.atX == edge.topX && edge.above != null && e.slope < edge.above.slope) {
        break;
      }
      if (edge.ring != null) {
        Corner corner = rings.add(edge, e.atX, e.atY);
        joinLevelEdges(edge, corner);
        ghosts.add(new Ghost(corner, edge.bottomX, edge.bottomY));
        isJoined = true;
      }
      if (e == peer) {
        if (edge.ring != null) {
          rings.close(edge, peer, edge.topX, edge.topY);
        }
        active.remove(edge);
        active.remove(peer);
        return;
      }
      windings.cross(toRight ? edge : e, toRight ? e : edge, e.atX, edge.atY);
      SweepEdge next = toRight ? e.right : e.left;
      active.swap(edge, e);
      e = next;
    }
    if (edge.ring != null && !isJoined) {
      Corner corner = rings.end(edge);
      joinLevelEdges(edge, corner);
      ghosts.add(new Ghost(corner, edge.topX, edge.topY));
    }
    leaveLevelEdge(edge);
  }

  private void joinLevelEdges(SweepEdge edge, Corner corner) {
    for (int i = level.size() - 1; i >= 0; i--) {
      SweepEdge other = level.get(i);
      if (other.ring != null && overlap(edge.bottomX, edge.topX, other.bottomX, other.topX)) {
        rings.join(rings.end(other), corner, other.topX, other.topY);
      }
    }
  }

  private void leaveLevelEdge(SweepEdge edge) {
    Corner corner = edge.ring == null ? null : rings.add(edge, edge.topX, edge.topY);
    if (edge.above == null) {
      active.remove(edge);
      return;
    }
    SweepEdge above = climb(edge);
    if (corner != null && !joinBeside(above, above.left, corner, true)) {
      joinBeside(above, above.right, corner, true);
    }
  }

  private SweepEdge climb(SweepEdge e) {
    SweepEdge above = active.replaceByAbove(e);
    if (!above.isLevel()) {
      beams.add(above.topY);
    }
    return above;
  }

  /** Where an edge starts on a neighbour and lies along it, their rings are to be joined. */
  private boolean joinBeside(SweepEdge e, SweepEdge beside, Corner corner, boolean wholly) {
    if (beside == null
        || beside.atX != e.bottomX
        || beside.atY != e.bottomY
        || beside.ring == null
        || beside.atY <= beside.topY
        || !(wholly ? e.isParallelTo(beside) : e.goesOnParallelTo(beside))) {
      return false;
    }
    rings.join(corner, rings.add(beside, e.bottomX, e.bottomY), e.topX, e.topY);
    return true;
  }

  private static boolean overlap(int a0, int a1, int b0, int b1) {
    return Math.min(a0, a1) < Math.max(b0, b1) && Math.min(b0, b1) < Math.max(a0, a1);
  }

  /** Crosses all edges that change places before the next beam. */
  private boolean crossUpTo(int top) {
    List<Crossing> crossings = Crossings.find(active, top);
    if (crossings.size() > 1 && !Crossings.order(crossings)) {
      return false;
    }
    for (Crossing c : crossings) {
      windings.cross(c.left, c.right, c.x, c.y);
      active.swap(c.left, c.right);
    }
    return true;
  }

  /** Ends edges at their peaks and goes on from tops to what is above. */
  private boolean reach(int top) {
    SweepEdge e = active.leftmost;
    while (e != null) {
      SweepEdge peer = e.isPeakAt(top) ? activePeer(e) : null;
      if (e.isPeakAt(top) && (peer == null || !peer.isLevel())) {
        SweepEdge left = e.left;
        if (!endAtPeak(e, peer)) {
          return false;
        }
        e = left == null ? active.leftmost : left.right;
        continue;
      }
      if (e.continuesAt(top) && e.above.isLevel()) {
        e = climb(e);
        if (e.ring != null) {
          rings.add(e, e.bottomX, e.bottomY);
        }
        level.add(e);
      } else {
        e.atX = e.columnAt(top);
        e.atY = top;
      }
      e = e.right;
    }
    crossLevelEdges();
    for (e = active.leftmost; e != null; e = e.right) {
      if (e.continuesAt(top)) {
        Corner corner = e.ring == null ? null : rings.add(e, e.topX, e.topY);
        e = climb(e);
        if (corner != null && !joinBeside(e, e.left, corner, false)) {
          joinBeside(e, e.right, corner, false);
        }
      }
    }
    return true;
  }

  private SweepEdge activePeer(SweepEdge e) {
    SweepEdge peer = e.peer();
    return peer != null && peer.left == peer.right && !peer.isLevel() ? null : peer;
  }

  private boolean endAtPeak(SweepEdge e, SweepEdge peer) {
    if (peer == null) {
      if (e.ring != null) {
        rings.add(e, e.topX, e.topY);
      }
      active.remove(e);
      return true;
    }
    while (e.right != null && e.right != peer) {
      SweepEdge right = e.right;
      windings.cross(e, right, e.topX, e.topY);
      active.swap(e, right);
    }
    if ((e.ring == null) != (peer.ring == null)) {
      return false;
    }
    if (e.ring != null) {
      rings.close(e, peer, e.topX, e.topY);
    }
    active.remove(e);
    active.remove(peer);
    return true;
  }
}
