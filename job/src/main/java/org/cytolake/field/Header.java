package org.cytolake.field;

import java.io.Serializable;
import java.util.List;

/**
 * What a file says about its images, without their pixels.
 *
 * @param readerClass the Bio-Formats reader that takes the file
 * @param format its name for the format
 * @param partOf name of the file beside it that stands for the image, where it lies in several;
 *     empty where this one does
 * @param notes what a reader of the values should know
 */
public record Header(
    String readerClass, String format, List<Series> series, String partOf, List<String> notes)
    implements Serializable {
  public Header {
    series = List.copyOf(series);
    notes = List.copyOf(notes);
    if (series.isEmpty()) {
      throw new IllegalArgumentException("the header declares images and none is there");
    }
  }

  /**
   * One series of a file.
   *
   * @param sizeX pixels; likewise the other sizes
   * @param pixelType Bio-Formats' code of the pixel type
   * @param channels names of the channels, an RGB plane counting as three
   * @param rgb channels that one plane holds
   * @param pixelSizeXUm micrometres a pixel, or null where the file does not say
   * @param tileWidth width, in pixels, of what the file stores in one piece
   */
  public record Series(
      int sizeX,
      int sizeY,
      int sizeZ,
      int sizeT,
      int pixelType,
      List<String> channels,
      int rgb,
      Double pixelSizeXUm,
      Double pixelSizeYUm,
      int tileWidth,
      int tileHeight)
      implements Serializable {
    public Series {
      channels = List.copyOf(channels);
      if (sizeX < 1 || sizeY < 1 || sizeZ < 1 || sizeT < 1 || channels.isEmpty()) {
        throw new IllegalArgumentException(
            "the header declares an image of "
                + sizeX
                + " x "
                + sizeY
                + " pixels, "
                + sizeZ
                + " z, "
                + sizeT
                + " t and "
                + channels.size()
                + " channels");
      }
    }

    /** The same with another size of the pixels, micrometres or null. */
    public Series sized(Double xUm, Double yUm) {
      return new Series(
          sizeX, sizeY, sizeZ, sizeT, pixelType, channels, rgb, xUm, yUm, tileWidth, tileHeight);
    }
  }
}
