package org.cytolake.cellpose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.cytolake.image.LabelImage;
import org.cytolake.stardist.StarDist;
import org.junit.jupiter.api.Test;

/** Outlines paint what they were traced from, and filling leaves no hole; by brute force. */
final class TracedObjectTest {
  @Test
  void outlinesPaintTheObjects() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      int height = 1 + random.nextInt(40);
      int width = 1 + random.nextInt(40);
      LabelImage image = blots(random, height, width);
      FilledObjects.fill(image, image.maxLabel(), 0);

      List<TracedObject> objects = TracedObject.of(image, flows(height, width));

      assertThat(objects).hasSize(image.maxLabel());
      assertThat(StarDist.paint(objects, height, width).labels()).isEqualTo(image.labels());
      for (int i = 0; i < objects.size(); i++) {
        assertThat(image.at(objects.get(i).y(), objects.get(i).x())).isEqualTo(i + 1);
        assertThat(objects.get(i).prob()).isEqualTo(0.5f);
      }
    }
  }

  /** Of a few labels in many parts: single pixels, lines, rectangles, rings. */
  private static LabelImage blots(Random random, int height, int width) {
    LabelImage image = new LabelImage(height, width);
    int labels = 1 + random.nextInt(6);
    for (int k = random.nextInt(40); k >= 0; k--) {
      int label = 1 + random.nextInt(labels);
      int top = random.nextInt(height);
      int left = random.nextInt(width);
      int kind = random.nextInt(4);
      int side = random.nextInt(9);
      for (int y = top; y < Math.min(height, top + (kind == 1 ? 1 : side)); y++) {
        for (int x = left; x < Math.min(width, left + side); x++) {
          boolean edge = y == top || x == left || y == top + side - 1 || x == left + side - 1;
          boolean diagonal = y - top == x - left;
          if (kind == 0 ? diagonal : kind < 3 || edge) {
            image.set(y, x, label);
          }
        }
      }
    }
    return image;
  }

  private static CellFlows flows(int height, int width) {
    int pixels = height * width;
    return new CellFlows(height, width, new float[pixels], new float[pixels], new float[pixels]);
  }

  /** A hole is background that is not connected to the image's border by sides. */
  @Test
  void fillingLeavesNoHole() {
    Random random = new Random(9);
    for (int round = 0; round < 200; round++) {
      int height = 1 + random.nextInt(30);
      int width = 1 + random.nextInt(30);
      LabelImage image = blots(random, height, width);
      LabelImage before = new LabelImage(height, width);
      System.arraycopy(image.labels(), 0, before.labels(), 0, height * width);
      if (before.maxLabel() != 1) {
        continue; // objects in holes of others are gone
      }
      FilledObjects.fill(image, 1, 0);
      boolean[] outside = outside(before);
      for (int i = 0; i < outside.length; i++) {
        assertThat(image.at(i)).isEqualTo(outside[i] ? 0 : 1);
      }
    }
  }

  /** By repeated sweeps. */
  private static boolean[] outside(LabelImage image) {
    int width = image.width();
    boolean[] outside = new boolean[image.labels().length];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < outside.length; i++) {
        int y = i / width;
        int x = i % width;
        boolean reached =
            y == 0
                || x == 0
                || y == image.height() - 1
                || x == width - 1
                || outside[i - 1]
                || outside[i + 1]
                || outside[i - width]
                || outside[i + width];
        if (image.at(i) == 0 && reached && !outside[i]) {
          outside[i] = true;
          changed = true;
        }
      }
    }
    return outside;
  }
}
