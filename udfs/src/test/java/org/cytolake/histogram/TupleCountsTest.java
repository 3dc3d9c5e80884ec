package org.cytolake.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

final class TupleCountsTest {
  private static String text(TupleCounts counts) {
    TupleCounts.Sorted sorted = counts.sorted();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sorted.size(); i++) {
      text.append(sorted.code(0, i)).append(' ').append(sorted.code(1, i)).append(' ');
      text.append(sorted.count(i)).append('\n');
    }
    return text.toString();
  }

  @SuppressWarnings("BanSerializableRead") // only what was written just before
  private static TupleCounts shipped(TupleCounts counts) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(counts);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass description)
              throws ClassNotFoundException {
            // as Spark's own loader does, which does not know the jar
            return Class.forName(
                description.getName(), false, ClassLoader.getPlatformClassLoader());
          }
        }) {
      return TupleCounts.of(in.readObject());
    }
  }

  @Test
  void countsMergesSortsAndShips() throws Exception {
    LongUnaryOperator small = v -> v % 50 - 25;
    LongUnaryOperator large = v -> v % 50 * (Long.MAX_VALUE / 25);
    for (LongUnaryOperator spread : new LongUnaryOperator[] {small, large}) {
      SplittableRandom random = new SplittableRandom(3);
      TreeMap<Long, TreeMap<Long, Long>> expected = new TreeMap<>();
      TupleCounts[] parts = {new TupleCounts(2), new TupleCounts(2), new TupleCounts(2)};
      for (int i = 0; i < 4000; i++) {
        long x = spread.applyAsLong(random.nextInt(1000));
        long y = spread.applyAsLong(random.nextInt(1000));
        parts[i % 2].add(x, y);
        expected.computeIfAbsent(x, key -> new TreeMap<>()).merge(y, 1L, Long::sum);
      }
      StringBuilder text = new StringBuilder();
      expected.forEach((x, ys) -> ys.forEach((y, n) -> text.append(x + " " + y + " " + n + "\n")));
      parts[2].add(shipped(parts[0]));
      assertThat(parts[2].isEmpty()).isFalse();
      parts[2].add(parts[1]);
      assertThat(text(parts[2])).isEqualTo(text.toString());
      assertThat(text(shipped(parts[2]))).isEqualTo(text.toString());
    }
  }

  @Test
  void codesAscendAsNumbersDo() {
    double[] values = {-Double.MAX_VALUE, -2, -Double.MIN_VALUE, 0, 1e-300, 1, Double.MAX_VALUE};
    for (int i = 0; i < values.length; i++) {
      assertThat(TupleCounts.value(TupleCounts.code(values[i]))).isEqualTo(values[i]);
      if (i > 0) {
        assertThat(TupleCounts.code(values[i])).isGreaterThan(TupleCounts.code(values[i - 1]));
      }
    }
    assertThat(TupleCounts.code(-0.0)).isEqualTo(TupleCounts.code(0.0));
  }
}
