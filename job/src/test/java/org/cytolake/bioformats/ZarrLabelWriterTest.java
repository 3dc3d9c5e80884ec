package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.tiff.TiffLabelWriter;
import org.cytolake.bioformats.zarr.ZarrLabelWriter;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.output.PlainFiles;
import org.cytolake.stardist.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Label images as OME-Zarr and as OME-TIFF have the same planes, channels and sizes of pixels. */
final class ZarrLabelWriterTest {
  private static final List<String> CHANNELS = List.of("first", "µ < \"second\"");

  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();
  private final Random random = new Random(8);

  private Field field(int sizeX, int sizeY, int sizeZ, int firstZ, int sizeT, Double um) {
    Field.Channel channel =
        new Field.Channel(
            new ImageFile("file:" + folder + "/a.tif", 1, 1), "reader", 0, "uint8", 0, 1, 1);
    return new Field(
        "image",
        "image",
        List.of(),
        0,
        sizeX,
        sizeY,
        sizeZ,
        firstZ,
        sizeT,
        "uint8",
        um,
        um == null ? null : um / 2,
        List.of(channel));
  }

  private ZarrLabelWriter zarr(Field field, boolean deep) throws IOException {
    var path = new org.apache.hadoop.fs.Path(folder.resolve("labels.ome.zarr").toString());
    return ZarrLabelWriter.to(PlainFiles.system(path, hadoop), path, path, field, CHANNELS, deep);
  }

  private Field load(String name) {
    SourceOptions options = SourceOptions.of(Map.of("path", folder.resolve(name).toString()));
    Listing listing = Listing.of(options, hadoop);
    return ImageCatalog.load(options, listing, listing.images(), hadoop, null).fields().get(0);
  }

  /** A rectangle of a plane with its labels. */
  private static final class Part {
    final int c;
    final int z;
    final int t;
    final Window window;
    final int[] labels;

    Part(int c, int z, int t, Window window, int[] labels) {
      this.c = c;
      this.z = z;
      this.t = t;
      this.window = window;
      this.labels = labels;
    }
  }

  private void compare(Field field, boolean deep) throws Exception {
    List<Part> parts = new ArrayList<>();
    for (int c = 0; c < CHANNELS.size(); c++) {
      for (int z = field.firstZ(); z < field.firstZ() + field.sizeZ(); z++) {
        for (int t = 0; t < field.sizeT(); t++) {
          for (Window window : LabelWriter.windows(field)) {
            int[] labels = new int[(int) window.pixels()];
            int most = deep ? 1 << 20 : 1 << 16;
            Arrays.setAll(labels, i -> random.nextInt(4) == 0 ? random.nextInt(most) : 0);
            parts.add(new Part(c, z, t, window, labels));
          }
        }
      }
    }
    Collections.shuffle(parts, random);
    try (LabelWriter one = zarr(field, deep);
        LabelWriter other =
            TiffLabelWriter.to(
                Files.newOutputStream(folder.resolve("labels.ome.tif")), field, CHANNELS, deep)) {
      for (Part part : parts) {
        one.write(part.c, part.z, part.t, part.window, part.labels);
        other.write(part.c, part.z, part.t, part.window, part.labels);
      }
      one.finish();
      other.finish();
    }
    Field zarr = load("labels.ome.zarr");
    Field tiff = load("labels.ome.tif");
    assertThat(zarr.pixelType()).isEqualTo(deep ? "uint32" : "uint16").isEqualTo(tiff.pixelType());
    assertThat(List.of(zarr.sizeX(), zarr.sizeY(), zarr.sizeZ(), zarr.sizeT()))
        .isEqualTo(List.of(tiff.sizeX(), tiff.sizeY(), tiff.sizeZ(), tiff.sizeT()));
    assertThat(zarr.channels()).hasSize(2).hasSameSizeAs(tiff.channels());
    assertThat(zarr.pixelSizeXUm()).isEqualTo(tiff.pixelSizeXUm());
    assertThat(zarr.pixelSizeYUm()).isEqualTo(tiff.pixelSizeYUm());
    try (PlaneReader reader = new PlaneReader(hadoop)) {
      for (Part part : parts) {
        int z = part.z - field.firstZ();
        int[] labels = read(reader, zarr, part.c, z, part.t, part.window);
        assertThat(labels).isEqualTo(part.labels);
        assertThat(labels).isEqualTo(read(reader, tiff, part.c, z, part.t, part.window));
      }
    }
  }

