package org.cytolake.bioformats.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** Bytes that were changed are noticed where the format has a sum over them. */
class TiffDecompressionTest {
  private final byte[] piece = new byte[5000];

  TiffDecompressionTest() {
    new Random(3).nextBytes(piece);
  }

  private byte[] deflated() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.NO_COMPRESSION))) {
      out.write(piece);
    }
    return bytes.toByteArray();
  }

  private byte[] zstandard() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(bytes)) {
      out.setChecksum(true);
      out.write(piece);
    }
    return bytes.toByteArray();
  }

  private void check(int compression, byte[] packed) throws IOException {
    for (int length : new int[] {piece.length, piece.length - 7}) { // a piece, and one cut off
      byte[] into = new byte[length];
      assertThat(TiffDecompression.undo(compression, packed, packed.length, into))
          .isEqualTo(length);
      assertThat(into).isEqualTo(Arrays.copyOf(piece, length));
    }
    for (int at : new int[] {packed.length / 2, packed.length - 10}) {
      byte[] damaged = packed.clone();
      damaged[at] ^= 4; // of bytes that are stored as they are
      assertThatThrownBy(
              () ->
                  TiffDecompression.undo(
                      compression, damaged, damaged.length, new byte[piece.length]))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void deflate() throws IOException {
    check(TiffLayout.DEFLATE, deflated());
  }

  @Test
  void zstandardWithItsSum() throws IOException {
    check(TiffLayout.ZSTD, zstandard());
  }
}
