package org.cytolake.illumination;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.config.LabelFormat;
import org.cytolake.store.Run;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * The table {@code illumination_functions} and the files that it names: those of earlier runs whose
 * images and settings are the same stay.
 */
public final class FunctionTable {
  private static final Table TABLE = Table.ILLUMINATION_FUNCTIONS;

  private final IlluminationOptions options;
  private final IlluminationGroups groups;
  private final Set<String> before = new HashSet<>(); // files of earlier runs
  private final List<Row> kept = new ArrayList<>();
  private final List<WriteFunction.Made> made = new ArrayList<>();
  private boolean changed;

  /**
   * Of the rows of earlier runs.
   *
   * @param format as what functions are to be written
   * @param keepMissing whether functions stay of groups of which the input has no image any more
   */
  public FunctionTable(
      IlluminationOptions options,
      IlluminationGroups groups,
      LabelFormat format,
      List<Row> earlier,
      boolean keepMissing) {
    this.options = options;
    this.groups = groups;
    for (Row row : earlier) {
      before.add(row.getAs("path"));
      List<String> group = groups.names().stream().map(name -> valueOrEmpty(row, name)).toList();
      String now = groups.identities().get(group);
      boolean stays = options.made() && (now == null ? keepMissing : isLike(row, now, format));
      if (stays) {
        kept.add(row);
      } else {
        changed = true;
      }
    }
  }

  private static boolean isLike(Row row, String fingerprint, LabelFormat format) {
    return fingerprint.equals(row.<String>getAs("fingerprint"))
        && row.<String>getAs("path").endsWith(format.suffix());
  }

  private static String valueOrEmpty(Row row, String name) {
    String value = row.getAs(name);
    return value == null ? "" : value;
  }

  /** The groups whose functions are to be made. */
  public Set<List<String>> missing() {
    Set<List<String>> missing = new HashSet<>();
    if (options.made()) {
      Set<String> known = new HashSet<>();
      kept.forEach(row -> known.add(row.getAs("fingerprint")));
      groups
          .identities()
          .forEach(
              (group, identity) -> {
                if (!known.contains(identity)) {
                  missing.add(group);
                }
              });
    }
    return missing;
  }

  /** Whether anything is to be staged. */
  public boolean isChanged() {
    return changed || !made.isEmpty();
  }

  /** Stages the files of functions that were made. */
  public void stageFiles(Run run, List<WriteFunction.Made> functions) {
    made.addAll(functions);
    for (WriteFunction.Made function : functions) {
      String name = path(function);
      run.replaceFile(name, run.scratch() + "/" + name);
    }
  }

  private static String path(WriteFunction.Made function) {
    return FunctionFiles.FOLDER + "/" + function.file();
  }

  /** Stages the rows, and that the files go which no row names. */
  public void stageRows(Run run, Layout layout) {
    Set<String> going = new HashSet<>(before);
    kept.forEach(row -> going.remove(row.<String>getAs("path")));
    made.forEach(function -> going.remove(path(function)));
    going.forEach(name -> run.replaceFile(name, null));
    StructType schema = TABLE.schema(layout);
    List<Row> rows = new ArrayList<>();
    for (Row row : kept) {
      Map<String, Object> values = new LinkedHashMap<>();
      List<String> there = List.of(row.schema().fieldNames());
      for (String name : schema.fieldNames()) { // an older table has fewer
        values.put(name, there.contains(name) ? row.getAs(name) : null);
      }
      rows.add(row(schema, values));
    }
    for (WriteFunction.Made function : made) {
      rows.add(row(schema, values(function, layout)));
    }
    Dataset<Row> table = run.read(TABLE).sparkSession().createDataFrame(rows, schema);
    run.replace(TABLE, table, Set.of());
  }

  private Map<String, Object> values(WriteFunction.Made function, Layout layout) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : List.of("image", "series", "z", "t")) {
      values.put(name, null);
    }
    List<String> group = groups.keyed(function.key().group(), layout.groups().size());
    for (int g = 0; g < group.size(); g++) {
      values.put(layout.groups().get(g), group.get(g));
    }
    values.put("channel", layout.channelNames().get(function.key().channel()));
    values.put("method", IlluminationOptions.word(options.method()));
    values.put("planes", function.planes());
    values.put("size_x", function.width());
    values.put("size_y", function.height());
    values.put("smoothing", IlluminationOptions.word(options.smoothing().kind()));
    values.put("smoothing_size", function.smoothingSize());
    values.put("rescaled", options.rescaled());
    values.put("min", function.min());
    values.put("max", function.max());
    values.put("mean", function.mean());
    values.put("spread", function.mean() == 0 ? null : function.stddev() / function.mean());
    values.put("profile_x", function.before().across());
    values.put("profile_y", function.before().down());
    values.put("corrected_profile_x", function.after().across());
    values.put("corrected_profile_y", function.after().down());
    values.put("path", path(function));
    values.put("fingerprint", groups.identities().get(function.key().group()));
    return values;
  }

  private static Row row(StructType schema, Map<String, Object> values) {
    if (!values.keySet().equals(Set.of(schema.fieldNames()))) {
      throw new IllegalStateException("a function's row has the columns " + values.keySet());
    }
    Object[] inOrder = new Object[schema.size()];
    for (int i = 0; i < inOrder.length; i++) {
      inOrder[i] = values.get(schema.fieldNames()[i]);
    }
    return RowFactory.create(inOrder);
  }
}
