package org.cytolake.quality;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.PatternGroups;
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
    this.plate = PatternGroups.named("quality.plate", options.plate(), layout.groups());
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
    List<RaisedFlag> flags = new ArrayList<>(of(run.read(Table.IMAGE_QUALITY)));
    flags.sort(RaisedFlag.ORDER);
    Set<String> images = new TreeSet<>();
    flags.forEach(flag -> images.add(flag.field().image()));
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
        .map(f -> List.<Object>of(f.flag().name(), f.field().image(), f.field().z(), f.field().t()))
        .distinct()
        .forEach(f -> fields.merge((String) f.get(0), 1L, Long::sum));
    return new Flagged(fields, ExcludedImages.stage(run, flags, options.exclude()));
  }

  private List<StagedFile> written(Run run, List<RaisedFlag> flags) {
    RowByName row = new RowByName(Table.FLAGS, layout);
    try (TableFiles.Writer files = run.files().open(0)) {
      for (RaisedFlag flag : flags) {
        flag.into(row);
        files.write(Table.FLAGS, row.row());
      }
      return files.finish();
    }
  }

  /** The flags of the fields in {@code image_quality}; each plate and channel is one value. */
  private List<RaisedFlag> of(Dataset<Row> quality) {
    List<Column> columns = new ArrayList<>();
    new KeyColumns(layout.groups()).names().forEach(name -> columns.add(col(quoted(name))));
    columns.add(col("channel"));
    FieldQuality.MEASURES.forEach(name -> columns.add(col(name)));
    QualityOptions how = options;
    List<String> groups = layout.groups();
    List<Integer> ofPlate = plate.stream().map(groups::indexOf).toList();
    return quality
        .where(col("region").equalTo(Region.WHOLE))
        .select(columns.toArray(Column[]::new))
        .toJavaRDD()
        .map(row -> FieldQuality.of(row, groups))
        .groupBy(field -> plate(field, ofPlate))
        .values()
        .flatMap(fields -> RaisedFlag.of(list(fields), how).iterator())
        .collect();
  }

  private static List<FieldQuality> list(Iterable<FieldQuality> fields) {
    List<FieldQuality> list = new ArrayList<>();
    fields.forEach(list::add);
    return list;
  }

  private static List<String> plate(FieldQuality field, List<Integer> groups) {
    List<String> plate = new ArrayList<>();
    groups.forEach(group -> plate.add(field.groups().get(group)));
    plate.add(field.channel());
    return plate;
  }

  private static String quoted(String name) {
    return KeyColumns.quoted(name);
  }
}
