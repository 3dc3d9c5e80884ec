package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeException;
import org.cytolake.store.FaultyFileSystem.Fault;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A command of five batches is killed in the third: the first two are there, and of the third
 * nothing or all.
 */
class KilledBatchTest {
  private final Random random = new Random(8);

  @TempDir Path folder;

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private static Map<Table, List<Row>> batch(int number) {
    Map<Table, List<Row>> rows = new EnumMap<>(Table.class);
    for (Table table : List.of(Table.IMAGES, Table.NUCLEI)) {
      rows.put(table, new ArrayList<>());
      for (String image : images(number)) {
        rows.get(table).addAll(Samples.rows(table, image, 2, new Random(number)));
      }
    }
    return rows;
  }

  private static Set<String> images(int batch) {
    return Set.of("batch " + batch + " a", "batch " + batch + " b");
  }

  private static Map<Table, List<Row>> upTo(int batch) {
    Map<Table, List<Row>> all = new EnumMap<>(Table.class);
    for (int b = 1; b <= batch; b++) {
      TableFilesTest.add(all, batch(b), Set.of());
    }
    return all;
  }

  private static Run commit(Run run, int batch) {
    run.stage(TableFilesTest.written(run.files(), 0, batch(batch)), images(batch));
    run.commit(Map.of("batch", String.valueOf(batch)));
    return run.next();
  }

  /** Kills the third batch at its n-th operation; returns whether it has so many. */
  private boolean killed(int n, String copy) {
    String output = "faulty://" + folder.resolve(copy);
    TableStore store = Samples.parquet(output, Samples.LAYOUT);
    Run run = store.begin();
    run = commit(commit(run, 1), 2);
    assertThatThrownBy(store::begin)
        .as("the lock is kept between batches")
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("Another run is writing");
    FaultyFileSystem.failAt(n, Fault.FROM_THEN_ON, "killed");
    boolean finished = true;
    try {
      run = commit(run, 3);
    } catch (CytolakeException e) {
      finished = false;
    } finally {
      boolean reached = FaultyFileSystem.count() > n;
      FaultyFileSystem.heal();
      run.close();
      assertThat(reached || finished).isTrue();
    }
    Run next = Samples.parquet(output, Samples.LAYOUT).begin();
    List<String> seen = Samples.text(store.read(Table.NUCLEI).orElseThrow());
    int last = seen.size() == Samples.text(upTo(2).get(Table.NUCLEI)).size() ? 2 : 3;
    TableFilesTest.requireSame(store, upTo(last), "killed at " + n);
    assertThat(store.facts()).containsEntry("batch", String.valueOf(last));
    for (int batch = last + 1; batch <= 5; batch++) {
      next = commit(next, batch);
    }
    next.close();
    TableFilesTest.requireSame(store, upTo(5), "gone on after " + n);
    assertThat(folder.resolve(copy + "/_staging")).isEmptyDirectory();
    return !finished;
  }

  @Test
  void whatIsCommittedStaysAndTheRestComesAgain() {
    int step = 0;
    for (int n = random.nextInt(9); killed(n, "copy" + step); step++) {
      n += 10 + random.nextInt(30);
    }
    assertThat(step).isGreaterThan(2);
  }

  @Test
  void soItIsInIceberg() {
    TableStore store = Samples.iceberg(folder.toString(), "", Samples.LAYOUT);
    List<String> ids = new ArrayList<>();
    Run run = store.begin();
    for (int batch = 1; batch <= 2; batch++) {
      ids.add(run.id());
      run = commit(run, batch);
    }
    run.stage(TableFilesTest.written(run.files(), 0, batch(3)), images(3));
    run.close();
    TableFilesTest.requireSame(store, upTo(2), "two batches");
    List<Row> snapshots =
        Samples.spark()
            .read()
            .format("iceberg")
            .load(folder + "/nuclei#snapshots")
            .orderBy("committed_at")
            .collectAsList();
    assertThat(snapshots).hasSize(2).allMatch(row -> row.getString(3).equals("append"));
    for (int i = 0; i < 2; i++) {
      assertThat(snapshots.get(i).getJavaMap(5)).containsEntry("cytolake.run", ids.get(i));
    }
    assertThat(ids.get(1)).isEqualTo(ids.get(0) + "-00002");
    assertThat(store.facts()).containsEntry("batch", "2");

    // rows of an image that is there are replaced
    Map<Table, List<Row>> model = upTo(2);
    TableFilesTest.add(model, batch(1), images(1));
    Run again = store.begin();
    commit(again, 1).close();
    TableFilesTest.requireSame(store, model, "the first batch again");
  }
}
