package org.cytolake.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cytolake.field.Field;
import org.junit.jupiter.api.Test;

/** What holds of every division of images into batches and shares. */
final class BatchTest {
  private static Field field(int number, int side, int sizeT) {
    String name = "image" + number;
    return new Field(
        name, name, List.of(), 0, side, side, 1, 0, sizeT, "uint8", null, null, List.of());
  }

  private static List<Field> fields(int count, Random random) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int side = random.nextInt(20) == 0 ? 20_000 : 1 + random.nextInt(3_000);
      fields.add(field(i, side, 1 + random.nextInt(3)));
    }
    return fields;
  }

  private static long pixels(List<Field> fields) {
    return fields.stream().mapToLong(Batch::pixels).sum();
  }

  @Test
  void everyImageIsInOneShareInOrderAndBatchesKeepTheirLimits() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      List<Field> fields = fields(random.nextInt(400), random);
      long mostPixels = 1L + random.nextInt(1_000_000_000);
      int mostImages = 1 + random.nextInt(300);
      List<Batch> batches = Batch.plan(fields, mostPixels, mostImages);
      assertThat(batches.stream().flatMap(b -> b.fields().stream()).toList()).isEqualTo(fields);
      for (int b = 0; b < batches.size(); b++) {
        Batch batch = batches.get(b);
        assertThat(batch.images()).isEqualTo(batch.fields().size()).isBetween(1, mostImages);
        assertThat(batch.images() == 1 || pixels(batch.fields()) <= mostPixels).isTrue();
        assertThat(batch.shares()).noneMatch(List::isEmpty).hasSizeLessThan(Batch.MOST_SHARES);
        if (b > 0) {
          List<Field> before = new ArrayList<>(batches.get(b - 1).fields());
          before.add(batch.fields().get(0));
          assertThat(before.size() > mostImages || pixels(before) > mostPixels)
              .as("a batch is full before the next one begins")
              .isTrue();
        }
      }
    }
  }

  @Test
  void aBatchHasWorkForFourCoresAndSharesOfASize() {
    assertThat(Batch.plan(List.of(), 1, 1)).isEmpty();
    for (int images : new int[] {1, 2, 7, 8, 20, 2_000}) {
      List<Field> fields = new ArrayList<>();
      for (int i = 0; i < images; i++) {
        fields.add(field(i, 1_000, 1));
      }
      List<List<Field>> shares = Batch.plan(fields, 1L << 40, 2_000).get(0).shares();
      assertThat(shares).hasSizeGreaterThanOrEqualTo(Math.min(4, images));
      assertThat(shares).allMatch(s -> s.size() <= 65).allMatch(s -> pixels(s) <= 68_000_000);
      int least = shares.stream().mapToInt(List::size).min().orElseThrow();
      assertThat(shares).allMatch(s -> s.size() <= least + 1);
    }
  }

  /** What comes later does not change the batches before. */
  @Test
  void batchesAreThoseOfTheListingSoFar() {
    List<Field> fields = fields(300, new Random(9));
    List<Batch> all = Batch.plan(fields, 100_000_000, 50);
    List<Batch> some = Batch.plan(fields.subList(0, 200), 100_000_000, 50);
    assertThat(all.subList(0, some.size() - 1)).isEqualTo(some.subList(0, some.size() - 1));
  }
}
