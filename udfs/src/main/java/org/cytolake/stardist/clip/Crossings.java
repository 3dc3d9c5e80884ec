package org.cytolake.stardist.clip;

import java.util.ArrayList;
import java.util.List;

/** The crossings of edges between two beams. */
final class Crossings {
  private Crossings() {}

  /** Sorts the edges by their columns in the next beam, exchanging neighbours. */
  static List<Crossing> find(ActiveEdges active, int top) {
    boolean isSorted = true;
    for (SweepEdge e = active.leftmost; e != null; e = e.right) {
      e.atX = e.columnAt(top);
      isSorted &= e.left == null || e.left.atX <= e.atX;
    }
    if (isSorted) {
      return List.of();
    }
    List<SweepEdge> edges = new ArrayList<>();
    for (SweepEdge e = active.leftmost; e != null; e = e.right) {
      e.place = edges.size();
      edges.add(e);
    }
    List<Crossing> crossings = new ArrayList<>();
    isSorted = false;
    for (int end = edges.size() - 1; end > 0 && !isSorted; end--) {
      isSorted = true;
      for (int i = 0; i < end; i++) {
        SweepEdge e = edges.get(i);
        SweepEdge right = edges.get(i + 1);
        if (e.atX > right.atX) {
          crossings.add(new Crossing(e, right, top));
          edges.set(i, right);
          edges.set(i + 1, e);
          isSorted = false;
        }
      }
    }
    return crossings;
  }

  /** The lowest first, but only between neighbours; false where that cannot be. */
  static boolean order(List<Crossing> crossings) {
    RowSort.sort(crossings, c -> c.y);
    for (int i = 0; i < crossings.size(); i++) {
      int j = i;
      while (j < crossings.size() && !crossings.get(j).isOfNeighbours()) {
        j++;
      }
      if (j == crossings.size()) {
        return false;
      }
      Crossing next = crossings.get(j);
      crossings.set(j, crossings.get(i));
      crossings.set(i, next);
      next.exchangePlaces();
    }
    return true;
  }
}
