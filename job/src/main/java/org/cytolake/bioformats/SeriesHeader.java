package org.cytolake.bioformats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import loci.formats.IFormatReader;
import loci.formats.meta.IMetadata;
import ome.units.UNITS;
import ome.units.quantity.Length;
import org.cytolake.bioformats.tiff.TiffPixelSize;
import org.cytolake.field.Columns;
import org.cytolake.field.Header;

/** What an open reader says of a series. */
final class SeriesHeader {
  /**
   * Above it, what a file states is a screen's or a printer's resolution and no microscope's: 72
   * dots an inch, which many programs write into every TIFF file, are 353 µm.
   */
  private static final double LARGEST_PIXEL_UM = 50;

  private SeriesHeader() {}

  /** The same with another size of the pixels, where it is believed. */
  static Header.Series sized(Header.Series series, Optional<TiffPixelSize> size) {
    return series.sized(
        size.map(s -> plausible(s.x())).orElse(null), size.map(s -> plausible(s.y())).orElse(null));
  }

  /** The current series, the one of that number in the metadata. */
  static Header.Series of(IFormatReader reader, IMetadata metadata, int s) {
    List<String> channels = new ArrayList<>();
    int rgb = reader.getRGBChannelCount();
    for (int c = 0; c < reader.getEffectiveSizeC() * rgb; c++) {
      String name =
          rgb > 1 || c >= metadata.getChannelCount(s) ? null : metadata.getChannelName(s, c);
      channels.add(Columns.channelName(name, c));
    }
    if (channels.stream().map(n -> n.toLowerCase(Locale.ROOT)).distinct().count()
        < channels.size()) {
      channels.replaceAll(n -> "");
      for (int c = 0; c < channels.size(); c++) {
        channels.set(c, Columns.channelName(null, c));
      }
    }
    BioFormats.sampleType(reader.getPixelType()); // throws where it is not supported
    return new Header.Series(
        reader.getSizeX(),
        reader.getSizeY(),
        reader.getSizeZ(),
        reader.getSizeT(),
        reader.getPixelType(),
        channels,
        rgb,
        micrometres(metadata.getPixelsPhysicalSizeX(s)),
        micrometres(metadata.getPixelsPhysicalSizeY(s)),
        tile(reader.getOptimalTileWidth(), reader.getSizeX()),
        tile(reader.getOptimalTileHeight(), reader.getSizeY()));
  }

  /** Some readers do not know. */
  private static int tile(int said, int size) {
    return said > 0 ? said : size;
  }

  private static Double micrometres(Length length) {
    Number value = length == null ? null : length.value(UNITS.MICROMETER);
    return value == null ? null : plausible(value.doubleValue());
  }

  private static Double plausible(double um) {
    return um > 0 && um <= LARGEST_PIXEL_UM ? (Double) um : null;
  }
}
