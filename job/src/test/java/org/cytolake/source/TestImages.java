package org.cytolake.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import loci.common.services.ServiceFactory;
import loci.formats.FormatTools;
import loci.formats.IFormatWriter;
import loci.formats.meta.IMetadata;
import loci.formats.out.OMETiffWriter;
import loci.formats.out.TiffWriter;
import loci.formats.services.OMEXMLService;
import ome.units.UNITS;
import ome.units.quantity.Length;
import ome.xml.model.enums.DimensionOrder;
import ome.xml.model.enums.PixelType;
import ome.xml.model.primitives.PositiveInteger;

/** Writes images whose samples say which plane, channel, row and column they come from. */
public final class TestImages {
  /** The sample at a place. */
  @FunctionalInterface
  public interface Pattern {
    double at(int series, int channel, int z, int t, int y, int x);
  }

  /** What to write. */
  public record Spec(
      int sizeX,
      int sizeY,
      int channels,
      int sizeZ,
      int sizeT,
      int series,
      String pixelType,
      boolean rgb,
      int tile,
      String compression,
      Double pixelSizeUm,
      Pattern pattern) {

    public static Spec of(int sizeX, int sizeY, String pixelType, Pattern pattern) {
      return new Spec(sizeX, sizeY, 1, 1, 1, 1, pixelType, false, 0, null, null, pattern);
    }

    public Spec channels(int n) {
      return new Spec(
          sizeX,
          sizeY,
          n,
          sizeZ,
          sizeT,
          series,
          pixelType,
          rgb,
          tile,
          compression,
          pixelSizeUm,
          pattern);
    }

    public Spec zt(int z, int t) {
      return new Spec(
          sizeX,
          sizeY,
          channels,
          z,
          t,
          series,
          pixelType,
          rgb,
          tile,
          compression,
          pixelSizeUm,
          pattern);
    }

    public Spec series(int n) {
      return new Spec(
          sizeX,
          sizeY,
          channels,
          sizeZ,
          sizeT,
          n,
          pixelType,
          rgb,
          tile,
          compression,
          pixelSizeUm,
          pattern);
    }

    public Spec asRgb() {
      return new Spec(
          sizeX,
          sizeY,
          3,
          sizeZ,
          sizeT,
          series,
          pixelType,
          true,
          tile,
          compression,
          pixelSizeUm,
          pattern);
    }

    public Spec tiled(int size, String newCompression) {
      return new Spec(
          sizeX,
          sizeY,
          channels,
          sizeZ,
          sizeT,
          series,
          pixelType,
          rgb,
          size,
          newCompression,
          pixelSizeUm,
          pattern);
    }

    public Spec micrometres(double um) {
      return new Spec(
          sizeX,
          sizeY,
          channels,
          sizeZ,
          sizeT,
          series,
          pixelType,
          rgb,
          tile,
          compression,
          um,
          pattern);
    }
  }

  private TestImages() {}

  /** A sample that says where it comes from and fits 16 bits for images up to 256 x 64. */
  public static Pattern coded() {
    return (series, channel, z, t, y, x) ->
        ((series * 2 + t) * 2 + z) * 16384 % 65536 + channel * 4096 + (y * 64 + x) % 4096;
  }

