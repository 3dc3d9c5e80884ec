package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import loci.common.services.ServiceFactory;
import loci.formats.meta.IMetadata;
import loci.formats.out.OMETiffWriter;
import loci.formats.services.OMEXMLService;
import ome.units.UNITS;
import ome.units.quantity.Length;
import ome.units.quantity.Time;
import ome.xml.model.enums.DimensionOrder;
import ome.xml.model.enums.PixelType;
import ome.xml.model.primitives.NonNegativeInteger;
import ome.xml.model.primitives.PositiveInteger;
import ome.xml.model.primitives.Timestamp;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files say of how they were taken, for those who ask. */
final class HiddenColumnsTest {
  private static final int SIDE = 40;
  private static final String[] HIDDEN = {
    "_file_path",
    "_file_size",
    "_file_modified",
    "_pixel_size_x_um",
    "_pixel_size_y_um",
    "_stage_x_um",
    "_stage_y_um",
    "_stage_z_um",
    "_acquired",
    "_channels"
  };

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    Path told = Files.createDirectory(folder.resolve("told"));
    IMetadata meta = new ServiceFactory().getInstance(OMEXMLService.class).createOMEXMLMetadata();
    meta.setImageID("Image:0", 0);
    meta.setImageAcquisitionDate(Timestamp.valueOf("2024-05-06T07:08:09"), 0);
    meta.setPixelsID("Pixels:0", 0);
    meta.setPixelsBigEndian(false, 0);
    meta.setPixelsDimensionOrder(DimensionOrder.XYCZT, 0);
    meta.setPixelsType(PixelType.UINT8, 0);
    meta.setPixelsSizeX(new PositiveInteger(SIDE), 0);
    meta.setPixelsSizeY(new PositiveInteger(SIDE), 0);
    meta.setPixelsSizeZ(new PositiveInteger(2), 0);
    meta.setPixelsSizeC(new PositiveInteger(2), 0);
    meta.setPixelsSizeT(new PositiveInteger(1), 0);
    meta.setPixelsPhysicalSizeX(new Length(0.5, UNITS.MICROMETER), 0);
    meta.setPixelsPhysicalSizeY(new Length(250, UNITS.NANOMETER), 0);
    for (int c = 0; c < 2; c++) {
      meta.setChannelID("Channel:0:" + c, 0, c);
      meta.setChannelSamplesPerPixel(new PositiveInteger(1), 0, c);
    }
    for (int plane = 0; plane < 4; plane++) {
      int c = plane % 2;
      int z = plane / 2;
      meta.setPlaneTheC(new NonNegativeInteger(c), 0, plane);
      meta.setPlaneTheZ(new NonNegativeInteger(z), 0, plane);
      meta.setPlaneTheT(new NonNegativeInteger(0), 0, plane);
      meta.setPlaneExposureTime(new Time(0.1 * (c + 1), UNITS.SECOND), 0, plane);
      meta.setPlaneDeltaT(new Time(1500 + z, UNITS.MILLISECOND), 0, plane);
      meta.setPlanePositionX(new Length(3 + z, UNITS.MILLIMETER), 0, plane);
      meta.setPlanePositionY(new Length(-20.5, UNITS.MICROMETER), 0, plane);
      meta.setPlanePositionZ(new Length(z, UNITS.REFERENCEFRAME), 0, plane);
    }
    meta.setChannelExcitationWavelength(new Length(405, UNITS.NANOMETER), 0, 0);
    meta.setChannelEmissionWavelength(new Length(0.461, UNITS.MICROMETER), 0, 0);
    try (OMETiffWriter writer = new OMETiffWriter()) {
      writer.setMetadataRetrieve(meta);
      writer.setId(told.resolve("a.ome.tif").toString());
      for (int plane = 0; plane < 4; plane++) {
        byte[] bytes = new byte[SIDE * SIDE];
        Arrays.fill(bytes, (byte) plane);
        writer.saveBytes(plane, bytes);
      }
    }
    Path plain = Files.createDirectory(folder.resolve("plain"));
    TestImages.write(
        plain.resolve("b.tif"), TestImages.Spec.of(SIDE, SIDE, "uint8", TestImages.coded()));
    Files.writeString(plain.resolve("c.tif"), "no image");
  }

  private static SparkSession spark() {
    return LocalSpark.session();
  }

  private static Dataset<Row> told(String rows) {
    return MicroscopySourceTest.read(
        folder.resolve("told"), Map.of("channels", "1=dna,2=actin", "rows", rows));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pixels", "tiles", "images"})
  void whatTheFileSays(String size) throws Exception {
    Path file = folder.resolve("told/a.ome.tif");
    Dataset<Row> rows = told(size);
    assertThat(rows.columns()).doesNotContain(HIDDEN);
    for (int z = 0; z < 2; z++) {
      Row row =
          rows.where("z = " + z).select("_file_path", Arrays.copyOfRange(HIDDEN, 1, 10)).first();
      assertThat(row.getString(0)).endsWith("/told/a.ome.tif");
      assertThat(row.getLong(1)).isEqualTo(Files.size(file));
      assertThat(row.getTimestamp(2).getTime())
          .isEqualTo(Files.getLastModifiedTime(file).toMillis());
      assertThat(row.getDouble(3)).isEqualTo(0.5);
      assertThat(row.getDouble(4)).isCloseTo(0.25, within(1e-12)); // of other units
      assertThat(row.getDouble(5)).isCloseTo(3000.0 + 1000 * z, within(1e-9));
      assertThat(row.getDouble(6)).isEqualTo(-20.5);
      assertThat(row.isNullAt(7)).as("a frame of reference has no unit").isTrue();
      Instant taken = Instant.parse("2024-05-06T07:08:10.500Z").plusMillis(z);
      assertThat(row.getTimestamp(8).toInstant()).isEqualTo(taken);
      List<Row> channels = row.getList(9);
      assertThat(channels).extracting(c -> c.getAs("name")).containsExactly("dna", "actin");
      assertThat(channels)
          .extracting(c -> c.<String>getAs("file_path"))
          .containsOnly(row.getString(0));
      assertThat(channels).extracting(c -> c.getAs("exposure_ms")).containsExactly(100.0, 200.0);
      assertThat(channels).extracting(c -> c.getAs("excitation_nm")).containsExactly(405.0, null);
      assertThat(channels).extracting(c -> c.getAs("emission_nm")).containsExactly(461.0, null);
    }
  }

  @Test
  void everyRowHasThemBesideThePixels() {
    Dataset<Row> rows =
        told("pixels")
            .where("_stage_x_um > 3500 AND x < 3")
            .selectExpr("z", "x", "dna", "actin", "_channels[1].exposure_ms AS e", "_file_path");
    List<Row> got = rows.collectAsList();
    assertThat(got)
        .hasSize(3 * SIDE)
        .allSatisfy(
            row -> {
              assertThat(row.getInt(0)).isEqualTo(1);
              assertThat(row.getInt(2)).isEqualTo(2);
              assertThat(row.getInt(3)).isEqualTo(3);
              assertThat(row.getDouble(4)).isEqualTo(200.0);
            });
    assertThat(told("pixels").groupBy("_pixel_size_x_um").count().collectAsList().toString())
        .isEqualTo("[[0.5," + 2 * SIDE * SIDE + "]]");
  }

  @Test
  void whatTheFileDoesNotSayIsNull() {
    for (String size : List.of("pixels", "tiles")) {
      Dataset<Row> rows =
          MicroscopySourceTest.read(
              folder.resolve("plain"),
              Map.of("channels", "1=dna", "mode", "PERMISSIVE", "rows", size));
      Row row =
          rows.where("image = 'b'")
              .selectExpr(
                  "_file_path",
                  "_pixel_size_x_um",
                  "_stage_x_um",
                  "_acquired",
                  "_channels[0].exposure_ms",
                  "_channels[0].emission_nm",
                  "_channels[0].name")
              .first();
      assertThat(row.getString(0)).endsWith("/b.tif");
      for (int i = 1; i < 6; i++) {
        assertThat(row.isNullAt(i)).as("column " + i).isTrue();
      }
      assertThat(row.getString(6)).isEqualTo("dna");
      Row failed =
          rows.where("image = 'c'").selectExpr("_file_path", "_file_size", "_channels").first();
      assertThat(failed.getString(0)).endsWith("/c.tif");
      assertThat(failed.isNullAt(1)).isTrue();
      assertThat(failed.isNullAt(2)).isTrue();
    }
  }

  @Test
  void tablesOfSqlHaveThem() {
    spark().sql("DROP TABLE IF EXISTS taken");
    spark()
        .sql(
            "CREATE TABLE taken USING microscopy OPTIONS (path '"
                + folder.resolve("told")
                + "', channels '1=dna,2=actin')");
    try {
      assertThat(spark().sql("SELECT * FROM taken").columns()).doesNotContain(HIDDEN);
      assertThat(
              spark()
                  .sql("SELECT DISTINCT z, round(_stage_x_um, 6) FROM taken ORDER BY z")
                  .collectAsList()
                  .toString())
          .isEqualTo("[[0,3000.0], [1,4000.0]]");
    } finally {
      spark().sql("DROP TABLE taken");
    }
  }
}
