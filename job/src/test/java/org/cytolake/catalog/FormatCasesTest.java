package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.config.CytolakeException;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that were read wrong once. Sums and first samples are those of tifffile, astropy and Pillow
 * (see the READMEs of the cases).
 */
final class FormatCasesTest {
  private static final Path CASES = Path.of("..", "..", "shared", "cases");

  @BeforeEach
  void requireCases() {
    assumeThat(CASES).as("the folder of cases").isDirectory();
  }

  private static SourceOptions options(String pattern, String path) {
    Map<String, String> options = new TreeMap<>();
    options.put("path", CASES.resolve(path).toString());
    if (pattern != null) {
      options.put("pattern", pattern);
    }
    return SourceOptions.of(options);
  }

  private static ImageCatalog load(String pattern, String path) {
    return ImageCatalog.load(options(pattern, path), new Configuration(), null);
  }

  private static List<Double> samples(Field field, int channel, int z, int t) throws IOException {
    List<Double> all = new ArrayList<>();
    try (PlaneReader reader = new PlaneReader(new Configuration())) {
      Samples into = new Samples(org.cytolake.field.SampleType.DOUBLE);
      reader.read(field, channel, z, t, 0, 0, field.sizeX(), field.sizeY(), into);
      for (int i = 0; i < into.size(); i++) {
        all.add(into.at(i));
      }
    }
    return all;
  }

  private static List<Double> samples(Field field) throws IOException {
    List<Double> all = new ArrayList<>();
    for (int t = 0; t < field.sizeT(); t++) {
      for (int z = 0; z < field.sizeZ(); z++) {
        for (int c = 0; c < field.channels().size(); c++) {
          all.addAll(samples(field, c, z, t));
        }
      }
    }
    return all;
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  @ParameterizedTest
  @CsvSource({
    "bit-packed-tiff-wrong/bit_tiled_w45.tif, 0, 732",
    "bit-packed-tiff-wrong/control_bit_tiled_w48.tif, 0, 741",
    "bit-packed-tiff-wrong/flower-minisblack-24.tif, 5658198, 19201687050",
    "bit-packed-tiff-wrong/flower-rgb-contig-12.tif, 1420, 13233053",
    "float-miniswhite/float32_miniswhite.tif, 117.55997467041016, 200760.35148239136",
    "float-miniswhite/same_values_minisblack.tif, 117.55997467041016, 200760.35148239136",
    "integer-miniswhite-inverted/int16_miniswhite.tif, 18854, 1005232",
    "integer-miniswhite-inverted/uint16_miniswhite.tif, 51622, 66541232",
    "integer-miniswhite-inverted/uint8_miniswhite.tif, 255, 253479",
    "jpeg-ycbcr-444-colours/ycc444.tif, 255, 506109",
    "jpeg-ycbcr-444-colours/ycc444_tiled.tif, 255, 506164",
    "jpeg-ycbcr-444-colours/control_ycc420.tif, 173, 500874",
    "short-data/half.tif, 15, 113515",
    "short-data/whole.tif, 15, 113515",
    "strip-count-beyond-eof/count_beyond_eof.tif, 3268, 4094766",
    "tiff-predictor-3/predictor-3-rgb-f32.tif, 0.2078583836555481, 54006.58084154129",
    "tiff-predictor-3/zlib_p_le_f32.tif, 117.55997467041016, 200760.35148239136",
    "uint32-percentiles-binned/uint32_le.tif, 3355430000, 4325180080000",
    "companion-poisons-detector/z.ome.tif, 4056, 14152504"
  })
  void valuesAreThoseOfTheReference(String path, double first, double sum) throws IOException {
    List<Double> values = samples(load(null, path).fields().get(0));
    assertThat(values.get(0)).isEqualTo(first);
    assertThat(sum(values)).isCloseTo(sum, org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void unsignedFits() throws IOException {
    List<Field> series = load(null, "fits-bzero/u16.fits").fields();
    assertThat(series).extracting(Field::sizeY).containsExactly(20, 10);
    assertThat(samples(series.get(0)).subList(0, 4)).containsExactly(0.0, 100.0, 200.0, 300.0);
  }

  @ParameterizedTest
  @CsvSource({
    "short-data/t_grey.bmp, TRUNCATED_FILE",
    "short-data/t_grey.jpg, TRUNCATED_FILE",
    "short-data/t_grey.pgm, TRUNCATED_FILE",
    "short-data/t_v.ics, TRUNCATED_FILE",
    "short-data/t_v.mrc, TRUNCATED_FILE",
    "truncated-files-analysed/spestack_test.spe, TRUNCATED_FILE",
    "truncated-files-analysed/hopper.bmp, TRUNCATED_FILE",
    "truncated-files-analysed/hopper.jpg, TRUNCATED_FILE",
    "ome-tiff-incomplete-vanishes/b_uuid_root.ome.tif, INCOMPLETE_IMAGE",
    "ome-tiff-incomplete-vanishes/d_empty_tiffdata.ome.tif, INCOMPLETE_IMAGE",
    "unsupported-compression-message/ccitt_g4.tif, CCITT",
    "unsupported-compression-message/jpegxl.tif, JPEG XL",
    "unsupported-compression-message/lzma.tif, LZMA",
    "unsupported-compression-message/uint64.tif, 64-bit unsigned integers"
  })
  void refused(String path, String why) {
    assumeThat(ImageNames.ofReaders().isImage(path)).as("the reader is there").isTrue();
    SourceOptions options = options(null, path);
    Listing listing = Listing.of(options, new Configuration());
    ImageCatalog catalog =
        ImageCatalog.load(options, listing, listing.images(), new Configuration(), null);
    assertThat(catalog.fields()).isEmpty();
    Failure failure = catalog.failures().get(0);
    assertThat(failure.code() + " " + failure.message()).contains(why);
    if (failure.code().equals("UNSUPPORTED_IMAGE")) {
      assertThat(failure.remedy()).contains("not damaged");
    }
  }

  /** Nothing in the header says so: the pixels end too early. */
  @ParameterizedTest
  @ValueSource(strings = {"short-data/t_v.nii", "short-data/t_v.nrrd"})
  void pixelsEndTooEarly(String path) throws IOException {
    assumeThat(ImageNames.ofReaders().isImage(path)).as("the reader is there").isTrue();
    Field field = load(null, path).fields().get(0);
    assertThatThrownBy(() -> samples(field))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path.substring(path.lastIndexOf('/') + 1));
  }

  @Test
  void imageXpressFilesBesideTheirHtd() throws IOException {
    ImageCatalog catalog =
        load(
            "(?<plate>[^_]+)_(?<well>[A-P]\\d{2})_s(?<site>\\d)_(?<channel>w\\d)\\.TIF",
            "imagexpress-htd-unreadable");
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.fields()).hasSize(4);
    for (Field field : catalog.fields()) {
      for (int c = 0; c < 2; c++) {
        int base =
            1000 * (c + 1)
                + (field.groups().get(1).equals("B02") ? 100 : 200)
                + 10 * Integer.parseInt(field.groups().get(2));
        assertThat(samples(field, c, 0, 0)).hasSize(256).allMatch(v -> v >= base && v < base + 50);
      }
    }
    ImageCatalog byFile = load(null, "imagexpress-htd-unreadable");
    assertThat(byFile.fields().size() + byFile.failures().size()).isEqualTo(8);
    assertThat(byFile.ignored()).isEqualTo(3); // two .HTD, and the README
  }

  @Test
  void metamorphFilesCountOnce() throws IOException {
    ImageCatalog catalog = load(null, "metamorph-nd-counted-twice");
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.fields()).hasSize(4);
    assertThat(catalog.ignored()).isEqualTo(2); // and the README
    for (Field field : catalog.fields()) {
      int base =
          1000 * (field.image().contains("w1") ? 1 : 2)
              + 100 * (field.image().contains("s1") ? 1 : 2);
      assertThat(samples(field)).hasSize(288).allMatch(v -> v >= base && v <= base + 8);
    }
  }

