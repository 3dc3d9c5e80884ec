package org.cytolake.bioformats.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Factory;
import org.cytolake.bioformats.deflate.WholeStreams;
import org.cytolake.bioformats.plain.RefusedException;

/** The compressions of chunks, by the names that Zarr 2 (numcodecs) and Zarr 3 give them. */
final class ChunkCodecs {
  private static final String NUMCODECS = "numcodecs.";
  private static final int CHECKSUM = 4; // bytes of CRC-32C

  private ChunkCodecs() {}

  /**
   * A codec by its name.
   *
   * @param codec the codec in the metadata, which is named in messages
   * @throws RefusedException where there is none of that name
   */
  static ChunkCodec of(String name, JsonNode codec) throws RefusedException {
    if (name.equals("crc32c")) {
      return (stored, room) -> checked(stored);
    }
    return switch (name.startsWith(NUMCODECS) ? name.substring(NUMCODECS.length()) : name) {
      case "blosc" -> Blosc::undo;
      case "zstd" -> ChunkCodecs::zstd;
      case "gzip" -> ChunkCodecs::gzip;
      case "zlib" -> ChunkCodecs::zlib;
      case "lz4" -> ChunkCodecs::lz4;
      default ->
          throw ZarrRefusals.unsupported(
              "its array has the codec '"
                  + (name.isEmpty() ? codec.toString() : name)
                  + "'; read are blosc, zstd, gzip, zlib, lz4 and crc32c");
    };
  }

  private static ChunkBytes checked(ChunkBytes stored) throws IOException {
    int length = stored.length() - CHECKSUM;
    if (length < 0) {
      throw new IOException("it is too short for its checksum");
    }
    CRC32C sum = new CRC32C();
    sum.update(stored.array(), stored.from(), length);
    if ((int) sum.getValue() != stored.intAt(length)) {
      throw new IOException("its checksum is wrong");
    }
    return stored.first(length);
  }

  private static ChunkBytes zstd(ChunkBytes stored, byte[] room) throws IOException {
    return new ChunkBytes(room, 0, zstd(stored, room, 0, room.length));
  }

  /** Zstandard frames into a part of an array; returns the number of bytes. */
  static int zstd(ChunkBytes stored, byte[] into, int to, int most) throws IOException {
    long size =
        Zstd.decompressByteArray(into, to, most, stored.array(), stored.from(), stored.length());
    if (Zstd.isError(size)) {
      throw new IOException("Zstandard: " + Zstd.getErrorName(size));
    }
    return (int) size;
  }

  /** An LZ4 block into a part of an array; returns the number of bytes. */
  static int lz4(ChunkBytes stored, byte[] into, int to, int most) {
    return LZ4Factory.fastestInstance()
        .safeDecompressor()
        .decompress(stored.array(), stored.from(), stored.length(), into, to, most);
  }

  /** A zlib stream into a part of an array; returns the number of bytes. */
  static int zlib(ChunkBytes stored, byte[] into, int to, int most) throws IOException {
    if (WholeStreams.zlib(stored.array(), stored.from(), stored.length(), into, to, most)) {
      return most;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(stored.array(), stored.from(), stored.length());
      int done = 0;
      while (!inflater.finished()) {
        int n = inflater.inflate(into, to + done, most - done);
        if (n == 0 && !inflater.finished()) {
          throw new IOException(
              done == most ? "it holds more than a chunk" : "its zlib stream ends too early");
        }
        done += n;
      }
      return done;
    } catch (DataFormatException e) {
      throw new IOException("it is no zlib stream: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static ChunkBytes zlib(ChunkBytes stored, byte[] room) throws IOException {
    return new ChunkBytes(room, 0, zlib(stored, room, 0, room.length));
  }

  private static ChunkBytes gzip(ChunkBytes stored, byte[] room) throws IOException {
    if (WholeStreams.gzip(stored.array(), stored.from(), stored.length(), room, 0, room.length)) {
      return new ChunkBytes(room, 0, room.length);
    }
    try (GZIPInputStream in =
        new GZIPInputStream(
            new ByteArrayInputStream(stored.array(), stored.from(), stored.length()), 1 << 16)) {
      int done = in.readNBytes(room, 0, room.length);
      if (in.read() >= 0) {
        throw new IOException("it holds more than a chunk");
      }
      return new ChunkBytes(room, 0, done);
    }
  }

  /** As numcodecs writes it: the length, then a block. */
  private static ChunkBytes lz4(ChunkBytes stored, byte[] room) throws IOException {
    if (stored.length() < 4 || stored.intAt(0) != room.length) {
      throw new IOException("its LZ4 block is of another length than a chunk");
    }
    ChunkBytes block = new ChunkBytes(stored.array(), stored.from() + 4, stored.length() - 4);
    return new ChunkBytes(room, 0, lz4(block, room, 0, room.length));
  }
}
