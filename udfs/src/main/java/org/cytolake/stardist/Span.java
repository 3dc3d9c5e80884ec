package org.cytolake.stardist;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A tile's extent along one axis of the padded plane: what the network sees, and in it the core,
 * for which its prediction counts. All four are multiples of the network's pad multiple, so that
 * pooling falls on the same pixels as in the whole plane.
 *
 * @param start first pixel that the network sees
 * @param end one beyond the last
 * @param coreStart first pixel of the core
 * @param coreEnd one beyond the last
 */
public record Span(int start, int end, int coreStart, int coreEnd) implements Serializable {
  public Span {
    if (start < 0 || coreStart < start || coreEnd <= coreStart || end < coreEnd) {
      throw new IllegalArgumentException(
          "no span: " + start + " to " + end + ", core " + coreStart + " to " + coreEnd);
    }
  }

  /** Number of pixels that the network sees. */
  public int length() {
    return end - start;
  }

  /** The size of a plane after padding. */
  public static int padded(int size, int multiple) {
    return Math.addExact(size, Math.floorMod(-size, multiple));
  }

  /**
   * Cuts a side: cores of about equal length, in order, cover the padded side once; around each
   * lies the halo, as far as there is a plane.
   *
   * @param size of the plane, pixels, 1 or more
   * @param multiple to which the plane is padded
   * @param halo pixels beyond the core on which a prediction depends, at most; a multiple of {@code
   *     multiple}, 1 or more of them
   * @param longest most pixels that the network may see, at least {@code 2 * halo + multiple}
   * @return as few spans as can be
   */
  public static List<Span> cut(int size, int multiple, int halo, int longest) {
    if (size < 1 || multiple < 1 || halo < multiple || halo % multiple != 0) {
      throw new IllegalArgumentException(
          "cannot cut " + size + " pixels by " + multiple + " with a halo of " + halo);
    }
    if (longest < 2L * halo + multiple) {
      throw new IllegalArgumentException(
          "a tile of " + longest + " pixels has no core within a halo of " + halo);
    }
    int units = padded(size, multiple) / multiple;
    for (int parts = 1; ; parts++) {
      List<Span> spans = new ArrayList<>(parts);
      int most = 0;
      for (int part = 0; part < parts; part++) {
        int coreStart = (int) ((long) units * part / parts) * multiple;
        int coreEnd = (int) ((long) units * (part + 1) / parts) * multiple;
        int start = Math.max(0, coreStart - halo);
        int end = (int) Math.min((long) units * multiple, (long) coreEnd + halo);
        spans.add(new Span(start, end, coreStart, coreEnd));
        most = Math.max(most, end - start);
      }
      if (most <= longest) {
        return spans;
      }
    }
  }
}
