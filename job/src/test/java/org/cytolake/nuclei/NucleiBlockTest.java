package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.cytolake.image.LabelImage;
import org.cytolake.measure.Ring;
import org.cytolake.stardist.Star;
import org.cytolake.stardist.Window;
import org.junit.jupiter.api.Test;

/** Nuclei measured in blocks have the pixels, and the rings, that they have in the whole plane. */
final class NucleiBlockTest {
  private static final int HEIGHT = 300;
  private static final int WIDTH = 340;

  /** Crowded, overlapping, some of them beyond the border; the most probable first. */
  private static List<Star> stars() {
    Random random = new Random(21);
    List<Star> stars = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      float[] dist = new float[32];
      double radius = 3 + 9 * random.nextDouble();
      for (int k = 0; k < dist.length; k++) {
        dist[k] = (float) (radius * (0.9 + 0.2 * random.nextDouble()));
      }
      stars.add(new Star(random.nextFloat(), random.nextInt(HEIGHT), random.nextInt(WIDTH), dist));
    }
    stars.sort(Comparator.comparingDouble(star -> -star.prob()));
    return stars;
  }

  @Test
  void pixelsAndRingsAreThoseOfTheWholePlane() {
    List<Star> stars = stars();
    PaintedNuclei whole = PaintedNuclei.whole(stars, HEIGHT, WIDTH);
    for (int ring : new int[] {1, 5, 12}) {
      LabelImage rings = Ring.around(whole.labels(), ring);
      for (int side : new int[] {40, 128}) {
        List<NucleiBlock> blocks = NucleiBlock.divide(stars, HEIGHT, WIDTH, 2 * ring, side);
        assertThat(blocks).hasSizeGreaterThan(4);
        LabelImage ownPixels = new LabelImage(HEIGHT, WIDTH);
        LabelImage ownRings = new LabelImage(HEIGHT, WIDTH);
        for (NucleiBlock block : blocks) {
          PaintedNuclei nuclei = PaintedNuclei.of(block, HEIGHT, WIDTH);
          collect(nuclei, ownPixels);
          collect(nuclei.rings(ring), ownRings);
        }
        assertThat(ownPixels.labels()).isEqualTo(whole.labels().labels());
        assertThat(ownRings.labels()).as("ring %d, side %d", ring, side).isEqualTo(rings.labels());
      }
    }
  }

  /** Puts what is measured in a block where it lies in the plane. */
  private static void collect(PaintedNuclei nuclei, LabelImage plane) {
    Window w = nuclei.window();
    for (int y = 0; y < w.height(); y++) {
      for (int x = 0; x < w.width(); x++) {
        int label = nuclei.labels().at(y, x);
        if (label > 0 && nuclei.isOwn(label)) {
          assertThat(plane.at(w.top() + y, w.left() + x)).as("measured once").isZero();
          plane.set(w.top() + y, w.left() + x, nuclei.number(label));
        }
      }
    }
  }
}
