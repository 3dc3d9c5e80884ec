package org.cytolake.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PicturesTest {
  @TempDir Path folder;

  /** Larger than a block, so that squares meet block borders; every pixel says where it is. */
  @Test
  void aLargePlaneBecomesSmallMeansAndSamples() throws Exception {
    int width = 2300;
    int height = 900;
    TestImages.write(
        folder.resolve("large.ome.tif"),
        TestImages.Spec.of(width, height, "uint16", (s, c, z, t, y, x) -> x + 7 * y));
    SourceOptions options =
        new SourceOptions(
            List.of(folder.toString()),
            null,
            SourceOptions.parseChannels(""),
            SourceOptions.ALL_Z,
            false,
            true,
            SourceOptions.DEFAULT_TILE_PIXELS,
            SourceOptions.DEFAULT_PARTITION_PIXELS,
            true);
    Configuration hadoop = LocalSpark.session().sessionState().newHadoopConf();
    ImageCatalog catalog = ImageCatalog.load(options, hadoop, LocalSpark.session());
    Preview preview;
    try (PlaneReader reader = new PlaneReader(hadoop)) {
      Samples samples = PlaneReader.newSamples(catalog.types().get(0));
      preview =
          Preview.read(reader, catalog.fields().get(0), 0, new ImageKey("large", 0, 0, 0), samples);
    }
    assertThat(preview.step()).isEqualTo(4);
    assertThat(List.of(preview.width(), preview.height())).containsExactly(575, 225);
    for (int y = 0; y < preview.height(); y++) {
      for (int x = 0; x < preview.width(); x++) {
        int at = y * preview.width() + x;
        assertThat(preview.samples()[at]).isEqualTo(4 * x + 28 * y);
        assertThat(preview.means()[at]).isEqualTo(4 * x + 28 * y + 1.5 + 7 * 1.5);
      }
    }
  }

  @Test
  void tonesAreRoundedAndClipped() {
    assertThat(Pictures.byteOf(Double.NaN)).isZero();
    assertThat(Pictures.byteOf(-4)).isZero();
    assertThat(Pictures.byteOf(254.6)).isEqualTo(255);
    assertThat(Pictures.byteOf(1e12)).isEqualTo(255);
  }

  @Test
  void picturesAreWhatTheySay() throws Exception {
    var picture =
        new java.awt.image.BufferedImage(30, 20, java.awt.image.BufferedImage.TYPE_INT_RGB);
    picture.setRGB(3, 4, 0x123456);
    var back = ImageIO.read(new ByteArrayInputStream(Encoded.png(picture)));
    assertThat(back.getRGB(3, 4) & 0xffffff).isEqualTo(0x123456);
    var jpeg = ImageIO.read(new ByteArrayInputStream(Encoded.jpeg(picture)));
    assertThat(jpeg.getWidth()).isEqualTo(30);
    assertThat(Encoded.dataUri("png", new byte[] {1, 2})).isEqualTo("data:image/png;base64,AQI=");
  }
}
