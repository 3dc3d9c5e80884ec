package org.cytolake.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol;
import org.cytolake.catalog.PlateMap;
import org.cytolake.catalog.PlateMapTable;
import org.cytolake.store.Run;
import org.cytolake.store.StagedCommitProtocol;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plate map of a run: read before any work, and kept beside the tables by the last commit.
 *
 * @param state a text that is another one for another map; empty: there is none
 * @param rows of the map
 */
record RunPlateMap(String state, Optional<Dataset<Row>> rows) {
  private static final Logger LOG = LoggerFactory.getLogger(RunPlateMap.class);
  private static final int MOST_NAMED = 12;

  /**
   * Reads it.
   *
   * @param file empty: none
   * @throws org.cytolake.config.CytolakeException USAGE if it cannot be used with these tables
   */
  static RunPlateMap read(String file, SparkSession spark, Layout layout, Configuration hadoop) {
    if (file.isEmpty()) {
      return new RunPlateMap("", Optional.empty());
    }
    Set<String> taken = new HashSet<>(layout.groups());
    for (Table table : Table.values()) {
      taken.addAll(Arrays.asList(table.schema(layout).fieldNames()));
    }
    PlateMap map = PlateMap.read(file, hadoop, layout.groups(), taken);
    return new RunPlateMap(digest(map.toString()), Optional.of(PlateMapTable.of(map, spark)));
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /**
   * Stages the map in place of the one that is there.
   *
   * @param before the state of that one
   */
  void stage(Run run, String before) {
    if (state.equals(before)) {
      return;
    }
    if (rows.isEmpty()) {
      run.replaceFile(PlateMapTable.NAME, null);
      return;
    }
    String folder = run.scratch() + "/" + PlateMapTable.NAME;
    // StagedCommitProtocol's list of files would name those of the staging folder
    SparkSession own = rows.get().sparkSession().newSession();
    own.conf().set(StagedCommitProtocol.SETTING, SQLHadoopMapReduceCommitProtocol.class.getName());
    own.createDataFrame(rows.get().collectAsList(), rows.get().schema())
        .coalesce(1)
        .write()
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .parquet(folder);
    run.replaceFile(PlateMapTable.NAME, folder);
    compare(run, rows.get());
  }

  /** Says which wells with images the map does not name. */
  private static void compare(Run run, Dataset<Row> map) {
    String[] keys =
        Arrays.stream(map.columns())
            .filter(c -> c.equals(PlateMap.PLATE) || c.equals(PlateMap.WELL))
            .toArray(String[]::new);
    Set<String> lacking = new TreeSet<>(wells(run.read(Table.IMAGES), keys));
    int all = lacking.size();
    lacking.removeAll(wells(map, keys));
    if (!lacking.isEmpty()) {
      LOG.warn(
          "{} of {} wells with images are not in the plate map: {}{}",
          lacking.size(),
          all,
          String.join(", ", lacking.stream().limit(MOST_NAMED).toList()),
          lacking.size() > MOST_NAMED ? ", ..." : "");
    }
  }

  private static List<String> wells(Dataset<Row> rows, String[] keys) {
    return rows.selectExpr(keys).distinct().na().drop().collectAsList().stream()
        .map(r -> r.mkString(" "))
        .toList();
  }
}
