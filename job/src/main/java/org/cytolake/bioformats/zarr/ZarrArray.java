package org.cytolake.bioformats.zarr;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import loci.formats.FormatException;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * Reads rectangles of planes of an array: the chunks that they touch, each decoded once. A chunk of
 * which more may be wanted, since it holds other planes or reaches beyond the rectangle, is kept.
 * Not thread-safe.
 */
final class ZarrArray implements Closeable {
  private static final long MOST_KEPT = 1L << 26; // bytes, but for the chunk read last

  private final ArrayLayout layout;
  private final ChunkFiles files;
  private final int axisY;
  private final int axisX;
  private final Map<String, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;
  private byte[] room = {}; // of a chunk that is not kept
  private byte[] second = {}; // of a step between two codecs
  private byte[] oneRow = {};

  /**
   * @param axisY the axis of rows; {@code axisX}: of columns
   */
  ZarrArray(ZarrStore store, ArrayLayout layout, int axisY, int axisX) {
    this.layout = layout;
    this.files = ChunkFiles.of(store, layout);
    this.axisY = axisY;
    this.axisX = axisX;
  }

  ArrayLayout layout() {
    return layout;
  }

  /**
   * Reads a rectangle of a plane.
   *
   * @param at where the plane is along each axis; of no account along its own
   * @param into receives the samples as they are stored
   * @throws RefusedException where a chunk is damaged
   */
  void read(long[] at, int x, int y, int width, int height, RowSink into)
      throws IOException, FormatException {
    int chunkWidth = layout.chunk()[axisX];
    int chunkHeight = layout.chunk()[axisY];
    Target target = new Target(x, y, width, height, into);
    List<long[]> wanted = new ArrayList<>();
    for (int row = y / chunkHeight; row <= (y + height - 1) / chunkHeight; row++) {
      for (int column = x / chunkWidth; column <= (x + width - 1) / chunkWidth; column++) {
        long[] numbers = new long[at.length];
        for (int a = 0; a < at.length; a++) {
          numbers[a] = a == axisY ? row : a == axisX ? column : at[a] / layout.chunk()[a];
        }
        byte[] before = kept.get(layout.names().of(numbers));
        if (before == null) {
          wanted.add(numbers);
        } else {
          place(at, numbers, ChunkBytes.of(before), target);
        }
      }
    }
    files.read(
        wanted,
        (numbers, stored) -> {
          if (stored.isEmpty()) {
            fill(numbers, target);
          } else {
            place(at, numbers, decode(numbers, stored.get(), target), target);
          }
        });
  }

  /** A rectangle of a plane to be filled. */
  private record Target(int x, int y, int width, int height, RowSink into) {
    /** Which of its samples is the first of an overlap's row. */
    int place(Overlap part, int row) {
      return (row - y) * width + part.left - x;
    }
  }

  /** Whether nothing of a chunk is wanted again. */
  private boolean isUsedUp(long[] numbers, Target target) {
    for (int a = 0; a < numbers.length; a++) {
      if (a != axisX && a != axisY && Math.min(layout.chunk()[a], layout.shape()[a]) > 1) {
        return false;
      }
    }
    return isWithin(numbers[axisX], axisX, target.x, target.width)
        && isWithin(numbers[axisY], axisY, target.y, target.height);
  }

  private boolean isWithin(long number, int axis, int from, int count) {
    long first = number * layout.chunk()[axis];
    long end = Math.min(first + layout.chunk()[axis], layout.shape()[axis]);
    return from <= first && end <= (long) from + count;
  }

  private ChunkBytes decode(long[] numbers, ChunkBytes stored, Target target)
      throws RefusedException {
    boolean keep = !isUsedUp(numbers, target);
    int size = layout.chunkBytes();
    byte[] into;
    if (keep) {
      into = new byte[size];
    } else {
      room = room.length == size ? room : new byte[size];
      into = room;
    }
    ChunkBytes decoded = decode(numbers, stored, into);
    if (keep) {
      byte[] bytes =
          decoded.array() == into && decoded.from() == 0
              ? into
              : Arrays.copyOfRange(decoded.array(), decoded.from(), decoded.from() + size);
      keep(layout.names().of(numbers), bytes);
    }
    return decoded;
  }

