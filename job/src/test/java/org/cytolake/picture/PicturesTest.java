package org.cytolake.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.catalog.ArrivalOptions;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.image.Plane;
import org.cytolake.intensity.LookupTable;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.stardist.Window;
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
            RowSize.PIXELS,
            SourceOptions.DEFAULT_TILE_PIXELS,
            SourceOptions.DEFAULT_PARTITION_PIXELS,
            true,
            60,
            PyramidLevel.FULL,
            ArrivalOptions.DEFAULT);
    Configuration hadoop = LocalSpark.session().sessionState().newHadoopConf();
    ImageCatalog catalog = ImageCatalog.load(options, hadoop, LocalSpark.session());
    Preview preview;
    try (PlaneReader reader = new PlaneReader(hadoop)) {
      PlaneSource source = new PlaneSource(reader, catalog.types(), Optional.empty());
      preview = Preview.read(source.open(catalog.fields().get(0), 0, 0), 0);
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

  /** Against sums of single pixels; a plane with holes, in memory and cut into rectangles. */
  @Test
  void meansLeaveOutWhatIsNotFinite() throws Exception {
    int width = 1501;
    int height = 722;
    double[] plane = new double[width * height];
    Random random = new Random(3);
    for (int i = 0; i < plane.length; i++) {
      int kind = random.nextInt(50);
      plane[i] =
          kind == 0 ? Double.NaN : kind == 1 ? Double.POSITIVE_INFINITY : random.nextInt(4096);
    }
    for (int y = 0; y < 3; y++) {
      Arrays.fill(plane, y * width, y * width + 3, Double.NaN);
    }
    Preview preview = Preview.read(PlanePixels.of(List.<Plane>of(i -> plane[i]), height, width), 0);
    assertThat(preview.step()).isEqualTo(3);
    assertThat(preview.means()).hasSize(501 * 241);
    for (int y = 0; y < preview.height(); y++) {
      for (int x = 0; x < preview.width(); x++) {
        DoubleStream.Builder square = DoubleStream.builder();
        for (int py = 3 * y; py < Math.min(height, 3 * y + 3); py++) {
          for (int px = 3 * x; px < Math.min(width, 3 * x + 3); px++) {
            square.add(plane[py * width + px]);
          }
        }
        double mean = square.build().filter(Double::isFinite).average().orElse(Double.NaN);
        int at = y * preview.width() + x;
        assertThat(preview.means()[at]).isCloseTo(mean, within(1e-9));
        assertThat(preview.samples()[at]).isEqualTo(Double.valueOf(plane[3 * y * width + 3 * x]));
      }
    }
  }

  @Test
  void rectanglesOfPlanesInMemory() throws Exception {
    PlanePixels pixels = PlanePixels.of(List.<Plane>of(i -> i), 7, 10);
    Plane cut = pixels.read(0, new Window(2, 3, 5, 4));
    double[] read = new double[22];
    cut.read(1, 19, read, 2);
    for (int i = 0; i < 20; i++) {
      assertThat(cut.at(i)).isEqualTo((2 + i / 4) * 10 + 3 + i % 4);
      assertThat(read[i + 1]).isEqualTo(i == 0 ? 0 : cut.at(i));
    }
  }

  @Test
  void tonesAreRoundedAndClipped() {
    assertThat(Tones.byteOf(Double.NaN)).isZero();
    assertThat(Tones.byteOf(-4)).isZero();
    assertThat(Tones.byteOf(254.6)).isEqualTo(255);
    assertThat(Tones.byteOf(1e12)).isEqualTo(255);
  }

  /** Tables of integers and of others; values in between and beyond, and none. */
  @Test
  void tonesOfALookupTableAreThoseOfTheNearestValue() {
    double[] values = {-2.2, -1, 0, 3, 3.4, 4.9, 7, 11, 12, Double.NaN};
    for (double[] of : new double[][] {{0, 3, 4, 11}, {0.5, 3, 4, 11}}) {
      LookupTable table = LookupTable.of(of, new double[] {0.1, 0.4, 0.6, 1});
      byte[] tones = new byte[2 * values.length];
      Tones.lookup(values, table, 255, tones, 1, 2);
      for (int i = 0; i < values.length; i++) {
        assertThat(tones[2 * i]).isZero();
        assertThat(tones[2 * i + 1])
            .isEqualTo(
                (byte) (Double.isNaN(values[i]) ? 0 : Math.round(255 * table.nearest(values[i]))));
      }
    }
  }

  @Test
  void aShrunkPictureKeepsItsMean() {
    Random random = new Random(8);
    byte[] rgb = new byte[3 * 90 * 60];
    random.nextBytes(rgb);
    byte[] half = Tones.shrunk(rgb, 3, 90, 60, 45, 30);
    for (int i = 0; i < half.length; i++) {
      int at = 3 * (i / (3 * 45) * 2 * 90 + i / 3 % 45 * 2) + i % 3;
      int sum = 0;
      for (int k : new int[] {at, at + 3, at + 270, at + 273}) {
        sum += rgb[k] & 0xff;
      }
      assertThat(half[i] & 0xff).isEqualTo((sum + 2) / 4);
    }
    byte[] odd = Tones.shrunk(rgb, 3, 90, 60, 37, 23);
    assertThat(mean(odd)).isEqualTo(mean(rgb), within(0.5));
  }

  private static double mean(byte[] samples) {
    return IntStream.range(0, samples.length).map(i -> samples[i] & 0xff).average().orElse(0);
  }

  @Test
  void picturesAreWhatTheySay() throws Exception {
    Random random = new Random(4);
    int[] palette = {0x123456, 0xffffff, 0, 0xff0000, 0x00ff00, 0x0000ff, 7, 8, 9};
    for (int width : List.of(1, 30, 31)) {
      int[] rgb = random.ints(width * 20L, 0, 1 << 24).toArray();
      byte[] indices = new byte[rgb.length];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = (byte) random.nextInt(palette.length);
      }
      BufferedImage colours = picture(Png.rgb(rgb, width, 20));
      BufferedImage indexed = picture(Png.indexed(indices, width, 20, palette));
      for (int i = 0; i < rgb.length; i++) {
        assertThat(colours.getRGB(i % width, i / width) & 0xffffff).isEqualTo(rgb[i]);
        assertThat(indexed.getRGB(i % width, i / width) & 0xffffff).isEqualTo(palette[indices[i]]);
      }
    }
    assertThat(Encoded.dataUri("png", new byte[] {1, 2})).isEqualTo("data:image/png;base64,AQI=");
  }

  @Test
  void jpegsHaveTheirColoursInPlace() throws Exception {
    byte[] rgb = new byte[3 * 64 * 48];
    byte[] grey = new byte[64 * 48];
    for (int i = 0; i < grey.length; i++) {
      rgb[3 * i] = (byte) (i % 64 < 32 ? 200 : 0);
      rgb[3 * i + 2] = (byte) (i / 64 < 24 ? 150 : 0);
      grey[i] = (byte) (i % 64 < 32 ? 200 : 10);
    }
    try (Encoded encoded = new Encoded()) {
      for (int again = 0; again < 2; again++) {
        BufferedImage back = picture(encoded.jpeg(rgb, 64, 48));
        assertThat(back.getRaster().getNumBands()).isEqualTo(3);
        assertNear(back.getRGB(5, 5), 200, 0, 150);
        assertNear(back.getRGB(60, 5), 0, 0, 150);
        assertNear(back.getRGB(5, 40), 200, 0, 0);
        BufferedImage plain = picture(encoded.jpeg(grey, 64, 48));
        assertThat(plain.getRaster().getNumBands()).isEqualTo(1);
        assertThat(plain.getRaster().getSample(5, 5, 0)).isCloseTo(200, within(4));
        assertThat(plain.getRaster().getSample(60, 5, 0)).isCloseTo(10, within(4));
      }
    }
  }

  private static void assertNear(int rgb, int red, int green, int blue) {
    assertThat(rgb >> 16 & 0xff).isCloseTo(red, within(8));
    assertThat(rgb >> 8 & 0xff).isCloseTo(green, within(8));
    assertThat(rgb & 0xff).isCloseTo(blue, within(8));
  }

  private static BufferedImage picture(byte[] file) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(file));
  }
}
