package org.cytolake.bioformats.zarr;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import loci.formats.FormatException;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * Chunks that lie together in shards: of a shard the index is read once and kept, then the chunks
 * that are wanted, neighbours in one go.
 */
final class ShardFiles implements ChunkFiles {
  private static final int SHARDS_KEPT = 32;
  private static final int GAP =
      1 << 14; // bytes that are read for nothing rather than asked around
  private static final int MOST_AT_ONCE = 1 << 24; // of a store that makes one wait for each
  private static final int MOST_AT_ONCE_LOCAL = 1 << 20; // which the processor's caches still hold
  private static final long NO_CHUNK = -1; // 2^64 - 1, as offset and length

  private final ZarrStore store;
  private final ArrayLayout layout;
  private final ArrayLayout.Shards shards;
  private final Map<String, Optional<Shard>> open = new LinkedHashMap<>(16, 0.75f, true);
  private byte[] room = {}; // for what is read at once

  ShardFiles(ZarrStore store, ArrayLayout layout, ArrayLayout.Shards shards) {
    this.store = store;
    this.layout = layout;
    this.shards = shards;
  }

  /**
   * A shard and its index.
   *
   * @param entries offset and length of each chunk
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Shard(ZarrStore.PartsOfFile file, long[] entries) {}

  /**
   * A chunk within a shard.
   *
   * @param offset of its first byte
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Place(long[] numbers, long offset, int length) {}

  @Override
  public void read(List<long[]> wanted, ZarrArray.Receiver receiver)
      throws IOException, FormatException {
    Map<String, List<long[]>> byShard = new LinkedHashMap<>();
    for (long[] numbers : wanted) {
      byShard.computeIfAbsent(shardOf(numbers), s -> new ArrayList<>()).add(numbers);
    }
    for (Map.Entry<String, List<long[]>> one : byShard.entrySet()) {
      Optional<Shard> shard = shard(one.getKey());
      List<Place> places = new ArrayList<>();
      for (long[] numbers : one.getValue()) {
        Optional<Place> place =
            shard.isEmpty() ? Optional.empty() : place(shard.get(), one.getKey(), numbers);
        if (place.isEmpty()) {
          receiver.take(numbers, Optional.empty());
        } else {
          places.add(place.get());
        }
      }
      places.sort(Comparator.comparingLong(Place::offset));
      read(shard, places, receiver);
    }
  }

  private String shardOf(long[] numbers) {
    long[] shard = new long[numbers.length];
    for (int a = 0; a < shard.length; a++) {
      shard[a] = numbers[a] / shards.chunks()[a];
    }
    return layout.names().of(shard);
  }

  private Optional<Place> place(Shard shard, String name, long[] numbers) throws RefusedException {
    int index = 0;
    for (int a = 0; a < numbers.length; a++) {
      index = index * shards.chunks()[a] + (int) (numbers[a] % shards.chunks()[a]);
    }
    long offset = shard.entries[2 * index];
    long length = shard.entries[2 * index + 1];
    if (offset == NO_CHUNK && length == NO_CHUNK) {
      return Optional.empty();
    }
    if (offset < 0
        || length < 0
        || length > layout.mostStored()
        || offset > shard.file.length() - length) {
      throw damaged(name, "its index places a chunk outside it");
    }
    return Optional.of(new Place(numbers, offset, (int) length));
  }

  /** Reads chunks that are sorted by where they lie. */
  private void read(Optional<Shard> shard, List<Place> places, ZarrArray.Receiver receiver)
      throws IOException, FormatException {
    int most = store.isRemote() ? MOST_AT_ONCE : MOST_AT_ONCE_LOCAL;
    for (int first = 0; first < places.size(); ) {
      long start = places.get(first).offset;
      long end = start + places.get(first).length;
      int last = first;
      while (last + 1 < places.size()
          && places.get(last + 1).offset <= end + GAP
          && places.get(last + 1).offset + places.get(last + 1).length - start <= most) {
        last++;
        end = Math.max(end, places.get(last).offset + places.get(last).length);
      }
      int length = (int) (end - start);
      if (room.length < length) {
        room = new byte[length];
      }
      shard.orElseThrow().file.bytes().readFully(start, room, 0, length);
      for (Place place : places.subList(first, last + 1)) {
        receiver.take(
            place.numbers,
            Optional.of(new ChunkBytes(room, (int) (place.offset - start), place.length)));
      }
      first = last + 1;
    }
  }

  private Optional<Shard> shard(String name) throws IOException, RefusedException {
    Optional<Shard> before = open.get(name);
    if (before != null) {
      return before;
    }
    Optional<ZarrStore.PartsOfFile> file = store.open(name);
    Optional<Shard> shard = Optional.empty();
    if (file.isPresent()) {
      try {
        shard = Optional.of(new Shard(file.get(), index(file.get(), name)));
      } catch (IOException | RefusedException | RuntimeException e) {
        file.get().close();
        throw e;
      }
    }
    open.put(name, shard);
    while (open.size() > SHARDS_KEPT) {
      Optional<Shard> oldest = open.remove(open.keySet().iterator().next());
      if (oldest.isPresent()) {
        oldest.get().file.close();
      }
    }
    return shard;
  }

  private long[] index(ZarrStore.PartsOfFile file, String name)
      throws IOException, RefusedException {
    byte[] bytes = new byte[shards.indexBytes()];
    if (file.length() < bytes.length) {
      throw damaged(name, "it is shorter than its index");
    }
    file.bytes()
        .readFully(shards.atEnd() ? file.length() - bytes.length : 0, bytes, 0, bytes.length);
    long[] entries = new long[2 * shards.count()];
    ByteBuffer index =
        ByteBuffer.wrap(bytes)
            .order(shards.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    index.asLongBuffer().get(entries);
    if (shards.checked()) {
      CRC32C sum = new CRC32C();
      sum.update(bytes, 0, Long.BYTES * entries.length);
      index.order(ByteOrder.LITTLE_ENDIAN);
      if ((int) sum.getValue() != index.getInt(Long.BYTES * entries.length)) {
        throw damaged(name, "the checksum of its index is wrong");
      }
    }
    return entries;
  }

  private static RefusedException damaged(String name, String why) {
    return RefusedException.damaged("the shard " + name + " is damaged: " + why);
  }

  @Override
  public void close() throws IOException {
    for (Optional<Shard> shard : open.values()) {
      if (shard.isPresent()) {
        shard.get().file.close();
      }
    }
    open.clear();
  }
}
