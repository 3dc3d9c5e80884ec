package org.cytolake.bioformats.zarr;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import loci.formats.FormatException;

/** Where the chunks of an array are stored: each in a file, or many in one. */
interface ChunkFiles extends Closeable {
  /**
   * Reads chunks, in any order.
   *
   * @param wanted the chunks by their numbers along each axis
   */
  void read(List<long[]> wanted, ZarrArray.Receiver receiver) throws IOException, FormatException;

  @Override
  default void close() throws IOException {}

  /** Of an array. */
  static ChunkFiles of(ZarrStore store, ArrayLayout layout) {
    if (layout.shards().isPresent()) {
      return new ShardFiles(store, layout, layout.shards().get());
    }
    return store.isRemote() ? new Remote(store, layout) : new Local(store, layout);
  }

  /** One file after the other, into the same room. */
  final class Local implements ChunkFiles {
    private final ZarrStore store;
    private final ArrayLayout layout;
    private byte[] room = {};

    Local(ZarrStore store, ArrayLayout layout) {
      this.store = store;
      this.layout = layout;
    }

    @Override
    public void read(List<long[]> wanted, ZarrArray.Receiver receiver)
        throws IOException, FormatException {
      for (long[] numbers : wanted) {
        Optional<ChunkBytes> stored =
            store.read(layout.names().of(numbers), layout.mostStored(), room);
        room = stored.map(ChunkBytes::array).orElse(room);
        receiver.take(numbers, stored);
      }
    }
  }

  /** Some files at once, since a store makes one wait for each. */
  record Remote(ZarrStore store, ArrayLayout layout) implements ChunkFiles {
    private static final int AT_ONCE = 8;
    private static final ExecutorService POOL =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "cytolake-chunks");
              thread.setDaemon(true);
              return thread;
            });

    @Override
    public void read(List<long[]> wanted, ZarrArray.Receiver receiver)
        throws IOException, FormatException {
      Deque<Future<Optional<byte[]>>> coming = new ArrayDeque<>();
      Iterator<long[]> next = wanted.iterator();
      try {
        for (long[] numbers : wanted) {
          while (coming.size() < AT_ONCE && next.hasNext()) {
            String name = layout.names().of(next.next());
            coming.add(POOL.submit(() -> store.read(name, layout.mostStored())));
          }
          receiver.take(numbers, await(coming.remove()).map(ChunkBytes::of));
        }
      } finally {
        coming.forEach(chunk -> chunk.cancel(true));
      }
    }

    private static Optional<byte[]> await(Future<Optional<byte[]>> chunk)
        throws IOException, FormatException {
      try {
        return chunk.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted").initCause(e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof FormatException refused) {
          throw refused;
        }
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      }
    }
  }
}
