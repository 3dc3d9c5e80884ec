package org.cytolake.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import loci.common.services.ServiceException;
import loci.formats.FormatException;
import loci.formats.FormatTools;
import loci.formats.in.TiffReader;
import loci.formats.meta.IMetadata;
import loci.formats.out.TiffWriter;
import loci.formats.services.OMEXMLServiceImpl;
import ome.xml.model.primitives.PositiveInteger;
import org.cytolake.field.Field;

/**
 * Copies of single-plane TIFF files in a temporary folder, in which every image is repeated down
 * and across: more pixels with the same intensities. The folder goes when this is closed.
 */
final class Enlarged implements AutoCloseable {
  private final Path folder;

  private Enlarged(Path folder) {
    this.folder = folder;
  }

  /**
   * @param times how often an image is repeated in each direction, 1 or more
   */
  static Enlarged of(List<Field> fields, int times)
      throws IOException, FormatException, ServiceException {
    Enlarged copies = new Enlarged(Files.createTempDirectory("cytolake-bench"));
    try {
      for (Field field : fields) {
        for (Field.Channel channel : field.channels()) {
          copies.add(localPath(channel), times);
        }
      }
      return copies;
    } catch (IOException | FormatException | ServiceException | RuntimeException e) {
      copies.close();
      throw e;
    }
  }

  static String localPath(Field.Channel channel) {
    return URI.create(channel.file().path().replace(" ", "%20")).getPath();
  }

  private void add(String file, int times) throws IOException, FormatException, ServiceException {
    try (TiffReader reader = new TiffReader();
        TiffWriter writer = new TiffWriter()) {
      IMetadata metadata = new OMEXMLServiceImpl().createOMEXMLMetadata();
      reader.setMetadataStore(metadata);
      reader.setId(file);
      int width = reader.getSizeX();
      int height = reader.getSizeY();
      metadata.setPixelsSizeX(new PositiveInteger(Math.multiplyExact(width, times)), 0);
      metadata.setPixelsSizeY(new PositiveInteger(Math.multiplyExact(height, times)), 0);
      writer.setMetadataRetrieve(metadata);
      writer.setId(folder.resolve(Path.of(file).getFileName()).toString());
      int row = width * FormatTools.getBytesPerPixel(reader.getPixelType());
      writer.saveBytes(0, repeated(reader.openBytes(0), row, times));
    }
  }

  private static byte[] repeated(byte[] plane, int row, int times) {
    byte[] result = new byte[Math.multiplyExact(plane.length, times * times)];
    int band = plane.length * times; // one row of copies
    for (int at = 0; at < plane.length; at += row) {
      for (int across = 0; across < times; across++) {
        System.arraycopy(plane, at, result, at * times + across * row, row);
      }
    }
    for (int down = 1; down < times; down++) {
      System.arraycopy(result, 0, result, down * band, band);
    }
    return result;
  }

  String path() {
    return folder.toString();
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
