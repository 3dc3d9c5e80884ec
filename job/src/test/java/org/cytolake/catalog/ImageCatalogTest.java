package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.bench.FormulaFileSystem;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.source.TestImages.Spec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids of images, and catalogues of many. */
final class ImageCatalogTest {
  @TempDir Path folder;

  private final Configuration hadoop = LocalSpark.session().sparkContext().hadoopConfiguration();

  @BeforeEach
  void register() {
    FormulaFileSystem.register(hadoop);
  }

  private void image(String name, int series) {
    TestImages.write(
        folder.resolve(name), Spec.of(8, 6, "uint8", TestImages.coded()).series(series));
  }

  private ImageCatalog load(SourceOptions options, String... wanted) {
    Listing listing = Listing.of(options, hadoop);
    List<Listing.ListedImage> images =
        wanted.length == 0
            ? listing.images()
            : listing.images().stream().filter(i -> List.of(wanted).contains(i.image())).toList();
    return ImageCatalog.load(options, listing, images, hadoop, LocalSpark.session());
  }

  private ImageCatalog load(String... wanted) {
    return load(ListingTest.options(null, folder.toString()), wanted);
  }

  @Test
  void aSeriesOfTheIdOfAFileFailsBoth() {
    image("scan.ome.tif", 2);
    image("scan_1.tif", 1);
    image("scan_2.tif", 1);
    ImageCatalog catalog = load();
    assertThat(catalog.fields()).extracting(Field::image).containsExactly("scan_2");
    assertThat(catalog.failures())
        .extracting(Failure::image, Failure::code, f -> f.file().replaceAll(".*/", ""))
        .containsExactly(
            tuple("scan", "DUPLICATE_IMAGE", "scan.ome.tif"),
            tuple("scan_1", "DUPLICATE_IMAGE", "scan_1.tif"));
    assertThat(catalog.failures().get(0).message()).contains("series 1").contains("scan_1");
    assertThat(catalog.failures().get(1).message()).contains("scan.ome.tif");
  }

  @Test
  void alsoWhereTheOtherWasReadBefore() {
    image("scan.ome.tif", 2);
    image("scan_1.tif", 1);
    image("other.tif", 1);
    for (String wanted : List.of("scan", "scan_1")) {
      ImageCatalog catalog = load("other", wanted);
      assertThat(catalog.fields()).extracting(Field::image).containsExactly("other");
      assertThat(catalog.failures())
          .extracting(Failure::image, Failure::code)
          .containsExactly(tuple(wanted, "DUPLICATE_IMAGE"));
    }
  }

  @Test
  void seriesKeepTheIdOfTheirFile() {
    image("scan_1.ome.tif", 2);
    image("scan.tif", 1);
    assertThat(load().fields())
        .extracting(Field::image, Field::listed, Field::series)
        .containsExactly(
            tuple("scan", "scan", 0), tuple("scan_1", "scan_1", 0), tuple("scan_1_1", "scan_1", 1));
  }

  @Test
  void thousandsOfImagesByFormula() {
    int n = 3_500;
    ImageCatalog catalog =
        load(ListingTest.options(FormulaFileSystem.PATTERN, "formula://" + n + "x2/"));
    assertThat(catalog.failures()).isEmpty();
    assertThat(catalog.fields()).hasSize(n);
    assertThat(catalog.channels()).containsExactly("channel_0", "channel_1");
    for (int i : new int[] {0, 1, 600, FormulaFileSystem.PLATE, n - 1}) {
      Field field = catalog.fields().get(i);
      assertThat(field.sizeX()).isEqualTo(FormulaFileSystem.SIZE);
      assertThat(field.sizeY()).isEqualTo(FormulaFileSystem.SIZE);
      assertThat(field.channels())
          .extracting(c -> c.file().path())
          .containsExactly(
              "formula://" + n + "x2" + FormulaFileSystem.path(i, 0),
              "formula://" + n + "x2" + FormulaFileSystem.path(i, 1));
    }
  }

  @Test
  void pixelsByFormula() {
    Dataset<Row> pixels =
        LocalSpark.session()
            .read()
            .format("microscopy")
            .options(Map.of("pattern", FormulaFileSystem.PATTERN, "channels", "1=second,0=first"))
            .load("formula://300x2/");
    assertThat(pixels.where("y = 0 and x = 4").selectExpr("sum(first)", "sum(second)").first())
        .isEqualTo(org.apache.spark.sql.RowFactory.create(0L, 300L));
    assertThat(
            pixels
                .where("y = 9 and x = 5 and image = '0000_B02_3'")
                .selectExpr("cast(first as int)", "cast(second as int)")
                .first())
        .isEqualTo(
            org.apache.spark.sql.RowFactory.create(
                FormulaFileSystem.pixel(228, 0, 9, 5), FormulaFileSystem.pixel(228, 1, 9, 5)));
  }
}