  @Test
  void aMicroManagerFileIsNotItsDataSet() throws IOException {
    ImageCatalog catalog = load(null, "micromanager-every-file-is-the-dataset");
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.fields()).hasSize(8);
    assertThat(catalog.ignored()).isEqualTo(2); // and the README
    for (Field field : catalog.fields()) {
      String[] parts = field.image().split("_", -1); // Pos0/img, t, channel, z
      int base =
          1000 * (parts[2].equals("DAPI") ? 1 : 2)
              + 100 * Integer.parseInt(parts[3])
              + 10 * Integer.parseInt(parts[1]);
      assertThat(samples(field)).hasSize(288).allMatch(v -> v >= base && v <= base + 8);
    }
  }

  @Test
  void anOmeTiffWithItsCompanionIsOneImage() throws IOException {
    ImageCatalog catalog = load(null, "ome-tiff-companion-unreadable/set");
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.fields()).hasSize(1);
    assertThat(catalog.ignored()).isEqualTo(2);
    assertThat(catalog.channels()).containsExactly("DAPI", "GFP");
    Field field = catalog.fields().get(0);
    double[][] truth = {{289133, 318007}, {577097, 605919}}; // by channel and z
    for (int c = 0; c < 2; c++) {
      for (int z = 0; z < 2; z++) {
        assertThat(sum(samples(field, c, z, 0))).isEqualTo(truth[c][z]);
      }
    }
  }

  @Test
  void aCompanionSpoilsNoOtherFile() {
    ImageCatalog catalog = load(null, "companion-poisons-detector");
    Field z =
        catalog.fields().stream().filter(f -> f.image().equals("z")).findFirst().orElseThrow();
    assertThat(List.of(z.sizeZ(), z.sizeT(), z.channels().size())).containsExactly(3, 4, 2);
    assertThat(catalog.fields().size() + catalog.failures().size() + catalog.ignored())
        .isEqualTo(catalog.files());
  }

  @ParameterizedTest
  @CsvSource({
    "pixel-size-from-no-unit/tifffile_default.tif,",
    "pixel-size-from-no-unit/cm.tif, 0.5",
    "imagej-unit-inch/unit_inch.tif,"
  })
  void pixelSizes(String path, Double um) {
    Field field = load(null, path).fields().get(0);
    assertThat(field.pixelSizeXUm()).isEqualTo(um);
    assertThat(field.pixelSizeYUm()).isEqualTo(um);
  }

  @Test
  void zarrWithoutOmesMetadataIsNamed() {
    assumeThat(Files.isDirectory(CASES.resolve("ome-zarr-message/x.ome.zarr"))).isTrue();
    assertThatThrownBy(() -> load(null, "ome-zarr-message/x.ome.zarr"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("without OME's metadata");
  }

  @Test
  void theChannelsOfMostImagesNameTheColumns() {
    ImageCatalog catalog = load(null, "float-beside-bytes");
    assertThat(catalog.channels()).containsExactly("channel_1");
    assertThat(catalog.fields())
        .extracting(Field::image)
        .contains("grey", "float32", "values-1e308");
    assertThat(catalog.failures()).extracting(Failure::image).containsExactly("000_rgb");
  }
}