  /** Writes a TIFF (OME-TIFF where the name ends with .ome.tif) and returns the path. */
  public static Path write(Path file, Spec spec) {
    try {
      boolean ome = file.getFileName().toString().endsWith(".ome.tif");
      Files.deleteIfExists(file); // Bio-Formats would write into what is there
      try (IFormatWriter writer = ome ? new OMETiffWriter() : new TiffWriter()) {
        writer.setMetadataRetrieve(metadata(spec));
        writer.setInterleaved(spec.rgb());
        if (spec.compression() != null) {
          writer.setCompression(spec.compression());
        }
        if (spec.tile() > 0) {
          writer.setTileSizeX(spec.tile());
          writer.setTileSizeY(spec.tile());
        }
        writer.setId(file.toString());
        for (int s = 0; s < spec.series(); s++) {
          writer.setSeries(s);
          writePlanes(writer, spec, s);
        }
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void writePlanes(IFormatWriter writer, Spec spec, int s) throws Exception {
    int plane = 0;
    for (int t = 0; t < spec.sizeT(); t++) {
      for (int z = 0; z < spec.sizeZ(); z++) {
        for (int c = 0; c < (spec.rgb() ? 1 : spec.channels()); c++) {
          if (spec.tile() == 0) {
            writer.saveBytes(plane, bytes(spec, s, c, z, t, 0, 0, spec.sizeX(), spec.sizeY()));
          } else {
            for (int y = 0; y < spec.sizeY(); y += spec.tile()) {
              for (int x = 0; x < spec.sizeX(); x += spec.tile()) {
                int w = Math.min(spec.tile(), spec.sizeX() - x);
                int h = Math.min(spec.tile(), spec.sizeY() - y);
                writer.saveBytes(plane, bytes(spec, s, c, z, t, x, y, w, h), x, y, w, h);
              }
            }
          }
          plane++;
        }
      }
    }
  }

  private static byte[] bytes(
      Spec spec, int s, int c, int z, int t, int x0, int y0, int width, int height) {
    int type = FormatTools.pixelTypeFromString(spec.pixelType());
    int samples = spec.rgb() ? 3 : 1;
    ByteBuffer buffer =
        ByteBuffer.allocate(width * height * samples * FormatTools.getBytesPerPixel(type))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int y = y0; y < y0 + height; y++) {
      for (int x = x0; x < x0 + width; x++) {
        for (int k = 0; k < samples; k++) {
          double value = spec.pattern().at(s, c + k, z, t, y, x);
          switch (type) {
            case FormatTools.UINT8, FormatTools.INT8 -> buffer.put((byte) (long) value);
            case FormatTools.UINT16, FormatTools.INT16 -> buffer.putShort((short) (long) value);
            case FormatTools.UINT32, FormatTools.INT32 -> buffer.putInt((int) (long) value);
            case FormatTools.FLOAT -> buffer.putFloat((float) value);
            case FormatTools.DOUBLE -> buffer.putDouble(value);
            default -> throw new IllegalArgumentException(spec.pixelType());
          }
        }
      }
    }
    return buffer.array();
  }

  private static IMetadata metadata(Spec spec) throws Exception {
    IMetadata meta = new ServiceFactory().getInstance(OMEXMLService.class).createOMEXMLMetadata();
    for (int s = 0; s < spec.series(); s++) {
      meta.setImageID("Image:" + s, s);
      meta.setPixelsID("Pixels:" + s, s);
      meta.setPixelsBigEndian(false, s);
      meta.setPixelsDimensionOrder(DimensionOrder.XYCZT, s);
      meta.setPixelsType(PixelType.fromString(spec.pixelType()), s);
      meta.setPixelsSizeX(new PositiveInteger(spec.sizeX()), s);
      meta.setPixelsSizeY(new PositiveInteger(spec.sizeY()), s);
      meta.setPixelsSizeZ(new PositiveInteger(spec.sizeZ()), s);
      meta.setPixelsSizeC(new PositiveInteger(spec.channels()), s);
      meta.setPixelsSizeT(new PositiveInteger(spec.sizeT()), s);
      if (spec.pixelSizeUm() != null) {
        meta.setPixelsPhysicalSizeX(new Length(spec.pixelSizeUm(), UNITS.MICROMETER), s);
        meta.setPixelsPhysicalSizeY(new Length(spec.pixelSizeUm(), UNITS.MICROMETER), s);
      }
      for (int c = 0; c < (spec.rgb() ? 1 : spec.channels()); c++) {
        meta.setChannelID("Channel:" + s + ":" + c, s, c);
        meta.setChannelSamplesPerPixel(new PositiveInteger(spec.rgb() ? 3 : 1), s, c);
      }
    }
    return meta;
  }
}
