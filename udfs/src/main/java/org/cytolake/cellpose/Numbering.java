package org.cytolake.cellpose;

import org.cytolake.image.LabelImage;

/** Numbers of objects without gaps. */
final class Numbering {
  private Numbering() {}

  /**
   * Numbers objects from 1 in the order of their first pixels, row by row, as {@code
   * fastremap.renumber}.
   *
   * @param largest label there is, or more
   * @return number of objects
   */
  static int renumber(LabelImage image, int largest) {
    int[] labels = image.labels();
    int[] numbers = new int[largest + 1];
    int next = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (label != 0) {
        if (numbers[label] == 0) {
          numbers[label] = ++next;
        }
        labels[i] = numbers[label];
      }
    }
    return next;
  }
}
