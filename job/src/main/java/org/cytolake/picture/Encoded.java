package org.cytolake.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as bytes: JPEG of one image after the other; {@link Png} is by itself. */
public final class Encoded implements AutoCloseable {
  private static final float QUALITY = 0.75f;

  private final ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();

  /**
   * A JPEG file.
   *
   * @param samples pixel by pixel, red, green and blue, or grey
   */
  byte[] jpeg(byte[] samples, int width, int height) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // in memory: ImageIO.write would make a file in the temporary folder
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image(samples, width, height), null, null), how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** In the order of bytes that the writer takes as they are. */
  private static BufferedImage image(byte[] samples, int width, int height) {
    int bands = samples.length / (width * height);
    if (bands == 1) {
      BufferedImage grey = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
      grey.getRaster().setDataElements(0, 0, width, height, samples);
      return grey;
    }
    ColorModel rgb =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            ColorModel.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(
        rgb,
        Raster.createInterleavedRaster(
            new DataBufferByte(samples, samples.length),
            width,
            height,
            bands * width,
            bands,
            new int[] {0, 1, 2},
            null),
        false,
        null);
  }

  @Override
  public void close() {
    writer.dispose();
  }

  /** For the {@code src} of a picture within a page. */
  public static String dataUri(String type, byte[] bytes) {
    return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
