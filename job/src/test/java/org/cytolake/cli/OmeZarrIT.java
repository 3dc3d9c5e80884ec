package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.bioformats.TinyZarr;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.field.Field;
import org.cytolake.field.SampleType;
import org.cytolake.field.Well;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged job on a plate of OME-Zarr. */
final class OmeZarrIT {
  @TempDir Path folder;

  /** The sample data written as a plate give the tables that the TIFF files give. */
  @Test
  void aPlateGivesTheTablesOfItsTiffFiles() throws Exception {
    Path plates = folder.resolve("plates");
    long images = write(Packaged.sampleImages(), plates);
    assertThat(images).isPositive();
    Path zarr = folder.resolve("zarr");
    List<String> arguments =
        new ArrayList<>(
            List.of("analyze", "--input", plates.toString(), "--output", zarr.toString()));
    arguments.addAll(List.of("--channels", Packaged.CHANNELS));
    arguments.addAll(Packaged.QUICK);
    arguments.addAll(Packaged.REGION);
    Packaged.Ended ended = Packaged.submitAndWait(arguments);
    assertThat(ended.code()).as(ended.text()).isZero();
    Path tiff = folder.resolve("tiff");
    Packaged.Ended other = Packaged.submitAndWait(Packaged.analyze(Packaged.sampleImages(), tiff));
    assertThat(other.code()).as(other.text()).isZero();

    Function<String, Dataset<Row>> ofTiff =
        name -> Packaged.table(tiff, name).drop("files", "fingerprint");
    Function<String, Dataset<Row>> ofZarr =
        name ->
            Packaged.table(zarr, name)
                .selectExpr(
                    Arrays.stream(ofTiff.apply(name).columns())
                        .map(c -> "`" + c + "`")
                        .toArray(String[]::new));
    assertThat(Packaged.rows(ofZarr, i -> true))
        .hasSizeGreaterThan(100)
        .isEqualTo(Packaged.rows(ofTiff, i -> true));
    assertThat(Packaged.table(zarr, "images").where("status = 'ok'").count()).isEqualTo(images);

    Packaged.Ended again = Packaged.submitAndWait(arguments);
    assertThat(again.code()).as(again.text()).isZero();
    assertThat(Packaged.rows(ofZarr, i -> true)).isEqualTo(Packaged.rows(ofTiff, i -> true));
  }

  /** Writes each plate of TIFF files as one of OME-Zarr; returns the number of images. */
  private static long write(Path from, Path to) throws Exception {
    SourceOptions options =
        SourceOptions.of(
            Map.of(
                "path", from.toString(),
                "pattern", Packaged.PATTERN,
                "channels", Packaged.CHANNELS));
    Configuration hadoop = new Configuration();
    Listing listing = Listing.of(options, hadoop);
    ImageCatalog catalog = ImageCatalog.load(options, listing, listing.images(), hadoop, null);
    Map<String, Map<String, List<String>>> plates = new LinkedHashMap<>();
    try (PlaneReader reader = new PlaneReader(hadoop)) {
      for (Field field : catalog.fields()) {
        Well well = Well.parse(field.groups().get(1)).orElseThrow();
        String path = well.toString().charAt(0) + "/" + well.column();
        String plate = field.groups().get(0) + ".ome.zarr";
        plates
            .computeIfAbsent(plate, p -> new LinkedHashMap<>())
            .computeIfAbsent(path, w -> new ArrayList<>())
            .add(field.groups().get(2));
        write(field, to.resolve(plate).resolve(path).resolve(field.groups().get(2)), reader);
      }
    }
    for (Map.Entry<String, Map<String, List<String>>> plate : plates.entrySet()) {
      TinyZarr.plate(to.resolve(plate.getKey()), plate.getValue());
    }
    return catalog.fields().size();
  }

  private static void write(Field field, Path image, PlaneReader reader) throws Exception {
    Files.createDirectories(image);
    double um = field.pixelSizeXUm() == null ? 0 : field.pixelSizeXUm();
    TinyZarr.pyramid(image, List.of(um), List.of("nuclei", "cytoplasm"));
    List<Samples> channels = new ArrayList<>();
    for (int c = 0; c < field.channels().size(); c++) {
      channels.add(new Samples(SampleType.INT));
      reader.read(field, c, 0, 0, 0, 0, field.sizeX(), field.sizeY(), channels.get(c));
    }
    TinyZarr.array(
        image.resolve("0"),
        new int[] {1, channels.size(), 1, field.sizeY(), field.sizeX()},
        new int[] {1, 1, 1, 100, 70},
        field.pixelType(),
        at -> (int) channels.get(at[1]).at(at[3] * field.sizeX() + at[4]));
  }
}
