package org.cytolake.bioformats;

import static org.apache.hadoop.fs.Options.OpenFileOptions.FS_OPTION_OPENFILE_LENGTH;
import static org.apache.hadoop.fs.Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY;
import static org.apache.hadoop.fs.Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_RANDOM;
import static org.apache.hadoop.util.functional.FutureIO.awaitFuture;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Bytes at any place of a file. */
public interface FileBytes extends Closeable {
  void readFully(long at, byte[] target, int offset, int count) throws IOException;

  /**
   * Of a file on any Hadoop file system. Its length is known, so that a store need not be asked for
   * it, and a store is told that what is wanted lies here and there, else it would be asked for the
   * rest of the file at the first read.
   */
  static FileBytes of(FileSystem fs, Path path, long length) throws IOException {
    FSDataInputStream stream =
        awaitFuture(
            fs.openFile(path)
                .opt(FS_OPTION_OPENFILE_READ_POLICY, FS_OPTION_OPENFILE_READ_POLICY_RANDOM)
                .optLong(FS_OPTION_OPENFILE_LENGTH, length)
                .build());
    return new FileBytes() {
      @Override
      public void readFully(long at, byte[] target, int offset, int count) throws IOException {
        stream.readFully(at, target, offset, count);
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  /** Of a local file. */
  static FileBytes ofLocal(java.nio.file.Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    return new FileBytes() {
      private static final int PIECE = 1 << 18;

      @Override
      public void readFully(long at, byte[] target, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
          // by pieces, since the channel copies through a buffer of the same size
          int piece = Math.min(count - done, PIECE);
          int n = channel.read(ByteBuffer.wrap(target, offset + done, piece), at + done);
          if (n < 0) {
            throw new EOFException("read past the end of the file, at byte " + (at + done));
          }
          done += n;
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
