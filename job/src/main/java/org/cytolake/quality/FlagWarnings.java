package org.cytolake.quality;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.cytolake.config.QualityOptions;
import org.cytolake.field.Warning;
import org.cytolake.store.Run;
import org.cytolake.tables.Table;

/** Flags among the warnings of the table {@code images}. */
final class FlagWarnings {
  private record Field(String image, int series, int z, int t) {
    static Field of(FieldQuality of) {
      return new Field(of.image(), of.series(), of.z(), of.t());
    }

    static Field of(Row row) {
      return new Field(row.getAs("image"), row.getAs("series"), row.getAs("z"), row.getAs("t"));
    }
  }

  private FlagWarnings() {}

  /**
   * Stages the rows of images whose warnings are not those that the flags say.
   *
   * @param flags of all images
   * @param images that have flags, or had them before
   */
  static void stage(Run run, List<RaisedFlag> flags, Set<String> images) {
    Map<Field, Set<Warning>> ofFields = new HashMap<>();
    for (RaisedFlag flag : flags) {
      ofFields
          .computeIfAbsent(
              Field.of(flag.field()),
              f ->
                  new TreeSet<>(
                      Comparator.comparing(Warning::code).thenComparing(Warning::message)))
          .add(flag.warning());
    }
    Dataset<Row> stored = run.read(Table.IMAGES);
    List<Row> rows = new ArrayList<>();
    Set<String> changed = new TreeSet<>();
    for (Row row : of(stored, images).where("status != 'failed'").collectAsList()) {
      List<Warning> before = warnings(row);
      List<Warning> after = new ArrayList<>(before);
      after.removeIf(w -> QualityOptions.FLAGS.contains(w.code()));
      after.addAll(ofFields.getOrDefault(Field.of(row), Set.of()));
      if (!after.equals(before)) {
        changed.add(row.getAs("image"));
      }
      Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      int at = row.fieldIndex("warnings");
      values[at] =
          row.isNullAt(at) && after.isEmpty()
              ? null
              : after.stream()
                  .map(w -> RowFactory.create(w.code(), w.message(), w.remedy()))
                  .toList();
      rows.add(RowFactory.create(values));
    }
    int image = stored.schema().fieldIndex("image");
    rows.removeIf(row -> !changed.contains(row.getString(image)));
    if (!changed.isEmpty()) {
      run.replace(
          Table.IMAGES, stored.sparkSession().createDataFrame(rows, stored.schema()), changed);
    }
  }

  private static List<Warning> warnings(Row row) {
    int at = row.fieldIndex("warnings");
    return row.isNullAt(at)
        ? List.of()
        : row.<Row>getList(at).stream()
            .map(w -> new Warning(w.getAs("code"), w.getAs("message"), w.getAs("remedy")))
            .toList();
  }

  /** The rows of some images. */
  static Dataset<Row> of(Dataset<Row> table, Set<String> images) {
    Dataset<Row> these =
        table
            .sparkSession()
            .createDataset(List.copyOf(images), Encoders.STRING())
            .toDF("one of these");
    return table.join(broadcast(these), col("image").equalTo(col("`one of these`")), "left_semi");
  }
}
