package org.cytolake.field;

import java.io.Serializable;
import java.util.List;
import org.cytolake.catalog.Listing;

/**
 * One image that can be read: a series, at all its z and t, with the file of every channel.
 *
 * @param image id, unique in a load
 * @param listed id under which the image's files were listed, {@link Listing.ListedImage#image}:
 *     the same but for a series beyond the first
 * @param groups values of the pattern's groups
 * @param series index of the series
 * @param sizeX width in pixels; the other sizes likewise
 * @param sizeZ planes in z that the table has: 1 for a maximum projection
 * @param firstZ index of the first of them
 * @param pixelType OME's name of the (widest) pixel type
 * @param pixelSizeXUm micrometres a pixel, or null where the file does not say
 * @param channels where each channel's planes are, in column order
 */
public record Field(
    String image,
    String listed,
    List<String> groups,
    int series,
    int sizeX,
    int sizeY,
    int sizeZ,
    int firstZ,
    int sizeT,
    String pixelType,
    Double pixelSizeXUm,
    Double pixelSizeYUm,
    List<Channel> channels)
    implements Serializable {

  public Field {
    groups = List.copyOf(groups);
    channels = List.copyOf(channels);
  }

  /**
   * Where a channel's planes are.
   *
   * @param file the file
   * @param readerClass the reader that takes it
   * @param index number of the channel inside the file's series
   * @param pixelType OME's name of the channel's pixel type
   * @param maxOverZ number of z planes to project, or 0 for none
   * @param tileWidth width of what the file stores in one piece, pixels
   */
  public record Channel(
      ImageFile file,
      String readerClass,
      int index,
      String pixelType,
      int maxOverZ,
      int tileWidth,
      int tileHeight)
      implements Serializable {}

  /** Pixels of one channel at one z and t. */
  public long planePixels() {
    return (long) sizeX * sizeY;
  }

  /** The distinct files of the image, in channel order. */
  public List<ImageFile> files() {
    return channels.stream().map(Channel::file).distinct().toList();
  }
}
