package org.cytolake.output;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Files without checksum files beside them, which nothing but Hadoop's local disk understands. */
public final class PlainFiles {
  private PlainFiles() {}

  /** The file system of a path. */
  public static FileSystem system(Path path, Configuration hadoop) throws IOException {
    return plain(path.getFileSystem(hadoop));
  }

  public static FileSystem plain(FileSystem fs) throws IOException {
    if (!(fs instanceof ChecksumFileSystem checked)) {
      return fs;
    }
    FileSystem raw = checked.getRawFileSystem();
    if (raw.getClass() != RawLocalFileSystem.class) {
      return raw;
    }
    LocalFiles local = new LocalFiles();
    local.initialize(raw.getUri(), raw.getConf());
    return local;
  }

  /** A new file, for Parquet's writers. */
  public static OutputFile output(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = system(path, hadoop);
    return new OutputFile() {
      @Override
      public PositionOutputStream create(long blockSize) throws IOException {
        return HadoopStreams.wrap(fs.create(path, false));
      }

      @Override
      public PositionOutputStream createOrOverwrite(long blockSize) throws IOException {
        return HadoopStreams.wrap(fs.create(path, true));
      }

      @Override
      public boolean supportsBlockSize() {
        return false;
      }

      @Override
      public long defaultBlockSize() {
        return 0;
      }

      @Override
      public String getPath() {
        return path.toString();
      }
    };
  }
}
