package org.cytolake.bioformats.tiff;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import loci.formats.FormatException;
import loci.formats.IFormatReader;
import loci.formats.in.MinimalTiffReader;
import loci.formats.in.OMETiffReader;
import loci.formats.in.TiffReader;
import loci.formats.tiff.IFD;
import loci.formats.tiff.IFDList;
import org.cytolake.bioformats.plain.RefusedException;

/** Which directory of which file holds a plane, as an open reader of Bio-Formats has found out. */
abstract class TiffDirectories {
  /**
   * Where a plane lies.
   *
   * @param file name under which Bio-Formats opens it
   */
  record Place(String file, IFD directory) {}

  /** Of a plane of the current series. */
  abstract Place place(int plane) throws FormatException, IOException;

  /**
   * Of a reader of one series, of pages that differ, or of OME-TIFF, that decodes as its
   * super-class does.
   */
  static Optional<TiffDirectories> of(IFormatReader reader) throws FormatException {
    if (reader instanceof OMETiffReader ome) {
      return Optional.of(new OfOmeTiff(ome));
    }
    if (!(reader instanceof MinimalTiffReader tiff) || !hasNoWayOfItsOwn(tiff)) {
      return Optional.empty();
    }
    if (tiff.getSeriesCount() == 1) {
      return Optional.of(new OfTiff(tiff, false));
    }
    boolean byPage =
        tiff.getClass() == TiffReader.class
            && tiff.getIFDs() != null
            && tiff.getIFDs().size() == tiff.getSeriesCount();
    return byPage ? Optional.of(new OfTiff(tiff, true)) : Optional.empty();
  }

  private static boolean hasNoWayOfItsOwn(MinimalTiffReader reader) throws FormatException {
    try {
      Method openBytes =
          reader
              .getClass()
              .getMethod(
                  "openBytes", int.class, byte[].class, int.class, int.class, int.class, int.class);
      return openBytes.getDeclaringClass() == MinimalTiffReader.class;
    } catch (NoSuchMethodException e) {
      throw new FormatException(e);
    }
  }

  private static IFD directory(IFDList directories, int index) throws FormatException {
    if (directories == null || index < 0 || index >= directories.size()) {
      throw RefusedException.incomplete(
          "it declares a plane in directory "
              + index
              + ", and has "
              + (directories == null ? 0 : directories.size()));
    }
    return directories.get(index);
  }

  private static final class OfTiff extends TiffDirectories {
    private final MinimalTiffReader reader;
    private final boolean byPage;

    /**
     * @param byPage whether each page is a series, as where they differ
     */
    OfTiff(MinimalTiffReader reader, boolean byPage) {
      this.reader = reader;
      this.byPage = byPage;
    }

    @Override
    Place place(int plane) throws FormatException {
      return new Place(
          reader.getCurrentFile(),
          directory(reader.getIFDs(), byPage ? reader.getSeries() : plane));
    }
  }

  /** By reflection: the reader keeps to itself what it knows of planes. */
  private static final class OfOmeTiff extends TiffDirectories {
    private final OMETiffReader reader;
    private final Field planes;

    OfOmeTiff(OMETiffReader reader) throws FormatException {
      this.reader = reader;
      try {
        planes = OMETiffReader.class.getDeclaredField("info");
        planes.setAccessible(true);
      } catch (NoSuchFieldException e) {
        throw new FormatException(e);
      }
    }

    @Override
    Place place(int plane) throws FormatException, IOException {
      try {
        Object[][] ofSeries = (Object[][]) planes.get(reader);
        Object[] own = ofSeries[reader.getSeries()];
        Object entry = plane < own.length ? own[plane] : null;
        if (entry == null || !(boolean) get(entry, "exists") || get(entry, "id") == null) {
          throw RefusedException.incomplete(
              "it declares "
                  + reader.getImageCount()
                  + " planes (z "
                  + reader.getSizeZ()
                  + ", t "
                  + reader.getSizeT()
                  + "), and plane "
                  + plane
                  + " is in no file");
        }
        String file = (String) get(entry, "id");
        MinimalTiffReader tiff = (MinimalTiffReader) get(entry, "reader");
        if (tiff.getCurrentFile() == null) {
          tiff.setId(file);
        }
        return new Place(file, directory(tiff.getIFDs(), (int) get(entry, "ifd")));
      } catch (IllegalAccessException | NoSuchFieldException e) {
        throw new FormatException(e);
      }
    }

    private static Object get(Object plane, String name)
        throws NoSuchFieldException, IllegalAccessException {
      Field field = plane.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(plane);
    }
  }
}
