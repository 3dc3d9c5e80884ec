package org.cytolake.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.facts.Fact;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.Part;
import org.cytolake.facts.ReportSettings;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Plane;
import org.cytolake.measure.Ring;
import org.cytolake.stardist.Star;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.Window;
import org.junit.jupiter.api.Test;

/** Example cells show what was measured. */
final class GalleryTest {
  private static final int HEIGHT = 150;
  private static final int WIDTH = 190;
  private static final List<String> CHANNELS = List.of("dna");

  private final Random random = new Random(2);

  private static ReportSettings settings(int ring) {
    CytolakeConfig config = ConfigLoader.load(Optional.empty(), Map.of(), List.of());
    return new ReportSettings(
        CHANNELS, config.exploration().resolved(CHANNELS), config.clustering(), ring);
  }

  private List<Star> crowd() {
    List<Star> stars = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      float[] dist = new float[32];
      for (int k = 0; k < dist.length; k++) {
        dist[k] = 5 + 4 * random.nextFloat();
      }
      stars.add(new Star(1 - i / 100f, random.nextInt(HEIGHT), random.nextInt(WIDTH), dist));
    }
    return stars;
  }

  /** Rows as the table has them: polygons, and the boxes of the pixels that are left of them. */
  private static ImageFacts facts(List<Star> stars, LabelImage labels) {
    Part part =
        Part.of("nuclei", "", "nucleus prob bbox_y0 bbox_x0 bbox_y1 bbox_x1").withTail("polygon");
    ImageFacts facts = new ImageFacts(new ImageKey("a", 0, 0, 0), Map.of());
    for (int i = stars.size() - 1; i >= 0; i--) {
      int[] box = {HEIGHT, WIDTH, 0, 0};
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          if (labels.at(y, x) == i + 1) {
            box[0] = Math.min(box[0], y);
            box[1] = Math.min(box[1], x);
            box[2] = Math.max(box[2], y + 1);
            box[3] = Math.max(box[3], x + 1);
          }
        }
      }
      if (box[2] == 0) {
        continue; // others cover it wholly
      }
      float[] rows = stars.get(i).vertexRows();
      float[] columns = stars.get(i).vertexColumns();
      double[] numbers = new double[6 + 2 * rows.length];
      numbers[0] = i + 1;
      numbers[1] = stars.get(i).prob();
      for (int b = 0; b < 4; b++) {
        numbers[2 + b] = box[b];
      }
      for (int v = 0; v < rows.length; v++) {
        numbers[6 + 2 * v] = rows[v];
        numbers[7 + 2 * v] = columns[v];
      }
      facts.add(part, new String[0], numbers);
    }
    return facts;
  }

  /** Each nucleus among its neighbours against the rings of the whole plane. */
  @Test
  void ringsAreThoseThatWereMeasured() {
    List<Star> stars = crowd();
    LabelImage labels = StarDist.paint(stars, HEIGHT, WIDTH);
    ImageFacts facts = facts(stars, labels);
    PlanePixels pixels = PlanePixels.of(List.<Plane>of(i -> 0), HEIGHT, WIDTH);
    for (int width : List.of(1, 5, 14)) {
      LabelImage rings = Ring.around(labels, width);
      Gallery gallery = new Gallery(settings(width), facts, pixels);
      for (Fact nucleus : facts.all("nuclei")) {
        Window window = gallery.around(nucleus, width + 3);
        LabelImage ring = gallery.ring(nucleus, window);
        for (int y = 0; y < window.height(); y++) {
          for (int x = 0; x < window.width(); x++) {
            boolean measured =
                rings.at(y + window.top(), x + window.left()) == nucleus.number("nucleus");
            assertThat(ring.at(y, x)).isEqualTo(measured ? 1 : 0);
          }
        }
      }
    }
  }

  /** Labels at random, which touch at corners too. */
  @Test
  void contoursLieOnBothSidesOfTheBorderAndNowhereElse() {
    LabelImage labels = new LabelImage(23, 31);
    for (int i = 0; i < 23 * 31; i++) {
      labels.set(i / 31, i % 31, random.nextInt(3));
    }
    for (int scale : List.of(1, 3, 4)) {
      int width = 31 * scale;
      int[] rgb = new int[width * 23 * scale];
      DashedContour.draw(labels, 1, scale, rgb, width, 7);
      int beside = 0;
      int drawn = 0;
      for (int i = 0; i < rgb.length; i++) {
        boolean is = isBesideBorder(labels, scale, i % width, i / width);
        beside += is ? 1 : 0;
        drawn += rgb[i] == 7 ? 1 : 0;
        assertThat(rgb[i] == 0 || is).isTrue();
      }
      assertThat(drawn / (double) beside).isBetween(0.5, 0.95);
    }
  }

  /**
   * Whether a pixel's 3 x 3 pixels have and have not the label; the picture's end counts as not.
   */
  private static boolean isBesideBorder(LabelImage labels, int scale, int x, int y) {
    int with = 0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        int px = Math.floorDiv(x + dx, scale);
        int py = Math.floorDiv(y + dy, scale);
        boolean inside = px >= 0 && py >= 0 && px < labels.width() && py < labels.height();
        with += inside && labels.at(py, px) == 1 ? 1 : 0;
      }
    }
    return with > 0 && with < 9;
  }
}
