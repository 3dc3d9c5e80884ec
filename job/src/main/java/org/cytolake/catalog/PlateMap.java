package org.cytolake.catalog;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Well;

/**
 * What was done to the wells of a screen: a CSV file with a column {@code well}, possibly {@code
 * plate}, and any others, such as compound and dose.
 *
 * @param ofPlates whether rows are of one plate each; else of every plate
 * @param columns names of the other columns, in the file's order
 * @param rows each of another well, or of another plate
 */
public record PlateMap(boolean ofPlates, List<String> columns, List<Treated> rows) {
  /** The column with the well. */
  public static final String WELL = "well";

  /** The column with the plate. */
  public static final String PLATE = "plate";

  /** As many as 400 plates of 1536 wells have; the map is held in memory. */
  private static final int MOST_ROWS = 614_400;

  private static final int MOST_BYTES = 1 << 28;
  private static final int MOST_COLUMNS = 1000;
  private static final int MOST_CHARACTERS = 100_000;

  /**
   * A row.
   *
   * @param plate empty where the map is of every plate
   * @param values by column; empty where the file has none
   */
  public record Treated(Optional<String> plate, Well well, List<Optional<String>> values) {
    public Treated {
      values = List.copyOf(values);
    }
  }

  public PlateMap {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * Reads a file in UTF-8, with commas, semicolons or tabs.
   *
   * @param file on any Hadoop file system
   * @param groups names of the pattern's groups
   * @param taken names of the tables' columns, which a column of the map may not have
   * @throws CytolakeException USAGE if it is no such file, saying in which line
   */
  public static PlateMap read(
      String file, Configuration hadoop, List<String> groups, Collection<String> taken) {
    return new Reader(file).read(text(file, hadoop), groups, taken);
  }

  private static String text(String file, Configuration hadoop) {
    Path path = new Path(file);
    byte[] bytes;
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The plate map " + file + " cannot be read: " + e.getMessage(),
          "Check --plate-map.",
          e);
    }
    if (bytes.length > MOST_BYTES) {
      throw new CytolakeException(
          Code.USAGE,
          "The plate map " + file + " has more than " + MOST_BYTES + " bytes.",
          "Leave the wells and what was done to them.");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text; // Excel begins with it
    } catch (CharacterCodingException e) {
      throw new CytolakeException(
          Code.USAGE,
          "The plate map " + file + " is no text in UTF-8.",
          "Save it as CSV in UTF-8.",
          e);
    }
  }

  private record Reader(String file) {
    PlateMap read(String text, List<String> groups, Collection<String> taken) {
      CsvParserSettings settings = new CsvParserSettings();
      settings.setDelimiterDetectionEnabled(true, ',', ';', '\t');
      settings.setLineSeparatorDetectionEnabled(true);
      settings.setMaxColumns(MOST_COLUMNS);
      settings.setMaxCharsPerColumn(MOST_CHARACTERS);
      settings.setSkipEmptyLines(false);
      CsvParser parser = new CsvParser(settings);
      try {
        parser.beginParsing(new StringReader(text));
        String[] header = parser.parseNext();
        List<String> names = names(header == null ? new String[0] : header, groups, taken);
        List<Treated> rows = new ArrayList<>();
        Map<String, Long> seen = new HashMap<>();
        for (String[] row; (row = parser.parseNext()) != null; ) {
          long line = parser.getContext().currentLine();
          if (Arrays.stream(row).allMatch(v -> v == null)) {
            continue;
          }
          Treated treated = row(row, names, line);
          Long before = seen.put(treated.plate.orElse("") + "\0" + treated.well, line);
          if (before != null) {
            throw wrong(
                line,
                "names well "
                    + treated.well
                    + treated.plate.map(p -> " of plate " + p).orElse("")
                    + " again, after line "
                    + before,
                "Leave one row a well"
                    + (treated.plate.isPresent() ? "." : ", or say the plates in a column plate."));
          }
          rows.add(treated);
          if (rows.size() > MOST_ROWS) {
            throw wrong(line, "is row " + rows.size(), "At most " + MOST_ROWS + " can be read.");
          }
        }
        if (rows.isEmpty()) {
          throw wrong("has no rows below its header", "Write a row a well.");
        }
        List<String> others =
            names.stream().filter(n -> !n.equals(WELL) && !n.equals(PLATE)).toList();
        return new PlateMap(names.contains(PLATE), others, rows);
      } catch (TextParsingException e) {
        throw wrong(
            e.getLineIndex() + 1,
            "cannot be read as CSV",
            "Check its quotes; a value has at most " + MOST_CHARACTERS + " characters.");
      } finally {
        parser.stopParsing();
      }
    }

    private List<String> names(String[] header, List<String> groups, Collection<String> taken) {
      List<String> names = new ArrayList<>();
      Map<String, String> lower = new HashMap<>();
      taken.forEach(t -> lower.put(t.toLowerCase(Locale.ROOT), t));
      for (String cell : header) {
        String name = cell == null ? "" : cell.strip();
        String small = name.toLowerCase(Locale.ROOT);
        boolean isKey = small.equals(WELL) || small.equals(PLATE);
        if (name.isEmpty()) {
          throw wrong(1, "has a column without a name", "Name every column in the first line.");
        }
        if (!isKey && lower.containsKey(small)) {
          throw wrong(
              1,
              "has a column '" + name + "', as the tables have",
              "Rename it: every table gets the map's columns beside its own.");
        }
        if (names.stream().anyMatch(n -> n.equalsIgnoreCase(name))) {
          throw wrong(1, "has two columns '" + name + "'", "Rename one; case does not count.");
        }
        names.add(isKey ? small : name);
      }
      if (!names.contains(WELL)) {
        throw wrong(1, "has no column 'well' but " + names, "Name the column with the wells well.");
      }
      for (String key : List.of(WELL, PLATE)) {
        if (names.contains(key) && !groups.contains(key)) {
          throw wrong(
              "has a column '" + key + "', but file names tell no " + key,
              "Give --layout or a --pattern with a group (?<" + key + ">...).");
        }
      }
      if (names.size() == (names.contains(PLATE) ? 2 : 1)) {
        throw wrong(
            "says nothing of its wells", "Add columns, such as compound, dose and control.");
      }
      return names;
    }

    private Treated row(String[] row, List<String> names, long line) {
      if (row.length > names.size()) {
        throw wrong(
            line,
            "has " + row.length + " values, the header " + names.size(),
            "Quote values that hold the separator.");
      }
      Optional<String> plate = Optional.empty();
      Optional<Well> well = Optional.empty();
      List<Optional<String>> values = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        Optional<String> value =
            Optional.ofNullable(i < row.length ? row[i] : null).map(String::strip);
        switch (names.get(i)) {
          case WELL -> {
            well = value.flatMap(Well::parse);
            if (well.isEmpty()) {
              throw wrong(
                  line,
                  value.map(v -> "has '" + v + "', which is no well").orElse("has no well"),
                  "Write wells as A01, A1, A-01 or r01c01, up to AF48.");
            }
          }
          case PLATE -> {
            plate = value.filter(v -> !v.isEmpty());
            if (plate.isEmpty()) {
              throw wrong(line, "has no plate", "Name it, or leave out the column plate.");
            }
          }
          default -> values.add(value.filter(v -> !v.isEmpty()));
        }
      }
      return new Treated(plate, well.orElseThrow(), values);
    }

    private CytolakeException wrong(String what, String remedy) {
      return new CytolakeException(Code.USAGE, "The plate map " + file + " " + what + ".", remedy);
    }

    private CytolakeException wrong(long line, String what, String remedy) {
      return new CytolakeException(
          Code.USAGE, "Line " + line + " of the plate map " + file + " " + what + ".", remedy);
    }
  }
}
