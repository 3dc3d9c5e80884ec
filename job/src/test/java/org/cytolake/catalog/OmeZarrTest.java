package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.bioformats.TinyZarr;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.SampleType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OME-Zarr as input: images, plates, series, levels, and what is wrong with them. */
final class OmeZarrTest {
  static final int[] SHAPE = {2, 2, 3, 20, 30};
  static final int[] CHUNK = {1, 1, 2, 8, 16};

  @TempDir Path folder;

  static int sample(int[] at) {
    return 10_000 * at[0] + 5_000 * at[1] + 1_000 * at[2] + 31 * at[3] + at[4];
  }

  static Path image(Path folder) throws IOException {
    TinyZarr.image(folder, SHAPE, CHUNK, 0.5, List.of("DAPI", "GFP"), OmeZarrTest::sample);
    return folder;
  }

  static Path plate(Path plate) throws IOException {
    TinyZarr.plate(plate, Map.of("A/1", List.of("0", "1"), "B/12", List.of("0")));
    for (String field : List.of("A/1/0", "A/1/1", "B/12/0")) {
      image(plate.resolve(field));
    }
    return plate;
  }

  static ImageCatalog load(Path path, String... more) {
    Map<String, String> all = new HashMap<>(Map.of("path", path.toString(), "mode", "PERMISSIVE"));
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    SourceOptions options = SourceOptions.of(all);
    Configuration hadoop = new Configuration();
    Listing listing = Listing.of(options, hadoop);
    return ImageCatalog.load(options, listing, listing.images(), hadoop, null);
  }

  static double read(Field field, int c, int z, int t, int x, int y) throws IOException {
    try (PlaneReader reader = new PlaneReader(new Configuration())) {
      Samples into = new Samples(SampleType.INT);
      reader.read(field, c, z, t, x, y, 1, 1, into);
      return into.at(0);
    }
  }

