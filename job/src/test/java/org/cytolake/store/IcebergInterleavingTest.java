package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeException;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Between any two steps of a commit to Iceberg's tables: what readers see, that a second writer
 * waits, and that nothing is lost where it takes over from a first one that is thought dead.
 */
final class IcebergInterleavingTest {
  private static final List<Table> TABLES = List.of(Table.IMAGES, Table.HISTOGRAMS, Table.NUCLEI);

  @TempDir Path folder;

  private final Random random = new Random(29);
  private TableStore store;
  private Map<Table, List<Row>> a = rows("a");
  private Map<Table, List<Row>> b = rows("b");

  private Map<Table, List<Row>> rows(String image) {
    Map<Table, List<Row>> rows = new EnumMap<>(Table.class);
    TABLES.forEach(table -> rows.put(table, Samples.rows(table, image, 2, random)));
    return rows;
  }

  @BeforeEach
  void twoImages() {
    store = Samples.iceberg(folder.toString(), "", Samples.LAYOUT);
    try (Run run = store.begin()) {
      stage(run, "a", a);
      stage(run, "b", b);
      run.commit(Map.of());
    }
  }

  private static void stage(Run run, String image, Map<Table, List<Row>> rows) {
    TABLES.forEach(
        table -> run.replace(table, Samples.dataset(table, rows.get(table)), List.of(image)));
  }

  private static List<String> text(Map<Table, List<Row>> one, Map<Table, List<Row>> two, Table of) {
    List<Row> all = new ArrayList<>(one.get(of));
    all.addAll(two.get(of));
    return Samples.text(all);
  }

  /**
   * Each table is wholly as it was or as it is to be; and where that of images is new, which is
   * looked at first, all are.
   *
   * @return how many are new
   */
  private int requireWhole(String at, Map<Table, List<Row>> newA, Map<Table, List<Row>> nowB) {
    int fresh = 0;
    boolean complete = false;
    for (Table table : TABLES) {
      List<String> seen = Samples.text(store.read(table).orElseThrow());
      List<String> after = text(newA, nowB, table);
      boolean isNew = seen.equals(after);
      complete |= table == Table.IMAGES && isNew;
      assertThat(seen).as(at + ", " + table).isIn(text(a, nowB, table), after);
      assertThat(isNew || !complete).as(at + ", " + table).isTrue();
      fresh += isNew ? 1 : 0;
    }
    return fresh;
  }

  @Test
  void readersSeeWholeTablesAndASecondWriterWaits() throws Exception {
    Map<Table, List<Row>> newA = rows("a");
    Map<Table, List<Row>> newB = rows("b");
    Set<Integer> steps = new ConcurrentSkipListSet<>();
    CompletableFuture<Void> after = new CompletableFuture<>();
    try (Run first = store.begin();
        Run second = store.begin()) {
      stage(first, "a", newA);
      stage(second, "b", newB);
      first.commit(
          Map.of(),
          (done, of) -> {
            synchronized (steps) {
              if (done == 0) {
                Thread thread =
                    new Thread(
                        () -> {
                          try {
                            second.commit(Map.of());
                            after.complete(null);
                          } catch (RuntimeException e) {
                            after.completeExceptionally(e);
                          }
                        });
                thread.start();
              }
              steps.add(done);
              int fresh = requireWhole("after " + done, newA, b);
              assertThat(done > 0 || fresh == 0).as("before the first step").isTrue();
              assertThat(done < of || fresh == TABLES.size()).as("after the last").isTrue();
              assertThat(after).as("the second writer, after " + done).isNotDone();
            }
          });
      after.get();
    }
    assertThat(steps)
        .isEqualTo(
            IntStream.rangeClosed(0, Table.values().length)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new)));
    for (Table table : TABLES) {
      assertThat(Samples.text(store.read(table).orElseThrow())).isEqualTo(text(newA, newB, table));
    }
  }

  /**
   * It stands still after so many steps; another writes an image, and then the first image again,
   * or the first one goes on before that.
   */
  private void standStill(int step, boolean dead) throws Exception {
    String at = (dead ? "dead" : "still") + " after " + step;
    Map<Table, List<Row>> newA = rows("a");
    Map<Table, List<Row>> newB = rows("b");
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    CompletableFuture<RuntimeException> ended = new CompletableFuture<>();
    Run first = store.begin();
    stage(first, "a", newA);
    Thread thread =
        new Thread(
            () -> {
              try (first) {
                first.commit(
                    Map.of(),
                    (done, of) -> {
                      if (done >= step) {
                        reached.countDown();
                        await(goesOn);
                      }
                    });
                ended.complete(null);
              } catch (RuntimeException e) {
                ended.complete(e);
              }
            });
    thread.start();
    await(reached);
    lose("_lock");
    if (dead) {
      lose("_alive");
    }
    try (Run second = store.begin()) {
      stage(second, "b", newB);
      second.commit(Map.of());
    }
    requireWhole(at, newA, newB);
    goesOn.countDown();
    RuntimeException end = ended.get();
    if (end != null) {
      assertThat(end).as(at).isInstanceOf(CytolakeException.class).hasMessageContaining("again");
    }
    requireWhole(at + ", gone on", newA, newB);
    try (Run third = store.begin()) {
      stage(third, "a", newA);
      third.commit(Map.of());
    }
    assertThat(requireWhole(at + ", made again", newA, newB)).isEqualTo(TABLES.size());
    assertThat(folder.resolve("_staging")).as(at).isEmptyDirectory();
    a = newA;
    b = newB;
  }

  /** A lock goes, as where its holder has given no sign of life. */
  private void lose(String lock) throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("_staging"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(lock)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** All steps: --full; else that of the table of images, which is last. */
  @Test
  void aSecondWriterTakesOverWhereTheFirstStandsStill() throws Exception {
    int steps = Table.values().length;
    for (int step = 0; step <= steps; step++) {
      if (Boolean.getBoolean("cytolake.full") || step == steps - 1) {
        standStill(step, step % 2 == 0);
      }
    }
  }
}
