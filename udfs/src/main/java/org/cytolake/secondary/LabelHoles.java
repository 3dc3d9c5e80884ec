package org.cytolake.secondary;

import java.util.Arrays;
import org.cytolake.image.LabelImage;

/**
 * Fills background that only one object encloses, as {@code
 * centrosome.cpmorphology.fill_labeled_holes(labels, mask=labels == 0)}: pieces of background,
 * along rows and columns, from which no way leads to the border of the image, nor to two objects
 * that are no holes themselves. An object that another one encloses is a hole, too, but keeps its
 * label.
 */
final class LabelHoles {
  private final int width;
  private final int[] nodes; // by pixel: an object's label, or the number of a piece beyond those
  private final int objects;
  private int count; // of nodes, with 0, which no pixel has

  private LabelHoles(LabelImage labels) {
    width = labels.width();
    nodes = labels.labels().clone();
    objects = labels.maxLabel();
    number(labels.height());
  }

  /** Fills the holes of the label image itself. */
  static void fill(LabelImage labels) {
    LabelHoles of = new LabelHoles(labels);
    int[] owner = of.owners();
    for (int i = 0; i < of.nodes.length; i++) {
      if (of.nodes[i] > of.objects) {
        labels.labels()[i] = owner[of.nodes[i]];
      }
    }
  }

  /** Numbers the pieces of background by their first pixels, row by row. */
  private void number(int height) {
    int[] piece =
        new int[1 << 12]; // by run of background: one of the same piece, never a later one
    int runs = 0;
    for (int y = 0; y < height; y++) {
      int row = y * width;
      for (int x = 0; x < width; x++) {
        if (nodes[row + x] > 0) {
          continue;
        }
        int run = runs;
        boolean joined = x > 0 && nodes[row + x - 1] < 0;
        if (joined) {
          run = ~nodes[row + x - 1];
        }
        int above = y > 0 && nodes[row + x - width] < 0 ? ~nodes[row + x - width] : -1;
        if (above >= 0 && (!joined || above != run)) {
          int root = root(piece, above);
          if (joined) {
            int other = root(piece, run);
            piece[Math.max(root, other)] = Math.min(root, other);
          } else {
            run = root;
          }
        } else if (!joined) {
          if (runs == piece.length) {
            piece = Arrays.copyOf(piece, 2 * runs);
          }
          piece[runs] = runs;
          runs++;
        }
        nodes[row + x] = ~run;
      }
    }
    count = objects + 1;
    for (int run = 0; run < runs; run++) {
      piece[run] = piece[run] == run ? count++ : piece[piece[run]];
    }
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] < 0) {
        nodes[i] = piece[~nodes[i]];
      }
    }
  }

  private static int root(int[] piece, int run) {
    int at = run;
    while (piece[at] != at) {
      piece[at] = piece[piece[at]];
      at = piece[at];
    }
    return at;
  }

  /** By node: the object that encloses it, 0 where none does. */
  private int[] owners() {
    long[] edges = edges();
    int[] start = new int[count + 1]; // edges are in order
    for (long edge : edges) {
      start[(int) (edge >>> 32) + 1]++;
    }
    for (int node = 0; node < count; node++) {
      start[node + 1] += start[node];
    }
    int[] owner = new int[count];
    int[] toDo = new int[count];
    boolean[] open = new boolean[count]; // no hole
    int n = 0;
    for (int i = 0; i < nodes.length; i++) {
      int x = i % width;
      boolean border = x == 0 || x == width - 1 || i < width || i >= nodes.length - width;
      if (border && !open[nodes[i]]) {
        open[nodes[i]] = true;
        toDo[n++] = nodes[i];
      }
    }
    Arrays.sort(toDo, 0, n);
    while (n > 0) {
      int node = toDo[--n];
      for (int e = start[node]; e < start[node + 1]; e++) {
        int other = (int) edges[e];
        if (open[other]) {
          continue;
        }
        boolean once = node <= objects && (owner[other] == 0 || owner[other] == node);
        if (once) {
          owner[other] = node;
        } else {
          open[other] = true;
          toDo[n++] = other;
        }
      }
    }
    within(edges, start, owner, open, toDo);
    for (int node = 0; node < count; node++) {
      owner[node] = open[node] ? 0 : owner[node];
    }
    return owner;
  }

  /** What lies within a hole has the hole's owner. */
  private static void within(long[] edges, int[] start, int[] owner, boolean[] open, int[] toDo) {
    int n = 0;
    for (int node = 0; node < owner.length; node++) {
      if (!open[node] && owner[node] != 0) {
        toDo[n++] = node;
      }
    }
    while (n > 0) {
      int node = toDo[--n];
      for (int e = start[node]; e < start[node + 1]; e++) {
        int other = (int) edges[e];
        if (!open[other] && owner[other] == 0) {
          owner[other] = owner[node];
          toDo[n++] = other;
        }
      }
    }
  }

  /** Pairs of nodes that touch along a row or column, both ways round, each once, in order. */
  private long[] edges() {
    int height = nodes.length / width;
    PairSet pairs = new PairSet();
    for (int y = 0; y < height; y++) {
      int row = y * width;
      for (int x = 0; x < width; x++) {
        int node = nodes[row + x];
        if (x + 1 < width && nodes[row + x + 1] != node) {
          pairs.add(node, nodes[row + x + 1]);
        }
        if (y + 1 < height && nodes[row + x + width] != node) {
          pairs.add(node, nodes[row + x + width]);
        }
      }
    }
    return pairs.sorted();
  }

  /** A set of pairs of numbers from 1 on. */
  private static final class PairSet {
    private long[] slots = new long[1 << 12]; // 0: free
    private int size;

    void add(int a, int b) {
      long pair = ((long) a << 32) | b;
      int slot = slot(pair);
      if (slots[slot] == pair) {
        return;
      }
      slots[slot] = pair;
      slots[slot(turned(pair))] = turned(pair);
      size += 2;
      if (size > slots.length / 2) {
        long[] old = slots;
        slots = new long[2 * old.length];
        for (long each : old) {
          if (each != 0) {
            slots[slot(each)] = each;
          }
        }
      }
    }

    private static long turned(long pair) {
      return (pair << 32) | (pair >>> 32);
    }

    private int slot(long pair) {
      int mask = slots.length - 1;
      int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 40) & mask;
      while (slots[slot] != 0 && slots[slot] != pair) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    long[] sorted() {
      return Arrays.stream(slots).filter(pair -> pair != 0).sorted().toArray();
    }
  }
}
