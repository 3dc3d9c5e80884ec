package org.cytolake.nuclei;

import java.util.BitSet;
import java.util.List;
import org.cytolake.image.Plane;

/** What is found and measured around nuclei while they and their pixels are at hand. */
public interface Surroundings {
  /**
   * Pixels around nuclei that are needed; where a plane does not fit memory.
   *
   * @param nucleus the longest side of one, pixels
   * @throws org.cytolake.image.LimitException where there is no bound
   */
  int margin(int nucleus);

  /**
   * Finds and measures around the nuclei that are to be measured there.
   *
   * @param nuclei of a plane, or of a block of it
   * @param samples of every channel, for each pixel of their label image
   * @return numbers of nuclei that are to be left out
   */
  BitSet measure(PaintedNuclei nuclei, List<Plane> samples);
}
