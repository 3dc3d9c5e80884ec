package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import loci.common.RandomAccessInputStream;
import loci.formats.FormatException;
import loci.formats.IFormatReader;
import loci.formats.ImageReader;
import loci.formats.UnknownFormatException;
import loci.formats.in.OMETiffReader;
import loci.formats.in.TiffDelegateReader;
import loci.formats.in.TiffReader;

/**
 * Finds the readers of Bio-Formats that take a file. What it finds depends on the file, and neither
 * on files beside it nor on those looked at before.
 */
final class Detector implements Closeable {
  /** Readers of what is TIFF like any other, but for layers that repeat it. */
  private static final Set<String> LIKE_ANY = Set.of("PhotoshopTiffReader");

  private final ImageReader readers = BioFormats.newImageReader();

  Detector() {
    readers.setGroupFiles(false);
  }

  /** The reader that takes a file that is no TIFF. */
  String of(String id) throws FormatException, IOException {
    try {
      for (IFormatReader reader : readers.getReaders()) {
        if (takes(reader, id)) {
          return reader.getClass().getName();
        }
      }
    } finally {
      readers.close();
    }
    throw new UnknownFormatException("Unknown file format: " + id);
  }

  /** Some readers fail over files that are not theirs. */
  private static boolean takes(IFormatReader reader, String id) {
    try {
      return reader.isThisType(id, true);
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * The readers that may take a TIFF file by its bytes alone, the best first, the last being that
   * of any TIFF. Readers of data sets of several files, which take each file for all of them, are
   * left out.
   */
  List<String> ofTiff(String id) throws IOException {
    List<String> found = new ArrayList<>();
    try {
      for (IFormatReader reader : readers.getReaders()) {
        if (reader instanceof TiffDelegateReader) {
          break; // any TIFF
        }
        if (!LIKE_ANY.contains(reader.getClass().getSimpleName()) && claims(reader, id)) {
          found.add(reader.getClass().getName());
        }
      }
    } finally {
      readers.close();
    }
    found.add(TiffReader.class.getName());
    return found;
  }

  private static boolean claims(IFormatReader reader, String id) throws IOException {
    if (!takes(reader, id)) {
      return false;
    }
    try (RandomAccessInputStream in = new RandomAccessInputStream(id)) {
      return reader.isThisType(in) && (reader instanceof OMETiffReader || reader.isSingleFile(id));
    } catch (FormatException | RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    readers.close();
  }
}
