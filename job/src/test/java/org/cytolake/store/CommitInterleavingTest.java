package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.TakesMinutes;
import org.cytolake.config.CytolakeException;
import org.cytolake.output.OutputLock;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Between any two steps of a commit, one after the other: what readers see, that a second writer is
 * refused, and that nothing is lost where it takes over from a first one that has died, or has only
 * stood still and goes on.
 */
final class CommitInterleavingTest {
  private static final List<Table> TABLES = List.of(Table.HISTOGRAMS, Table.NUCLEI, Table.IMAGES);

  /** With it a writer takes over from any other at once. */
  private static final OutputLock.Timing IMPATIENT =
      new OutputLock.Timing(Duration.ofHours(1), Duration.ZERO, Duration.ZERO);

  @TempDir Path folder;

  private final SparkSession spark = Samples.spark().newSession();
  private final Random random = new Random(23);
  private final Map<Table, List<Row>> a = rows("a");
  private final Map<Table, List<Row>> b = rows("b");
  private final Map<Table, List<Row>> newA = rows("a");
  private final Map<Table, List<Row>> newB = rows("b");
  private Path base;
  private Path output;

  private Map<Table, List<Row>> rows(String image) {
    Map<Table, List<Row>> rows = new java.util.EnumMap<>(Table.class);
    TABLES.forEach(table -> rows.put(table, Samples.rows(table, image, 2, random)));
    return rows;
  }

  private TableStore open(OutputLock.Timing timing) {
    return Samples.parquet(spark, output.toString(), Samples.LAYOUT, timing, 100);
  }

  private static void stage(Run run, String image, Map<Table, List<Row>> rows) {
    TABLES.forEach(
        table -> run.replace(table, Samples.dataset(table, rows.get(table)), List.of(image)));
  }

  @BeforeEach
  void twoImages() throws IOException {
    base = folder.resolve("base");
    output = base;
    try (Run run = open(OutputLock.Timing.DEFAULT).begin()) {
      stage(run, "a", a);
      stage(run, "b", b);
      run.commit(Map.of());
    }
  }

  private void copy(String name) throws IOException {
    output = folder.resolve(name);
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.toList()) {
        Files.copy(file, output.resolve(base.relativize(file).toString()));
      }
    }
  }

  private static List<String> text(Map<Table, List<Row>> one, Map<Table, List<Row>> two, Table of) {
    List<Row> all = new ArrayList<>(one.get(of));
    all.addAll(two.get(of));
    return Samples.text(all);
  }

  private void requireTables(String at, Map<Table, List<Row>> one, Map<Table, List<Row>> two) {
    TableStore store = open(OutputLock.Timing.DEFAULT);
    for (Table table : TABLES) {
      assertThat(Samples.text(store.read(table).orElseThrow()))
          .as(at + ", " + table)
          .isEqualTo(text(one, two, table));
    }
  }

  /** What lists the folder sees: no row missing, none that was not there before or after. */
  private boolean isPlainlyNew(String at, Table table) {
    List<String> seen =
        Samples.text(
            spark
                .read()
                .schema(table.schema(Samples.LAYOUT))
                .parquet(output + "/" + table.folder()));
    List<String> before = text(a, b, table);
    List<String> after = text(newA, b, table);
    assertThat(seen.containsAll(before) || seen.containsAll(after)).as(at).isTrue();
    Set<String> known = new HashSet<>(before);
    known.addAll(after);
    assertThat(known).as(at).containsAll(seen);
    return seen.equals(after);
  }

  @Test
  void readersSeeOneStateAndASecondWriterIsRefused() throws IOException {
    copy("readers");
    AtomicInteger last = new AtomicInteger(-1);
    try (Run run = open(OutputLock.Timing.DEFAULT).begin()) {
      stage(run, "a", newA);
      run.commit(
          Map.of(),
          (done, of) -> {
            String at = "after " + done + " of " + of;
            assertThat(done).isEqualTo(last.get() + 1);
            last.set(done);
            requireTables(at, done == 0 ? a : newA, b);
            List<Table> isNew = TABLES.stream().filter(t -> isPlainlyNew(at, t)).toList();
            // one table after the other, images when all others are new
            assertThat(TABLES.subList(0, isNew.size())).as(at).isEqualTo(isNew);
            assertThatThrownBy(() -> open(OutputLock.Timing.DEFAULT).begin())
                .as(at)
                .isInstanceOf(CytolakeException.class)
                .hasMessageContaining("Another run is writing");
            assertThat(done < of || isNew.equals(TABLES)).as(at).isTrue();
          });
    }
    assertThat(last.get()).isGreaterThanOrEqualTo(2 * TABLES.size() + 1);
  }

  /** All steps: --full; else the first two, one in the middle of a table, and the last. */
  private static boolean isLeftOut(int step, int of) {
    return !Boolean.getBoolean("cytolake.full") && step > 1 && step != 4 && step != of;
  }

  /** Ends a commit at a step. */
  private static final class Dead extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void aSecondWriterGoesOnFromWhereTheFirstDied() throws IOException {
    AtomicInteger steps = new AtomicInteger(1);
    for (int i = 0; i <= steps.get(); i++) {
      int step = i;
      if (isLeftOut(step, steps.get())) {
        continue;
      }
      String at = "died after " + step;
      copy(at);
      Run first = open(IMPATIENT).begin();
      stage(first, "a", newA);
      assertThatThrownBy(
              () ->
                  first.commit(
                      Map.of(),
                      (done, of) -> {
                        steps.set(of);
                        if (done == step) {
                          throw new Dead();
                        }
                      }))
          .isInstanceOf(Dead.class);
      requireTables(at, step == 0 ? a : newA, b);
      try (Run second = open(IMPATIENT).begin()) {
        stage(second, "b", newB);
        second.commit(Map.of());
      }
      requireTables(at, step == 0 ? a : newA, newB);
      assertThat(output.resolve("_staging")).as(at).isEmptyDirectory();
    }
    assertThat(steps).hasValueGreaterThanOrEqualTo(2 * TABLES.size() + 1);
  }

  /** It was thought dead; what it does then changes nothing any more. */
  @Test
  @TakesMinutes
  void aFirstWriterThatStoodStillHarmsNothing() throws IOException {
    AtomicInteger steps = new AtomicInteger(1);
    for (int i = 0; i <= steps.get(); i++) {
      int step = i;
      if (isLeftOut(step, steps.get())) {
        continue;
      }
      String at = "stood still after " + step;
      copy(at);
      try (Run first = open(IMPATIENT).begin()) {
        stage(first, "a", newA);
        CommitSteps meanwhile =
            (done, of) -> {
              steps.set(of);
              if (done == step) {
                try (Run second = open(IMPATIENT).begin()) {
                  stage(second, "b", newB);
                  second.commit(Map.of());
                }
              }
            };
        if (step == 0) {
          assertThatThrownBy(() -> first.commit(Map.of(), meanwhile))
              .as(at)
              .isInstanceOf(CytolakeException.class)
              .hasMessageContaining("journal");
        } else {
          try {
            first.commit(Map.of(), meanwhile);
          } catch (CytolakeException e) {
            assertThat(e).hasMessageContaining("Neither");
          }
        }
      }
      requireTables(at, step == 0 ? a : newA, newB);
      open(IMPATIENT).begin().close();
      requireTables(at, step == 0 ? a : newA, newB);
      assertThat(output.resolve("_staging")).as(at).isEmptyDirectory();
    }
    assertThat(steps).hasValueGreaterThanOrEqualTo(2 * TABLES.size() + 1);
  }
}
