package org.cytolake.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of a table's small files are written into one: those of about one size, once they are many.
 * Thereby a row is written again only when its file grows eightfold, and not with every batch; one
 * commit writes again no more rows than a file of the wanted size has.
 */
final class SmallFiles {
  /** So many files of one size are many; sizes of one kind differ by less than this factor. */
  static final int MANY = 8;

  private SmallFiles() {}

  /**
   * The files to be joined.
   *
   * @param rows the number of rows by file
   * @param rowsPerFile the wanted size; a file with a quarter of it is not small
   * @return none, or several
   */
  static List<String> joined(Map<String, Long> rows, long rowsPerFile) {
    Map<Integer, List<String>> sizes = new TreeMap<>();
    for (Map.Entry<String, Long> file : new TreeMap<>(rows).entrySet()) {
      if (file.getValue() > 0 && file.getValue() < rowsPerFile / 4) {
        int size = (63 - Long.numberOfLeadingZeros(file.getValue())) / 3;
        sizes.computeIfAbsent(size, s -> new ArrayList<>()).add(file.getKey());
      }
    }
    List<String> joined = new ArrayList<>();
    long total = 0;
    for (List<String> alike : sizes.values()) {
      for (String file : alike.size() < MANY ? List.<String>of() : alike) {
        if (total + rows.get(file) <= rowsPerFile) {
          joined.add(file);
          total += rows.get(file);
        }
      }
    }
    return joined;
  }
}
