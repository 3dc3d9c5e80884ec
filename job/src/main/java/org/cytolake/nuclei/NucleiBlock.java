package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.cytolake.image.LimitException;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.Window;

/**
 * Nuclei of a plane that are measured together, with all others that reach among them.
 *
 * @param window that holds the nuclei to be measured and all that what lies around them depends on
 * @param stars the most probable first
 * @param numbers of the stars in the whole plane, from 1
 * @param own which are to be measured
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NucleiBlock(
    Window window, List<? extends OutlinedObject> stars, int[] numbers, boolean[] own) {
  /** Most pixels of a window: labels and every channel are held in memory. */
  static final long MAX_PIXELS = 1 << 24;

  /** Longest side of the squares by which nuclei are divided, pixels. */
  private static final int MAX_SIDE = 1 << 11;

  /**
   * Divides a plane's nuclei by squares in which their centres lie.
   *
   * @param stars all of the plane, the most probable first
   * @param margin pixels around nuclei on which what is measured with them depends
   * @param wishedSide of the squares, pixels; they are never larger than 2048
   * @return by squares, row by row; those without a nucleus that has pixels are left out
   * @throws IllegalArgumentException where a block would have more than {@link #MAX_PIXELS} pixels
   */
  static List<NucleiBlock> divide(
      List<? extends OutlinedObject> stars, int height, int width, int margin, int wishedSide) {
    int side = Math.min(wishedSide, MAX_SIDE);
    Window[] bounds = new Window[stars.size()];
    TreeMap<Long, List<Integer>> members = new TreeMap<>(); // centre there
    TreeMap<Long, List<Integer>> visitors = new TreeMap<>(); // pixels there
    long columns = (width - 1L) / side + 1;
    for (int i = 0; i < bounds.length; i++) {
      OutlinedObject star = stars.get(i);
      Optional<Window> found = StarDist.bounds(star, height, width);
      if (found.isPresent()) {
        bounds[i] = requireSmall(found.get());
        add(members, star.y() / side * columns + star.x() / side, i);
        for (long square : squares(bounds[i], side, columns)) {
          add(visitors, square, i);
        }
      }
    }
    List<NucleiBlock> blocks = new ArrayList<>();
    for (List<Integer> own : members.values()) {
      Window window = bounds[own.get(0)];
      for (int i : own) {
        window = window.and(bounds[i]);
      }
      window = requireSmall(grown(window, margin, height, width));
      blocks.add(block(stars, bounds, own, window, squares(window, side, columns), visitors));
    }
    return blocks;
  }

  private static NucleiBlock block(
      List<? extends OutlinedObject> stars,
      Window[] bounds,
      List<Integer> own,
      Window window,
      long[] squares,
      TreeMap<Long, List<Integer>> visitors) {
    int[] all =
        Arrays.stream(squares)
            .boxed()
            .flatMap(square -> visitors.getOrDefault(square, List.of()).stream())
            .filter(i -> bounds[i].meets(window))
            .mapToInt(i -> i)
            .distinct()
            .sorted()
            .toArray();
    boolean[] isOwn = new boolean[all.length];
    int[] numbers = new int[all.length];
    List<OutlinedObject> some = new ArrayList<>(all.length);
    for (int k = 0, next = 0; k < all.length; k++) {
      some.add(stars.get(all[k]));
      numbers[k] = all[k] + 1;
      if (next < own.size() && own.get(next) == all[k]) {
        isOwn[k] = true;
        next++;
      }
    }
    return new NucleiBlock(window, some, numbers, isOwn);
  }

  private static void add(TreeMap<Long, List<Integer>> lists, long key, int value) {
    lists.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
  }

  private static long[] squares(Window window, int side, long columns) {
    int left = window.left() / side;
    int right = (window.right() - 1) / side;
    int top = window.top() / side;
    int bottom = (window.bottom() - 1) / side;
    long[] squares = new long[(right - left + 1) * (bottom - top + 1)];
    int n = 0;
    for (long row = top; row <= bottom; row++) {
      for (long column = left; column <= right; column++) {
        squares[n++] = row * columns + column;
      }
    }
    return squares;
  }

  static Window grown(Window window, long margin, int height, int width) {
    int top = (int) Math.max(0, window.top() - margin);
    int left = (int) Math.max(0, window.left() - margin);
    int bottom = (int) Math.min(height, window.bottom() + margin);
    int right = (int) Math.min(width, window.right() + margin);
    return new Window(top, left, bottom - top, right - left);
  }

  static Window requireSmall(Window window) {
    if (window.pixels() > MAX_PIXELS) {
      throw new LimitException(
          "a nucleus near row "
              + window.top()
              + ", column "
              + window.left()
              + " would span "
              + window.width()
              + " x "
              + window.height()
              + " pixels; the model does not suit the image",
          "Choose another segmentation.model, or keep the image out of the input.");
    }
    return window;
  }
}