  private ChunkBytes decode(long[] numbers, ChunkBytes stored, byte[] into)
      throws RefusedException {
    ChunkBytes bytes = stored;
    try {
      for (int c = layout.codecs().size() - 1; c >= 0; c--) {
        boolean last = c == 0;
        if (!last && second.length != layout.mostStored()) {
          second = new byte[layout.mostStored()];
        }
        bytes = layout.codecs().get(c).undo(bytes, last || bytes.array() == second ? into : second);
      }
    } catch (IOException | RuntimeException e) {
      throw damaged(
          numbers, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
    if (bytes.length() != into.length) {
      throw damaged(
          numbers, "it holds " + bytes.length() + " in place of " + into.length + " bytes");
    }
    return bytes;
  }

  private RefusedException damaged(long[] numbers, String why) {
    return RefusedException.damaged(
        "the chunk " + Arrays.toString(numbers) + " is damaged: " + why);
  }

  private void keep(String name, byte[] bytes) {
    kept.put(name, bytes);
    keptBytes += bytes.length;
    var oldest = kept.entrySet().iterator();
    while (keptBytes > MOST_KEPT && kept.size() > 1) {
      keptBytes -= oldest.next().getValue().length;
      oldest.remove();
    }
  }

  /**
   * What a rectangle and a chunk have in common.
   *
   * @param left in the plane, as {@code top}; {@code right} and {@code bottom} are beyond it
   * @param chunkLeft where the chunk begins; {@code chunkTop} likewise
   */
  private record Overlap(int left, int right, int top, int bottom, long chunkLeft, long chunkTop) {}

  private Overlap overlap(long[] numbers, Target target) {
    int chunkWidth = layout.chunk()[axisX];
    int chunkHeight = layout.chunk()[axisY];
    long chunkLeft = numbers[axisX] * chunkWidth;
    long chunkTop = numbers[axisY] * chunkHeight;
    return new Overlap(
        (int) Math.max(target.x, chunkLeft),
        (int) Math.min((long) target.x + target.width, chunkLeft + chunkWidth),
        (int) Math.max(target.y, chunkTop),
        (int) Math.min((long) target.y + target.height, chunkTop + chunkHeight),
        chunkLeft,
        chunkTop);
  }

  /** Gives it from a chunk. */
  private void place(long[] at, long[] numbers, ChunkBytes chunk, Target target) {
    int bytes = layout.type().bytes();
    int[] steps = layout.steps();
    Overlap part = overlap(numbers, target);
    int columns = part.right - part.left;
    long start = (part.left - part.chunkLeft) * steps[axisX]; // in samples
    for (int a = 0; a < at.length; a++) {
      if (a != axisY && a != axisX) {
        start += at[a] % layout.chunk()[a] * steps[a];
      }
    }
    for (int row = part.top; row < part.bottom; row++) {
      int from = chunk.from() + (int) (start + (row - part.chunkTop) * steps[axisY]) * bytes;
      if (steps[axisX] == 1) {
        target.into.take(chunk.array(), from, columns, target.place(part, row));
      } else {
        byte[] gathered = rowOf(columns * bytes);
        for (int to = 0; to < gathered.length; from += steps[axisX] * bytes) {
          for (int b = 0; b < bytes; b++) {
            gathered[to++] = chunk.array()[from + b];
          }
        }
        target.into.take(gathered, 0, columns, target.place(part, row));
      }
    }
  }

  /** Fills it, where there is no chunk. */
  private void fill(long[] numbers, Target target) {
    byte[] sample = layout.fill();
    Overlap part = overlap(numbers, target);
    int columns = part.right - part.left;
    byte[] filled = rowOf(columns * sample.length);
    for (int i = 0; i < filled.length; i++) {
      filled[i] = sample[i % sample.length];
    }
    for (int row = part.top; row < part.bottom; row++) {
      target.into.take(filled, 0, columns, target.place(part, row));
    }
  }

  private byte[] rowOf(int bytes) {
    oneRow = oneRow.length == bytes ? oneRow : new byte[bytes];
    return oneRow;
  }

  @Override
  public void close() throws IOException {
    files.close();
  }

  /** Receives the chunks that are read. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes a chunk.
     *
     * @param stored valid during the call; empty: there is none
     */
    void take(long[] numbers, Optional<ChunkBytes> stored) throws IOException, FormatException;
  }
}
