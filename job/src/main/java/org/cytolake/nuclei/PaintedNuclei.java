package org.cytolake.nuclei;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.cytolake.image.LabelImage;
import org.cytolake.measure.LabelledPixels;
import org.cytolake.measure.Ring;
import org.cytolake.stardist.OutlinedObject;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.Window;

/**
 * Nuclei of a plane, painted in a window of it: those to be measured there, which lie in it wholly,
 * and others that reach into it.
 *
 * @param stars the most probable first; the label of the i-th in the label image is i + 1
 * @param numbers of the stars in the whole plane
 * @param own which are to be measured
 * @param window where the label image lies
 * @param planeHeight rows of the plane; likewise {@code planeWidth}
 * @param pixels of the nuclei, or of what lies around them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PaintedNuclei(
    List<? extends OutlinedObject> stars,
    int[] numbers,
    boolean[] own,
    Window window,
    int planeHeight,
    int planeWidth,
    LabelledPixels pixels) {

  /** All nuclei of a plane. */
  static PaintedNuclei whole(List<? extends OutlinedObject> stars, int height, int width) {
    boolean[] own = new boolean[stars.size()];
    Arrays.fill(own, true);
    return new PaintedNuclei(
        stars,
        IntStream.rangeClosed(1, stars.size()).toArray(),
        own,
        Window.whole(height, width),
        height,
        width,
        LabelledPixels.of(StarDist.paint(stars, height, width), stars.size()));
  }

  /** The same with the rings around the nuclei in their place. */
  PaintedNuclei rings(int width) {
    return with(LabelledPixels.of(Ring.around(labels(), width), stars.size()));
  }

  /** The same with what lies around the nuclei, under their labels, in their place. */
  public PaintedNuclei with(LabelledPixels around) {
    return new PaintedNuclei(stars, numbers, own, window, planeHeight, planeWidth, around);
  }

  /** The same without some to be measured, by their labels. */
  public PaintedNuclei except(BitSet labels) {
    boolean[] fewer = own.clone();
    labels.stream().forEach(label -> fewer[label - 1] = false);
    return new PaintedNuclei(stars, numbers, fewer, window, planeHeight, planeWidth, pixels);
  }

  /** Those of a block. */
  static PaintedNuclei of(NucleiBlock block, int planeHeight, int planeWidth) {
    List<? extends OutlinedObject> stars = block.stars();
    return new PaintedNuclei(
        stars,
        block.numbers(),
        block.own(),
        block.window(),
        planeHeight,
        planeWidth,
        LabelledPixels.of(StarDist.paint(stars, block.window()), stars.size()));
  }

  /** The label image, as large as the window. */
  public LabelImage labels() {
    return pixels.image();
  }

  /** Whether the nucleus of a label is to be measured here. */
  public boolean isOwn(int label) {
    return own[label - 1];
  }

  /** A label's number in the whole plane. */
  public int number(int label) {
    return numbers[label - 1];
  }
}
