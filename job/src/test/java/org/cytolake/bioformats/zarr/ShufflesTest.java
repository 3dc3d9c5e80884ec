package org.cytolake.bioformats.zarr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What Blosc's and bitshuffle's descriptions say, byte by byte and bit by bit. */
final class ShufflesTest {
  private static final int BEFORE = 3; // bytes of what the block goes into
  private static final int AFTER = 5;

  private final Random random = new Random(1);

  @Test
  void bytesAsDescribed() {
    for (int i = 0; i < 2_000; i++) {
      int typeSize = 1 + random.nextInt(9);
      byte[] block = block(typeSize);
      int samples = block.length / typeSize;
      byte[] shuffled = block.clone();
      for (int s = 0; s < samples; s++) {
        for (int b = 0; b < typeSize; b++) {
          shuffled[b * samples + s] = block[s * typeSize + b];
        }
      }
      byte[] found = new byte[BEFORE + block.length + AFTER];
      Shuffles.bytes(shuffled, found, BEFORE, block.length, typeSize);
      assertThat(found).as("%s", typeSize).isEqualTo(within(block));
    }
  }

  @Test
  void bitsAsDescribed() {
    for (int i = 0; i < 2_000; i++) {
      int typeSize = 1 + random.nextInt(9);
      byte[] block = block(typeSize);
      int samples = block.length / typeSize;
      byte[] shuffled = block.clone();
      if (samples % 8 == 0) {
        Arrays.fill(shuffled, 0, samples * typeSize, (byte) 0);
        for (int s = 0; s < samples; s++) {
          for (int bit = 0; bit < 8 * typeSize; bit++) {
            int set = block[s * typeSize + bit / 8] >> (bit % 8) & 1;
            shuffled[(bit * samples + s) / 8] |= (byte) (set << (s % 8));
          }
        }
      }
      byte[] found = new byte[BEFORE + block.length + AFTER];
      byte[] between = new byte[block.length];
      Shuffles.bits(shuffled, found, BEFORE, block.length, typeSize, between);
      assertThat(found).as("%s", typeSize).isEqualTo(within(block));
    }
  }

  /** Samples, mostly a multiple of eight, and what is less than one more. */
  private byte[] block(int typeSize) {
    int samples = random.nextInt(4) == 0 ? random.nextInt(300) : 8 * random.nextInt(40);
    byte[] block = new byte[samples * typeSize + random.nextInt(typeSize)];
    random.nextBytes(block);
    return block;
  }

  private static byte[] within(byte[] block) {
    byte[] all = new byte[BEFORE + block.length + AFTER];
    System.arraycopy(block, 0, all, BEFORE, block.length);
    return all;
  }
}
