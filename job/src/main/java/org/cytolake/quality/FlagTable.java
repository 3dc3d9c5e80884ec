package org.cytolake.quality;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.QualityOptions;
import org.cytolake.image.Region;
import org.cytolake.store.Run;
import org.cytolake.store.StagedFile;
import org.cytolake.store.TableFiles;
import org.cytolake.tables.KeyColumns;
import org.cytolake.tables.Layout;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/**
 * The table {@code flags}, which follows from all of {@code image_quality}: every run makes it
 * anew, so that it is the same whatever runs and batches the images came in.
 *
 * <p>What is usual on a plate is its median and the median absolute deviation from it. A robust
 * z-score is the distance from the median in units of 1.4826 times that deviation (B. Iglewicz and
 * D. Hoaglin 1993, "How to detect and handle outliers"). Where half of a plate's fields are equal,
 * nothing is said about the others.
 */
public final class FlagTable {
  private static final String PLATE = "plate";
  private static final List<String> COLUMNS =
      List.of(
          "channel",
          "flag",
          "measure",
          "value",
          "plate_median",
          "plate_mad",
          "z_score",
          "bound",
          "message",
          "remedy");
  private static final Comparator<Row> ORDER =
      Comparator.comparing((Row flag) -> flag.<String>getAs("image"))
          .thenComparing(flag -> flag.<Integer>getAs("series"))
          .thenComparing(flag -> flag.<Integer>getAs("z"))
          .thenComparing(flag -> flag.<Integer>getAs("t"))
          .thenComparing(flag -> flag.<String>getAs("channel"))
          .thenComparing(flag -> flag.<String>getAs("flag"));

  private static final double DEVIATION = 1.4826; // of a normal distribution, in units of its MAD

  private final QualityOptions options;
  private final Layout layout;
  private final List<String> plate;

  /**
   * For tables of a layout.
   *
   * @throws CytolakeException (USAGE) where the pattern has no group that quality.plate names
   */
  public FlagTable(QualityOptions options, Layout layout) {
    this.options = options;
    this.layout = layout;
    this.plate = plate(options.plate(), layout.groups());
  }

  private static List<String> plate(List<String> wanted, List<String> groups) {
    if (wanted.equals(List.of(QualityOptions.ALL))) {
      return List.of();
    }
    if (wanted.equals(List.of(QualityOptions.AUTO))) {
      return groups.contains(PLATE) ? List.of(PLATE) : List.of();
    }
    if (!groups.containsAll(wanted)) {
      throw new CytolakeException(
          Code.USAGE,
          "quality.plate is "
              + String.join(", ", wanted)
              + ", but the groups of the pattern are "
              + (groups.isEmpty() ? "none" : String.join(", ", groups))
              + ".",
          "Name some of the groups, or set it to auto or all.");
    }
    return wanted;
  }

  /**
   * What was found.
   *
   * @param fields by flag: fields that have it, in one channel or several
   * @param excluded images that are left out of the other tables
   */
  public record Flagged(SortedMap<String, Long> fields, Set<String> excluded) {
    /** Nothing was looked for. */
    public static final Flagged NOTHING = new Flagged(new TreeMap<>(), Set.of());

    public Flagged {
      fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
      excluded = Set.copyOf(excluded);
    }
  }

  /**
   * Stages the flags of all images, the warnings of the images that have other flags than before,
   * and that images are left out.
   */
  public Flagged stage(Run run) {
    List<Row> flags = new ArrayList<>(of(run.read(Table.IMAGE_QUALITY)).collectAsList());
    flags.sort(ORDER); // here, as Spark would compute all twice to sort it
    Set<String> images = new TreeSet<>();
    flags.forEach(flag -> images.add(flag.getAs("image")));
    run.read(Table.FLAGS)
        .select("image")
        .collectAsList()
        .forEach(row -> images.add(row.getString(0)));
    if (images.isEmpty()) {
      return Flagged.NOTHING;
    }
    run.stage(Table.FLAGS, written(run, flags), images);
    FlagWarnings.stage(run, flags, images);
    SortedMap<String, Long> fields = new TreeMap<>();
    flags.stream()
        .map(f -> List.<Object>of(f.getAs("flag"), f.getAs("image"), f.getAs("z"), f.getAs("t")))
        .distinct()
        .forEach(f -> fields.merge((String) f.get(0), 1L, Long::sum));
    return new Flagged(fields, ExcludedImages.stage(run, flags, options.exclude()));
  }

  private List<StagedFile> written(Run run, List<Row> flags) {
    RowByName row = new RowByName(Table.FLAGS, layout);
    try (TableFiles.Writer files = run.files().open(0)) {
      for (Row flag : flags) {
        List<String> groups = layout.groups().stream().map(flag::<String>getAs).toList();
        row.key(
            flag.getAs("image"), groups, flag.getAs("series"), flag.getAs("z"), flag.getAs("t"));
        for (String column : COLUMNS) {
          Object value = flag.get(flag.fieldIndex(column));
          row.put(column, value);
        }
        files.write(Table.FLAGS, row.row());
      }
      return files.finish();
    }
  }

  /** The flags of the fields in {@code image_quality}. */
  Dataset<Row> of(Dataset<Row> quality) {
    Column candidates =
        array(
            Arrays.stream(Flag.values())
                .map(flag -> flag.candidate(options))
                .toArray(Column[]::new));
    List<Column> field = new ArrayList<>();
    new KeyColumns(layout.groups()).names().forEach(name -> field.add(col(quoted(name))));
    field.add(col("channel"));
    field.add(col("stddev").equalTo(0).as("blank"));
    field.add(inline(candidates));
    List<String> usual = new ArrayList<>(plate.stream().map(FlagTable::quoted).toList());
    usual.add("channel");
    usual.add("flag");
    WindowSpec ofPlate = Window.partitionBy(usual.stream().map(n -> col(n)).toArray(Column[]::new));
    Dataset<Row> judged =
        quality
            .where(col("region").equalTo(Region.WHOLE))
            .select(field.toArray(Column[]::new))
            .withColumn("plate_median", percentile(col("value"), lit(0.5)).over(ofPlate))
            .withColumn("fields", count(col("value")).over(ofPlate))
            .withColumn(
                "plate_mad",
                percentile(abs(col("value").minus(col("plate_median"))), lit(0.5)).over(ofPlate))
            .withColumn("z_score", score());
    Column raised = lit(false);
    Column message = lit(null).cast("string");
    Column ofPlates = lit(false);
    for (Flag flag : Flag.values()) {
      raised = raised.or(flag.raised());
      message = flag.message(message);
      ofPlates = flag.ofPlate() ? ofPlates.or(col("flag").equalTo(flag.name())) : ofPlates;
    }
    Dataset<Row> flags = judged.where(raised).withColumn("message", message);
    for (String column : List.of("plate_median", "plate_mad", "z_score")) {
      flags = flags.withColumn(column, when(ofPlates, col(column)));
    }
    return flags;
  }

  /** NULL where too few are compared, or half of them are equal. */
  private Column score() {
    return when(
        col("fields").geq(options.leastImages()).and(col("plate_mad").gt(0)),
        col("value").minus(col("plate_median")).divide(col("plate_mad").multiply(DEVIATION)));
  }

  private static String quoted(String name) {
    return KeyColumns.quoted(name);
  }
}