  private static int[] read(PlaneReader reader, Field field, int c, int z, int t, Window window)
      throws Exception {
    Samples samples = new Samples(BioFormats.sampleType(field.pixelType()));
    reader.read(
        field, c, z, t, window.left(), window.top(), window.width(), window.height(), samples);
    int[] labels = new int[(int) window.pixels()];
    Arrays.setAll(labels, i -> (int) samples.at(i));
    return labels;
  }

  @Test
  void planesOfOneChunk() throws Exception {
    compare(field(60, 41, 3, 2, 2, 0.65), false);
    assertThat(folder.resolve("labels.ome.zarr/0/c/1/1/2/0/0")).isRegularFile();
  }

  @Test
  void manyLabels() throws Exception {
    compare(field(61, 40, 1, 0, 1, null), true);
  }

  @Test
  void largePlanesAreOfManyChunks() throws Exception {
    compare(field(2100, 2001, 1, 0, 1, 0.5), false);
    assertThat(folder.resolve("labels.ome.zarr/0/c/0/1/0/1/2")).isRegularFile();
  }

  @Test
  void theMetadataSaysWhatItIs() throws Exception {
    zarr(field(60, 40, 1, 0, 1, 0.5), false).close();
    JsonNode ome = metadata().path("attributes").path("ome");
    assertThat(ome.path("version").asText()).isEqualTo("0.5");
    assertThat(ome.path("image-label").path("source").path("files").path(0).asText())
        .isEqualTo("file:" + folder + "/a.tif");
    assertThat(ome.path("omero").path("channels").path(1).path("label").asText())
        .isEqualTo(CHANNELS.get(1));
    JsonNode image = ome.path("multiscales").path(0);
    assertThat(image.path("axes").path(4).toString())
        .contains("\"x\"", "\"space\"", "\"micrometer\"");
    JsonNode scale = image.path("datasets").path(0).path("coordinateTransformations").path(0);
    assertThat(scale.path("scale").toString()).isEqualTo("[1.0,1.0,1.0,0.25,0.5]");
  }

  private JsonNode metadata() throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(folder.resolve("labels.ome.zarr/zarr.json")));
  }

  /** Of OME-Zarr the source is named as the specification has it: by the way to its group. */
  @Test
  void theSourceIsFoundFromWhereItWillLie() throws Exception {
    ImageFile file = new ImageFile("file:" + folder + "/in/plate.ome.zarr/A/1/0/zarr.json", 1, 1);
    Field field =
        new Field(
            "image",
            "image",
            List.of(),
            0,
            6,
            4,
            1,
            0,
            1,
            "uint8",
            null,
            null,
            List.of(new Field.Channel(file, "reader", 0, "uint8", 0, 1, 1)));
    var staged = new org.apache.hadoop.fs.Path(folder.resolve("labels.ome.zarr").toString());
    var committed = new org.apache.hadoop.fs.Path("file:" + folder + "/out/labels/p/A01.ome.zarr");
    ZarrLabelWriter.to(PlainFiles.system(staged, hadoop), staged, committed, field, CHANNELS, false)
        .close();
    JsonNode ome = metadata().path("attributes").path("ome");
    assertThat(ome.path("image-label").path("source").path("image").asText())
        .isEqualTo("../../../../in/plate.ome.zarr/A/1/0");
  }

  @Test
  void whatIsNotWholeIsNotFinished() throws Exception {
    Field field = field(3, 2, 1, 0, 1, null);
    try (LabelWriter writer = zarr(field, false)) {
      writer.write(0, 0, 0, Window.whole(2, 3), new int[6]);
      assertThatThrownBy(writer::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("1 of 2 chunks of image");
    }
  }
}
