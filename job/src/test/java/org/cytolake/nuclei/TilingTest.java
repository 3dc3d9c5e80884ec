package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.Span;
import org.junit.jupiter.api.Test;

/** What holds of the tiles of every plane. */
final class TilingTest {
  @Test
  void coresCoverThePlaneOnceWithinTheBoundAndBehindTheirHalos() {
    Random random = new Random(17);
    for (int round = 0; round < 300; round++) {
      int multiple = 8 << random.nextInt(3);
      int halo = multiple * (1 + random.nextInt(7));
      long least = (2L * halo + multiple) * (2L * halo + multiple);
      long most = least + random.nextInt(1 << 20);
      int height = 1 + random.nextInt(round % 3 == 0 ? 60 : 2_500);
      int width = 1 + random.nextInt(round % 5 == 0 ? 60 : 2_500);
      List<PlaneTile> tiles = new Tiling(multiple, halo, most).cut(height, width);
      String what = "%d x %d in %d, halo %d".formatted(height, width, most, halo);
      int paddedHeight = Span.padded(height, multiple);
      int paddedWidth = Span.padded(width, multiple);
      int columns = paddedWidth / multiple;
      int[] covered = new int[paddedHeight / multiple * columns];
      for (PlaneTile tile : tiles) {
        Span rows = tile.rows();
        Span across = tile.columns();
        assertThat((long) rows.length() * across.length()).as(what).isLessThanOrEqualTo(most);
        hasHalo(rows, halo, paddedHeight);
        hasHalo(across, halo, paddedWidth);
        for (int y = rows.coreStart() / multiple; y < rows.coreEnd() / multiple; y++) {
          for (int x = across.coreStart() / multiple; x < across.coreEnd() / multiple; x++) {
            covered[y * columns + x]++;
          }
        }
      }
      assertThat(covered).as(what).containsOnly(1);
      if ((long) paddedHeight * paddedWidth <= most) {
        assertThat(tiles).as(what).hasSize(1);
      }
    }
  }

  private static void hasHalo(Span span, int halo, int padded) {
    assertThat(span.start()).isEqualTo(Math.max(0, span.coreStart() - halo));
    assertThat(span.end()).isEqualTo(Math.min(padded, span.coreEnd() + halo));
  }

  /** Of all grids of square tiles none shows the network fewer pixels. */
  @Test
  void noGridOfSquaresIsBetter() {
    for (int side : new int[] {400, 512, 1024}) {
      for (int width : new int[] {500, 1040, 2160, 4000}) {
        Tiling tiling = new Tiling(16, 112, (long) side * side);
        assertThat(seen(tiling.cut(width, width)))
            .isLessThanOrEqualTo(seen(PlaneTile.cut(width, width, 16, 112, side)));
      }
    }
  }

  private static long seen(List<PlaneTile> tiles) {
    return tiles.stream().mapToLong(t -> (long) t.rows().length() * t.columns().length()).sum();
  }

  @Test
  void tilesThatFitTheMemory() {
    Tiling given = new Tiling(16, 112, 640_000);
    assertThat(given.inMemory(9)).isEqualTo(given);
    long most = new Tiling(16, 112, 0).inMemory(1).most();
    assertThat(most).isBetween(512L * 512, 2560L * 2560);
    assertThat(new Tiling(16, 112, 0).inMemory(1_000_000).most()).isEqualTo(512 * 512);
  }
}
