package org.cytolake.bioformats.tiff;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import loci.formats.FormatException;
import loci.formats.IFormatReader;
import loci.formats.in.MinimalTiffReader;
import loci.formats.in.OMETiffReader;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * Planes that Bio-Formats decodes. Its readers leave bytes of a buffer as they were where they find
 * no pixels. Buffers are used again and again: what was there would be of another image.
 */
public final class DecodedElsewhere {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private DecodedElsewhere() {}

  /**
   * Reads a region of a plane of the current series.
   *
   * @param into of just the size; places that a mosaic has no pixels of become 0
   * @throws RefusedException where a TIFF file, which has no such places, leaves bytes unread, as
   *     where its strips are said to be shorter than they are
   */
  public static void read(
      IFormatReader reader, int plane, byte[] into, int x, int y, int width, int height)
      throws FormatException, IOException {
    if (!(reader instanceof MinimalTiffReader || reader instanceof OMETiffReader)) {
      Arrays.fill(into, (byte) 0);
      reader.openBytes(plane, into, x, y, width, height);
      return;
    }
    long mark = ThreadLocalRandom.current().nextLong();
    int marks = into.length / Long.BYTES;
    for (int i = 0; i < marks; i++) {
      LONGS.set(into, i * Long.BYTES, mark);
    }
    Arrays.fill(into, marks * Long.BYTES, into.length, (byte) 0);
    reader.openBytes(plane, into, x, y, width, height);
    for (int i = 0; i < marks; i++) {
      if ((long) LONGS.get(into, i * Long.BYTES) == mark) {
        throw RefusedException.damaged("it has no values for a part of the plane");
      }
    }
  }
}
