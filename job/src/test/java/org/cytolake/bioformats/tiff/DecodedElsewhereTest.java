package org.cytolake.bioformats.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import loci.formats.FormatException;
import loci.formats.in.APNGReader;
import loci.formats.in.TiffReader;
import org.cytolake.bioformats.plain.RefusedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers that leave bytes of the buffer as they were, which are another image's. */
final class DecodedElsewhereTest {
  private static final int BYTES = 40 * 30;
  private static final byte OTHERS = 77;

  /** As that of Leica's SCN does where a strip is said to be shorter than it is. */
  private static final class ShortTiff extends TiffReader {
    private final int filled;

    ShortTiff(int filled) {
      this.filled = filled;
    }

    @Override
    public byte[] openBytes(int no, byte[] buf, int x, int y, int w, int h) {
      Arrays.fill(buf, 0, filled, (byte) 5);
      return buf;
    }
  }

  /** As one of mosaics does where no tile lies. */
  private static final class Mosaic extends APNGReader {
    @Override
    public byte[] openBytes(int no, byte[] buf, int x, int y, int w, int h) {
      Arrays.fill(buf, 100, 300, (byte) 5);
      return buf;
    }
  }

  private static byte[] used() {
    byte[] used = new byte[BYTES];
    Arrays.fill(used, OTHERS);
    return used;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 600, BYTES - 15})
  void partsThatATiffHasNoValuesForAreRefused(int filled) {
    assertThatThrownBy(() -> DecodedElsewhere.read(new ShortTiff(filled), 0, used(), 0, 0, 40, 30))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("no values for a part of the plane");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, BYTES, BYTES + 3})
  void wholePlanesAreRead(int bytes) throws FormatException, IOException {
    byte[] into = Arrays.copyOf(used(), bytes);
    DecodedElsewhere.read(new ShortTiff(bytes), 0, into, 0, 0, bytes, 1);
    assertThat(into).containsOnly(5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void placesOfAMosaicWithoutPixelsAreZero(boolean again) throws FormatException, IOException {
    byte[] into = used();
    DecodedElsewhere.read(new Mosaic(), 0, into, 0, 0, 40, 30);
    if (again) {
      DecodedElsewhere.read(new Mosaic(), 0, into, 0, 0, 40, 30);
    }
    for (int i = 0; i < BYTES; i++) {
      assertThat(into[i]).isEqualTo((byte) (i >= 100 && i < 300 ? 5 : 0));
    }
  }
}
