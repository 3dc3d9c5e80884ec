package org.cytolake.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.cytolake.facts.Numbers;
import org.cytolake.illumination.FunctionFiles;
import org.cytolake.picture.Encoded;
import org.cytolake.picture.LightPicture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the first page says of illumination functions. */
final class IlluminationJson {
  private static final Logger LOG = LoggerFactory.getLogger(IlluminationJson.class);

  /** Functions that are shown; the table has all. */
  private static final int MOST = 24;

  private static final List<String> TEXTS = List.of("channel", "method", "smoothing", "path");
  private static final List<String> NUMBERS =
      List.of("planes", "smoothing_size", "min", "max", "spread");
  private static final List<String> PROFILES =
      List.of("profile_x", "profile_y", "corrected_profile_x", "corrected_profile_y");

  private IlluminationJson() {}

  /**
   * The functions of the table, the most uneven first.
   *
   * @param table its rows
   * @param groups names of the pattern's groups
   * @param folders in which the files are looked for, in this order
   */
  static Map<String, Object> of(
      List<Row> table, List<String> groups, List<String> folders, Configuration hadoop) {
    List<Row> rows = new ArrayList<>(table);
    rows.sort((a, b) -> Double.compare(spread(b), spread(a)));
    List<Map<String, Object>> functions = new ArrayList<>();
    for (Row row : rows.subList(0, Math.min(MOST, rows.size()))) {
      List<String> there = List.of(row.schema().fieldNames());
      Map<String, Object> function = new LinkedHashMap<>();
      List<String> values = new ArrayList<>();
      for (String group : groups) {
        String value = row.getAs(group);
        if (value != null) {
          values.add(value);
        }
      }
      function.put("group", String.join(", ", values));
      TEXTS.forEach(name -> function.put(name, row.getAs(name)));
      for (String name : NUMBERS) {
        Number number = row.getAs(name);
        function.put(name, number == null ? null : Numbers.shortened(number.doubleValue()));
      }
      for (String name : PROFILES) {
        if (there.contains(name) && row.getAs(name) != null) {
          List<Double> profile = row.getList(row.fieldIndex(name));
          function.put(name, profile.stream().map(Numbers::shortened).toList());
        }
      }
      function.put("picture", picture(row.getAs("path"), folders, hadoop));
      functions.add(function);
    }
    return Map.of("count", rows.size(), "functions", functions);
  }

  private static double spread(Row row) {
    Double spread = row.getAs("spread");
    return spread == null ? 0 : spread;
  }

  /** Null where the file cannot be read. */
  private static Object picture(String name, List<String> folders, Configuration hadoop) {
    try {
      for (String folder : folders) {
        Path path = new Path(folder, name);
        if (path.getFileSystem(hadoop).exists(path)) {
          byte[] jpeg = LightPicture.of(FunctionFiles.read(path, hadoop));
          return Html.raw(Encoded.dataUri("jpeg", jpeg));
        }
      }
    } catch (IOException e) {
      LOG.warn("The illumination function {} is not drawn: {}", name, e.getMessage());
    }
    return null;
  }
}
