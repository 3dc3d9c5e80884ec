package org.cytolake.secondary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.cytolake.image.LabelImage;
import org.junit.jupiter.api.Test;

class MatchedCellsTest {
  private static LabelImage image(String... rows) {
    LabelImage image = new LabelImage(rows.length, rows[0].length());
    for (int i = 0; i < image.labels().length; i++) {
      image.labels()[i] =
          Character.digit(rows[i / rows[0].length()].charAt(i % rows[0].length()), 10);
    }
    return image;
  }

  private static int[] labels(String... rows) {
    return image(rows).labels();
  }

  @Test
  void objectsGetTheNumbersOfTheirNuclei() {
    LabelImage nuclei =
        image(
            "000000000000", //
            "011000220330",
            "000000000000");
    LabelImage objects =
        image(
            "555500000770", // the second nucleus has no object, the object 8 no nucleus
            "555500000770",
            "555500880000");
    assertThat(MatchedCells.of(nuclei, objects).labels())
        .isEqualTo(
            labels(
                "111100000330", //
                "111100220330",
                "111100000000"));
  }

  @Test
  void nucleiThatShareAnObjectDivideIt() {
    LabelImage nuclei = image("1000000020", "0000000000");
    LabelImage objects = image("4444444444", "4444000444");
    assertThat(MatchedCells.of(nuclei, objects).labels())
        .isEqualTo(labels("1111122222", "1111000222"));
  }

  @Test
  void halfOfANucleusIsEnoughAndLessIsNot() {
    LabelImage objects = image("3300");
    assertThat(MatchedCells.of(image("0110"), objects).labels()).isEqualTo(labels("1110"));
    assertThat(MatchedCells.of(image("0111"), objects).labels()).isEqualTo(labels("0111"));
  }

  @Test
  void everyCellIsItsNucleusAndPixelsOfItsObject() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      LabelImage nuclei = blobs(random, 2, 12);
      LabelImage objects = blobs(random, 4, 8);
      int[] nucleiBefore = nuclei.labels().clone();
      LabelImage cells = MatchedCells.of(nuclei, objects);
      assertThat(nuclei.labels()).isEqualTo(nucleiBefore);

      Map<Integer, Map<Integer, Integer>> covered = new HashMap<>();
      Map<Integer, Integer> sizes = new HashMap<>();
      for (int i = 0; i < nucleiBefore.length; i++) {
        if (nuclei.at(i) > 0) {
          sizes.merge(nuclei.at(i), 1, Integer::sum);
          covered
              .computeIfAbsent(nuclei.at(i), n -> new HashMap<>())
              .merge(objects.at(i), 1, Integer::sum);
        }
      }
      Map<Integer, Integer> objectOf = new HashMap<>();
      covered.forEach(
          (nucleus, of) -> {
            int best = 0;
            for (int object = 1; object <= 8; object++) {
              best =
                  of.getOrDefault(object, 0) > of.getOrDefault(best, 0) || best == 0
                      ? object
                      : best;
            }
            if (of.containsKey(best) && 2 * of.get(best) >= sizes.get(nucleus)) {
              objectOf.put(nucleus, best);
            }
          });
      for (int i = 0; i < nucleiBefore.length; i++) {
        int cell = cells.at(i);
        if (nuclei.at(i) > 0) {
          assertThat(cell).isEqualTo(nuclei.at(i));
        } else if (cell > 0) {
          assertThat(objectOf.get(cell)).isEqualTo(objects.at(i));
        } else {
          int object = objects.at(i); // parts that no way joins to one of several nuclei are left
          assertThat(objectOf.values().stream().filter(o -> o == object).count()).isNotEqualTo(1);
        }
      }
    }
  }

  /** Rectangles that hide each other. */
  private static LabelImage blobs(Random random, int smallest, int count) {
    LabelImage image = new LabelImage(30, 30);
    for (int label = 1; label <= count; label++) {
      int top = random.nextInt(26);
      int left = random.nextInt(26);
      int height = smallest + random.nextInt(2 * smallest);
      int width = smallest + random.nextInt(2 * smallest);
      for (int y = top; y < Math.min(30, top + height); y++) {
        for (int x = left; x < Math.min(30, left + width); x++) {
          image.labels()[y * 30 + x] = label;
        }
      }
    }
    return image;
  }

  @Test
  void imagesOfTwoSizesAreRefused() {
    assertThatThrownBy(() -> MatchedCells.of(new LabelImage(2, 3), new LabelImage(3, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
