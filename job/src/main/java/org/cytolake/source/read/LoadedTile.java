package org.cytolake.source.read;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.catalog.RowSize;
import org.cytolake.field.Columns;
import org.cytolake.field.Failure;
import org.cytolake.field.SampleType;

/**
 * The pixels of a tile that passed the conditions: samples by channel, and positions where rows
 * were dropped.
 */
public final class LoadedTile implements Condition.Pixels {
  private final PushedQuery query;
  private final List<Condition> conditions; // of pixels
  private final Samples[] samples; // by channel; null where not read
  private final Map<SampleType, Samples> unwanted = new EnumMap<>(SampleType.class);
  private Tile tile;
  private String corrupt;
  private int size;
  private int[] xs; // null where every pixel of the tile is present
  private int[] ys;
  private byte[] truth = {};
  private byte[] next = {};

  public LoadedTile(PushedQuery query) {
    this.query = query;
    this.conditions = query.rows() == RowSize.PIXELS ? query.conditions() : List.of();
    this.samples = new Samples[query.channels().size()];
    for (int channel : query.channelsToRead()) {
      samples[channel] = new Samples(query.types().get(channel));
    }
  }

  /**
   * Reads and filters.
   *
   * @param all whether every channel is decoded, to see that it can be
   */
  public void load(Tile newTile, PlaneReader reader, boolean all) throws ImageReadException {
    tile = newTile;
    corrupt = null;
    xs = null;
    ys = null;
    size = tile.pixels();
    for (int channel = 0; channel < samples.length; channel++) {
      if (samples[channel] != null) {
        read(tile, channel, reader, samples[channel]);
      } else if (all) {
        read(tile, channel, reader, unwanted(channel));
      }
    }
    filter();
  }

  /** Decodes every channel of a tile, to see that it can be. */
  public void requireReadable(Tile other, PlaneReader reader) throws ImageReadException {
    for (int channel = 0; channel < samples.length; channel++) {
      read(other, channel, reader, unwanted(channel));
    }
  }

  private Samples unwanted(int channel) {
    return unwanted.computeIfAbsent(query.types().get(channel), Samples::new);
  }

  private static void read(Tile of, int channel, PlaneReader reader, Samples into)
      throws ImageReadException {
    reader.read(
        of.field(),
        channel,
        of.z() + of.field().firstZ(),
        of.t(),
        of.x(),
        of.y(),
        of.width(),
        of.height(),
        into);
  }

  /** Becomes the one row of an image, or of the plane of a tile, that cannot be read; filters. */
  public void fail(Tile newTile, Failure failure) {
    tile = newTile;
    xs = null;
    ys = null;
    corrupt = failure.toJson();
    size = 1;
    filter();
  }

  private void filter() {
    if (conditions.isEmpty() || size == 0) {
      return;
    }
    if (truth.length < size) {
      truth = new byte[size];
      next = new byte[size];
    }
    conditions.get(0).evaluate(this, size, truth);
    for (Condition condition : conditions.subList(1, conditions.size())) {
      condition.evaluate(this, size, next);
      for (int i = 0; i < size; i++) {
        truth[i] = truth[i] == 1 ? next[i] : 0;
      }
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      kept += truth[i] == 1 ? 1 : 0;
    }
    if (kept < size) {
      keep(kept);
    }
  }

  private void keep(int kept) {
    if (corrupt == null) {
      int[] newXs = new int[kept];
      int[] newYs = new int[kept];
      for (int i = 0, k = 0; i < size; i++) {
        if (truth[i] == 1) {
          newXs[k] = x(i);
          newYs[k++] = y(i);
        }
      }
      for (Samples channel : samples) {
        if (channel != null) {
          channel.keep(truth);
        }
      }
      xs = newXs;
      ys = newYs;
    }
    size = kept;
  }

  public Tile tile() {
    return tile;
  }

  public int size() {
    return size;
  }

  /** Why the image failed, as JSON, or null. */
  public String corrupt() {
    return corrupt;
  }

  public Samples samples(int channel) {
    return samples[channel];
  }

  public int x(int i) {
    return xs == null ? tile.x() + i % tile.width() : xs[i];
  }

  public int y(int i) {
    return ys == null ? tile.y() + i / tile.width() : ys[i];
  }

  @Override
  public Object constant(String column) {
    int index = query.constantIndex(column);
    return index < 0 ? null : tile.constant(index, query.groups().size());
  }

  @Override
  public boolean isNull(String column) {
    return corrupt != null && query.constantIndex(column) < 0;
  }

  @Override
  public double value(String column, int i) {
    return switch (column) {
      case Columns.X -> x(i);
      case Columns.Y -> y(i);
      default -> samples[query.channels().indexOf(column)].at(i);
    };
  }

  @Override
  public int[] ints(String column) {
    int channel = query.channels().indexOf(column);
    return channel < 0 || samples[channel].type() != SampleType.INT
        ? null
        : samples[channel].ints();
  }
}
