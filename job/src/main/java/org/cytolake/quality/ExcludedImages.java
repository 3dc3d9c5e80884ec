package org.cytolake.quality;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.store.ImageFiles;
import org.cytolake.store.Run;
import org.cytolake.tables.Table;

/**
 * Images that have a flag of quality.exclude: they keep their rows in the tables that say what they
 * are and why, and have none elsewhere, and no files.
 */
public final class ExcludedImages {
  /** Their status in the table {@code images}. */
  public static final String STATUS = "excluded";

  private static final EnumSet<Table> KEPT =
      EnumSet.of(Table.IMAGES, Table.IMAGE_QUALITY, Table.FLAGS, Table.ERRORS);

  private ExcludedImages() {}

  /**
   * Stages that they have no rows.
   *
   * @return all of them, those of earlier runs too
   */
  static Set<String> stage(Run run, List<RaisedFlag> flags, List<String> exclude) {
    Set<String> excluded = new TreeSet<>();
    for (RaisedFlag flag : flags) {
      if (exclude.contains(flag.flag().name())) {
        excluded.add(flag.field().image());
      }
    }
    if (excluded.isEmpty()) {
      return excluded;
    }
    Dataset<Row> rows = FlagWarnings.of(run.read(Table.IMAGES), excluded).where("status = 'ok'");
    Set<String> now = new TreeSet<>();
    rows.select("image").collectAsList().forEach(row -> now.add(row.getString(0)));
    if (!now.isEmpty()) {
      EnumSet.complementOf(KEPT).forEach(table -> run.stage(table, List.of(), now));
      run.replace(Table.IMAGES, rows.withColumn("status", lit(STATUS)), now);
      for (ImageFiles kind : ImageFiles.values()) {
        now.forEach(image -> kind.names(image).forEach(name -> run.replaceFile(name, null)));
      }
    }
    return excluded;
  }

  private static Dataset<Row> flagged(Dataset<Row> flags, List<String> exclude) {
    return flags.where(col("flag").isin(exclude.toArray())).select("image").distinct();
  }

  /**
   * The table {@code images} as a run is planned by it: those that are left out for a reason that
   * still holds are complete; others that were left out are to be analysed.
   *
   * @param images the table, and {@code flags}: the other
   */
  public static Optional<Dataset<Row>> planned(
      Optional<Dataset<Row>> images, Optional<Dataset<Row>> flags, List<String> exclude) {
    if (images.isEmpty() || flags.isEmpty() || exclude.isEmpty()) {
      return images;
    }
    Dataset<Row> still = flagged(flags.get(), exclude).toDF("still");
    return Optional.of(
        images
            .get()
            .join(broadcast(still), col("image").equalTo(col("still")), "left")
            .withColumn(
                "status",
                when(col("status").equalTo(STATUS).and(col("still").isNotNull()), lit("ok"))
                    .otherwise(col("status")))
            .drop("still"));
  }
}
