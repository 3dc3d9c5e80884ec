package org.cytolake.bioformats;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import loci.formats.FormatException;
import loci.formats.IFormatReader;
import loci.formats.meta.IMetadata;
import ome.units.UNITS;
import ome.units.quantity.Length;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.tiff.TiffPixelSize;
import org.cytolake.bioformats.zarr.ZarrImage;
import org.cytolake.bioformats.zarr.ZarrSeries;
import org.cytolake.field.Columns;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;

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
    List<String> names = new ArrayList<>();
    int rgb = reader.getRGBChannelCount();
    for (int c = 0; c < reader.getEffectiveSizeC() * rgb; c++) {
      names.add(rgb > 1 || c >= metadata.getChannelCount(s) ? null : metadata.getChannelName(s, c));
    }
    BioFormats.sampleType(reader.getPixelType()); // throws where it is not supported
    return new Header.Series(
        reader.getSizeX(),
        reader.getSizeY(),
        reader.getSizeZ(),
        reader.getSizeT(),
        reader.getPixelType(),
        columns(names),
        rgb,
        micrometres(metadata.getPixelsPhysicalSizeX(s)),
        micrometres(metadata.getPixelsPhysicalSizeY(s)),
        tile(reader.getOptimalTileWidth(), reader.getSizeX()),
        tile(reader.getOptimalTileHeight(), reader.getSizeY()));
  }

  /** The header of an image of OME-Zarr, at the level that the configuration says. */
  static Header ofZarr(ImageFile file, Configuration hadoop) throws IOException, FormatException {
    try (ZarrImage image = ZarrImage.open(file, hadoop)) {
      return new Header(
          ZarrImage.class.getName(),
          image.format(),
          image.series().stream().map(SeriesHeader::of).toList(),
          "",
          image.notes());
    }
  }

  private static Header.Series of(ZarrSeries series) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < series.size("c"); c++) {
      names.add(c < series.channels().size() ? series.channels().get(c) : null);
    }
    return new Header.Series(
        series.size("x"),
        series.size("y"),
        series.size("z"),
        series.size("t"),
        series.pixelType(),
        columns(names),
        1,
        micrometres(series.micrometres("x")),
        micrometres(series.micrometres("y")),
        Math.min(series.tileWidth(), series.size("x")),
        Math.min(series.tileHeight(), series.size("y")));
  }

  private static Double micrometres(OptionalDouble said) {
    return said.isEmpty() ? null : plausible(said.getAsDouble());
  }

  /** Columns of channels by their names, which may be null; by number where two would be one. */
  private static List<String> columns(List<String> names) {
    List<String> columns = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      columns.add(Columns.channelName(names.get(c), c));
    }
    if (columns.stream().map(n -> n.toLowerCase(Locale.ROOT)).distinct().count() < columns.size()) {
      for (int c = 0; c < columns.size(); c++) {
        columns.set(c, Columns.channelName(null, c));
      }
    }
    return columns;
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