  @Test
  void anImageIsAFolder() throws IOException {
    image(folder.resolve("in/sub/a.ome.zarr"));
    image(folder.resolve("in/b.zarr"));
    ImageCatalog catalog = load(folder.resolve("in"));
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.groups()).isEmpty();
    assertThat(catalog.channels()).containsExactly("DAPI", "GFP");
    assertThat(catalog.files()).isEqualTo(2);
    assertThat(catalog.fields()).extracting(Field::image).containsExactly("b", "sub/a");
    Field field = catalog.fields().get(1);
    assertThat(field.pixelSizeXUm()).isEqualTo(0.5);
    assertThat(field.sizeZ()).isEqualTo(3);
    assertThat(field.sizeT()).isEqualTo(2);
    assertThat(field.channels().get(0).tileWidth()).isEqualTo(16);
    assertThat(read(field, 1, 2, 1, 29, 19)).isEqualTo(sample(new int[] {1, 1, 2, 19, 29}));
    assertThat(field.files().get(0).path()).endsWith("in/sub/a.ome.zarr/zarr.json");
  }

  @Test
  void theInputItselfMayBeOne() throws IOException {
    ImageCatalog catalog = load(image(folder.resolve("a.ome.zarr")));
    assertThat(catalog.fields()).extracting(Field::image).containsExactly("a");
    assertThat(load(image(folder.resolve("plain")), "recursive", "false").fields())
        .extracting(Field::image)
        .containsExactly("plain");
    assertThat(load(folder, "recursive", "false").fields())
        .extracting(Field::image)
        .containsExactly("a");
  }

  @Test
  void aPlateTellsItsWellsAndFields() throws IOException {
    plate(folder.resolve("in/p1.zarr"));
    image(folder.resolve("in/alone.zarr"));
    ImageCatalog catalog = load(folder.resolve("in"));
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.groups()).containsExactly("plate", "well", "field");
    assertThat(catalog.fields())
        .extracting(Field::image, Field::groups)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("alone", List.of("", "", "")),
            org.assertj.core.groups.Tuple.tuple("p1_A01_0", List.of("p1", "A01", "0")),
            org.assertj.core.groups.Tuple.tuple("p1_A01_1", List.of("p1", "A01", "1")),
            org.assertj.core.groups.Tuple.tuple("p1_B12_0", List.of("p1", "B12", "0")));
    assertThat(load(folder.resolve("in/p1.zarr"), "layout", "auto").fields()).hasSize(3);
    assertThat(load(folder.resolve("in/p1.zarr/A/1")).fields())
        .extracting(Field::image)
        .containsExactly("p1_A01_0", "p1_A01_1");
    assertThat(
            Inspector.inspect(folder.resolve("in/p1.zarr").toString(), "auto", new Configuration())
                .text())
        .contains("p1: 2 of a plate of 96: A01, B12")
        .contains("Well p1 B12 has no field 1.");
  }

  /** As zarr-python writes it: all metadata below the plate, once more in the plate's. */
  @Test
  void consolidatedMetadataIsLeftAside() throws IOException {
    Path file = plate(folder.resolve("p.zarr")).resolve("zarr.json");
    String plate = Files.readString(file).strip();
    String nodes = "\"x\": {\"plate\": [1, 2, {}]},".repeat(60_000) + "\"y\": 1";
    Files.writeString(
        file,
        plate.substring(0, plate.length() - 1)
            + ", \"consolidated_metadata\": {\"metadata\": {"
            + nodes
            + "}}}");
    assertThat(load(file.getParent()).fields()).hasSize(3);
  }

  @Test
  void platesOfOneNameAreToldApart() throws IOException {
    plate(folder.resolve("in/x/p.zarr"));
    plate(folder.resolve("in/y/p.zarr"));
    assertThat(load(folder.resolve("in")).fields())
        .extracting(Field::image)
        .contains("x/p_A01_0", "y/p_A01_0")
        .hasSize(6);
  }

  @Test
  void aPatternMatchesTheImagesFolders() throws IOException {
    plate(folder.resolve("in/p1.zarr"));
    image(folder.resolve("in/day3_C02.zarr"));
    SourceOptions options =
        SourceOptions.of(
            Map.of(
                "path",
                folder.resolve("in").toString(),
                "pattern",
                "day(?<day>\\d)_(?<well>...)(?<channel>)\\.zarr"));
    Listing listing = Listing.of(options, new Configuration());
    assertThat(listing.images()).extracting(Listing.ListedImage::image).containsExactly("3_C02");
  }

  @Test
  void levelsAreByNumberOrByPixelSize() throws IOException {
    Path image = folder.resolve("a.zarr");
    TinyZarr.pyramid(image, List.of(0.5, 1.0, 2.0), List.of("DAPI", "GFP"));
    for (int level = 0; level < 3; level++) {
      int step = 1 << level;
      TinyZarr.array(
          image.resolve(Integer.toString(level)),
          new int[] {1, 2, 1, 20 / step, 32 / step},
          CHUNK,
          at -> sample(at) + step);
    }
    for (String[] wanted :
        new String[][] {
          {"0", "32"}, {"2", "8"}, {"1um", "16"}, {"1.9um", "16"}, {"0.1um", "32"}, {"50um", "8"}
        }) {
      Field field = load(image, "level", wanted[0]).fields().get(0);
      assertThat(field.sizeX()).as(wanted[0]).isEqualTo(Integer.parseInt(wanted[1]));
      assertThat(field.pixelSizeXUm()).isEqualTo(16.0 / field.sizeX());
    }
    SourceOptions options = SourceOptions.of(Map.of("path", image.toString(), "level", "1"));
    Field field = load(image, "level", "1").fields().get(0);
    try (PlaneReader reader = new PlaneReader(options.in(new Configuration()))) {
      Samples into = new Samples(SampleType.INT);
      reader.read(field, 1, 0, 0, 3, 4, 1, 1, into);
      assertThat(into.at(0)).isEqualTo(sample(new int[] {0, 1, 0, 4, 3}) + 2);
    }
    Failure failure = load(image, "level", "3").failures().get(0);
    assertThat(failure.message()).contains("it has 3 levels, numbered from 0; level is 3");
    assertThat(failure.code()).isEqualTo("UNSUPPORTED_IMAGE");
  }

  @Test
  void seriesAsBioformats2rawLaysThemOut() throws IOException {
    Path root = folder.resolve("a.zarr");
    TinyZarr.group(root, "\"bioformats2raw.layout\": 3");
    TinyZarr.image(root.resolve("0"), SHAPE, CHUNK, 0.5, List.of(), OmeZarrTest::sample);
    TinyZarr.image(root.resolve("1"), SHAPE, CHUNK, 0.5, List.of(), at -> 1 + sample(at));
    Files.createDirectories(root.resolve("OME"));
    Files.writeString(
        root.resolve("OME/METADATA.ome.xml"),
        """
        <OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
        <Image ID="Image:0"><Pixels ID="Pixels:0"><Channel ID="Channel:0:0" Name="Hoechst"/>
        <Channel ID="Channel:0:1" Name="actin"/></Pixels></Image>
        <Image ID="Image:1"><Pixels ID="Pixels:1"><Channel ID="Channel:1:0" Name="Hoechst"/>
        <Channel ID="Channel:1:1" Name="actin"/></Pixels></Image></OME>\
        """);
    ImageCatalog catalog = load(folder);
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.channels()).containsExactly("Hoechst", "actin");
    assertThat(catalog.fields()).extracting(Field::image).containsExactly("a", "a_1");
    assertThat(read(catalog.fields().get(1), 0, 0, 0, 2, 1)).isEqualTo(34);
  }

  @Test
  void labelsAreReadWhereTheyAreNamed() throws IOException {
    Path image = image(folder.resolve("a.zarr"));
    TinyZarr.group(image.resolve("labels"), "\"labels\": [\"nuclei\"]");
    TinyZarr.image(image.resolve("labels/nuclei"), SHAPE, CHUNK, 0.5, List.of(), at -> at[4]);
    assertThat(load(folder).fields()).extracting(Field::image).containsExactly("a");
    assertThat(load(image.resolve("labels/nuclei")).fields())
        .extracting(Field::image)
        .containsExactly("nuclei");
  }

  /** One image of two is damaged; the other is read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "zarr.json | {\"zarr_format\": 3 | DAMAGED_FILE | its zarr.json is no JSON",
        "zarr.json | [] | DAMAGED_FILE | its zarr.json is no JSON object",
        "zarr.json | {\"zarr_format\": 3, \"node_type\": \"group\"} | DAMAGED_FILE |"
            + " without OME's metadata",
        "zarr.json | - | INCOMPLETE_IMAGE | has none of the files",
        "zarr.json | s,\"0\",,\"../b.zarr/0\", | DAMAGED_FILE | no path below its folder",
        "zarr.json | s,\"0\",,\"/etc\", | DAMAGED_FILE | no path below its folder",
        "zarr.json | s,\"0\",,\"9\", | INCOMPLETE_IMAGE | names the array '9', which is not there",
        "zarr.json | s,\"0.5\",,\"0.6\", | UNSUPPORTED_IMAGE | version 0.6 of OME-Zarr",
        "zarr.json | s,\"name\": \"z\",,\"name\": \"y\", | DAMAGED_FILE | its axes are",
        "zarr.json | s,\"name\": \"z\",,\"name\": \"phase\", | UNSUPPORTED_IMAGE | it has an axis"
            + " 'phase' of 3",
        "0/zarr.json | - | INCOMPLETE_IMAGE | names the array '0', which is not there",
        "0/zarr.json | s,uint16,,int64, | UNSUPPORTED_IMAGE | samples are of type int64; read are"
            + " integers of 8, 16 and 32 bits",
        "0/zarr.json | s,uint16,,complex64, | UNSUPPORTED_IMAGE | samples are of type complex64",
        "0/zarr.json | s,\"bytes\",,\"vlen-utf8\", | UNSUPPORTED_IMAGE | the codec 'vlen-utf8'",
        "0/zarr.json | s,\"little\",,\"middle\", | DAMAGED_FILE | in which order bytes are",
        "0/zarr.json | s,\"regular\",,\"rectilinear\", | UNSUPPORTED_IMAGE | grid of chunks",
        "0/zarr.json | s,\"fill_value\": 7,,\"fill_value\": -7, | DAMAGED_FILE | its fill value -7",
        "0/zarr.json | s,\"fill_value\": 7,,\"fill_value\": 1e400, | DAMAGED_FILE | its fill value",
        "0/zarr.json | s,20; 30],,20], | DAMAGED_FILE | 4 axes and chunks of 5",
        "0/zarr.json | s,20; 30],,2000000000; 2000000000], | UNSUPPORTED_IMAGE | read are planes of"
            + " up to",
        "0/zarr.json | s,20; 30],,9999999999999999999999; 30], | DAMAGED_FILE | has the shape",
        "0/zarr.json | s,\"shape\": [2,,\"shape\": [2000000000, | UNSUPPORTED_IMAGE | planes and",
        "0/zarr.json | s,8; 16],,2000000000; 2000000000], | UNSUPPORTED_IMAGE | its chunks are of",
        "0/zarr.json | s,8; 16],,0; 16], | DAMAGED_FILE | in chunks of",
        "0/zarr.json | s,8; 16],,-1; 16], | DAMAGED_FILE | has the chunk_shape",
      })
  void damagedMetadataCostsThatImage(String file, String change, String code, String message)
      throws IOException {
    Path damaged = image(folder.resolve("in/a.zarr"));
    image(folder.resolve("in/b.zarr"));
    Path path = damaged.resolve(file);
    if (change.equals("-")) {
      Files.delete(path);
    } else if (change.startsWith("s,")) {
      String[] words = change.split(",", -1);
      String before = Files.readString(path);
      String after = before.replace(words[1].replace(';', ','), words[3].replace(';', ','));
      assertThat(after).isNotEqualTo(before);
      Files.writeString(path, after);
    } else {
      Files.writeString(path, change);
    }
    ImageCatalog catalog = load(folder.resolve("in"));
    assertThat(catalog.fields()).extracting(Field::image).containsExactly("b");
    assertThat(catalog.failures()).hasSize(1);
    Failure failure = catalog.failures().get(0);
    assertThat(failure.message()).contains(message).contains("in/a.zarr");
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.remedy()).isNotBlank();
  }

  @Test
  void inspectSaysWhatIsInAnImage() throws IOException {
    Path image = image(folder.resolve("a.zarr"));
    Inspector.Report report = Inspector.inspect(image.toString(), "auto", new Configuration());
    assertThat(report.readable()).isTrue();
    assertThat(report.text())
        .contains("OME-Zarr")
        .contains("30 x 20 pixels")
        .contains("DAPI, GFP")
        .contains("16 x 8 pieces");
    Files.delete(image.resolve("zarr.json"));
    assertThat(Inspector.inspect(image.toString(), "auto", new Configuration()).readable())
        .isFalse();
  }

  @Test
  void zarrJavasSamplesAreRead() throws Exception {
    Path shared = Path.of("../../shared/data/ome-zarr/zarr-java-testdata-ome.tar.xz");
    assumeThat(Files.exists(shared)).isTrue();
    Process tar =
        new ProcessBuilder("tar", "xf", shared.toAbsolutePath().toString(), "-C", folder.toString())
            .start();
    assumeThat(tar.waitFor()).isZero();
    Path ome = folder.resolve("testdata/ome");
    for (String name : List.of("v0.4", "v0.5", "v0.4_hcs", "v0.5_hcs")) {
      ImageCatalog catalog = load(ome.resolve(name));
      assertThat(catalog.failures()).as(name).isEmpty();
      assertThat(catalog.fields()).as(name).hasSize(1);
      Field field = catalog.fields().get(0);
      assertThat(field.groups())
          .isEqualTo(name.endsWith("hcs") ? List.of(name, "A01", "0") : List.of());
      assertThat(Double.isNaN(read(field, 1, 0, 0, 0, 0))).isFalse();
    }
  }
}
