package org.cytolake.tables;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.SampleType;

/**
 * What differs between the tables of one screen and another: which key columns the file pattern
 * adds, and which channels there are. All tables of an output folder share one layout.
 *
 * @param groups the pattern's named groups in its order, without the one that tells channels apart;
 *     may be empty
 * @param channels at least one, in the order of the images' channels
 */
public record Layout(List<String> groups, List<ChannelColumn> channels) implements Serializable {
  private static final Pattern GROUP = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  /**
   * Copies and checks.
   *
   * @throws CytolakeException USAGE if a group or channel would give a table two columns of one
   *     name; names that differ only in case count as one
   * @throws IllegalArgumentException if there is no channel
   */
  public Layout {
    groups = List.copyOf(groups);
    channels = List.copyOf(channels);
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("a layout has at least one channel");
    }
    for (String group : groups) {
      if (!GROUP.matcher(group).matches()) {
        throw new CytolakeException(
            Code.USAGE,
            "'" + group + "' cannot name a group of the pattern.",
            "Use letters and digits, a letter first.");
      }
    }
    for (Table table : Table.values()) {
      requireDistinct(table, Schemas.columns(table, Schemas.Names.of(groups, channels)));
    }
  }

  private static void requireDistinct(Table table, List<String> columns) {
    Map<String, String> seen = new HashMap<>();
    for (String column : columns) {
      String other = seen.put(column.toLowerCase(Locale.ROOT), column);
      if (other != null) {
        throw new CytolakeException(
            Code.USAGE,
            "Table "
                + table.folder()
                + " would have two columns named '"
                + other
                + "'"
                + (other.equals(column) ? "." : " and '" + column + "'."),
            "Choose another name for the channel or the group of the pattern.");
      }
    }
  }

  /** How many of a table's first columns are its key ({@link KeyColumns}). */
  public int keys() {
    return new KeyColumns(groups).names().size();
  }

  /** The names of the channels, in order. */
  public List<String> channelNames() {
    return channels.stream().map(ChannelColumn::name).toList();
  }

  /** The same with types that hold those of another too, where its channels have the same names. */
  public Layout widened(Layout other) {
    if (!channelNames().equals(other.channelNames())) {
      return this;
    }
    List<ChannelColumn> wider = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      SampleType own = SampleType.ofSpark(channels.get(c).type());
      SampleType both = own.widen(SampleType.ofSpark(other.channels.get(c).type()));
      wider.add(new ChannelColumn(channels.get(c).name(), both.sparkType()));
    }
    return new Layout(groups, wider);
  }

  /**
   * The pairs of channels of which nuclei have a correlation, the earlier first, as {@code a_b}.
   */
  static List<String> pairs(List<String> channels) {
    return ChannelPairs.usual(channels.size()).stream()
        .map(pair -> channels.get(pair[0]) + "_" + channels.get(pair[1]))
        .toList();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("channels ");
    for (int c = 0; c < channels.size(); c++) {
      ChannelColumn channel = channels.get(c);
      text.append(c == 0 ? "" : ", ").append(channel.name()).append(' ');
      text.append(channel.type().sql());
    }
    return text + (groups.isEmpty() ? ", no groups" : ", groups " + String.join(", ", groups));
  }
}
