package org.cytolake.planes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.cells.CellFigures;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.field.Warning;
import org.cytolake.nuclei.NucleiFigures;
import org.cytolake.nuclei.PlaneFindings;
import org.cytolake.tables.Layout;
import org.cytolake.tables.RowByName;
import org.cytolake.tables.Table;

/** Rows of the tables {@code images} and {@code errors}. */
public final class ImagesTable {
  private final Layout layout;
  private final String run;
  private final RowByName images;
  private final RowByName file;
  private final RowByName warning;
  private final RowByName errors;

  /**
   * @param run id of the run that writes them
   */
  public ImagesTable(Layout layout, String run) {
    this.layout = layout;
    this.run = run;
    this.images = new RowByName(Table.IMAGES, layout);
    this.file = images.struct("files");
    this.warning = images.struct("warnings");
    this.errors = new RowByName(Table.ERRORS, layout);
  }

  /**
   * The row of a plane of a complete image.
   *
   * @param fingerprint of the image
   * @param clipped pixels; empty where uneven light was not taken out
   * @param found in the plane; empty where nothing was looked for
   * @param cells in the plane; empty where none were looked for
   * @param warnings of the plane
   * @param countingSeconds for reading and counting
   * @param nucleiSeconds for finding nuclei
   */
  public InternalRow complete(
      Field field,
      int z,
      int t,
      String fingerprint,
      OptionalLong clipped,
      Optional<PlaneFindings> found,
      Optional<CellFigures> cells,
      List<Warning> warnings,
      double countingSeconds,
      double nucleiSeconds) {
    images
        .key(field.image(), field.groups(), field.series(), z, t)
        .put("files", files(field.files()))
        .put("fingerprint", fingerprint)
        .put("size_x", field.sizeX())
        .put("size_y", field.sizeY())
        .put("size_z", field.sizeZ())
        .put("size_t", field.sizeT())
        .put("pixel_type", field.pixelType())
        .put("channels", layout.channelNames())
        .put("pixel_size_x_um", field.pixelSizeXUm())
        .put("pixel_size_y_um", field.pixelSizeYUm())
        .put("status", "ok")
        .put("warnings", warnings(warnings))
        .put("clipped_pixels", clipped.isPresent() ? clipped.getAsLong() : null)
        .put("histogram_seconds", countingSeconds)
        .put("run", run);
    if (found.isPresent()) {
      nuclei(field, found.get());
      images.put("segmentation_seconds", nucleiSeconds);
    } else {
      withoutNuclei();
    }
    if (cells.isPresent()) {
      cells(field, cells.get());
    } else {
      withoutCells();
    }
    return images.row();
  }

  private void cells(Field field, CellFigures cells) {
    images
        .put("cells", (int) cells.count())
        .putUnlessNaN("cell_area_p50_px", cells.medianArea())
        .putUnlessNaN("cell_area_p50_um2", cells.medianArea() * pixelUm2(field))
        .putUnlessNaN("cell_threshold", cells.threshold());
  }

  private void withoutCells() {
    for (String column :
        List.of("cells", "cell_area_p50_px", "cell_area_p50_um2", "cell_threshold")) {
      images.putNull(column);
    }
  }

  private static double pixelUm2(Field field) {
    boolean known = field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
    return known ? field.pixelSizeXUm() * field.pixelSizeYUm() : Double.NaN;
  }

  private void nuclei(Field field, PlaneFindings found) {
    NucleiFigures figures = found.figures();
    double megapixels = field.planePixels() / 1e6;
    double pixelUm2 = pixelUm2(field);
    images
        .put("nuclei", (int) figures.count())
        .put("nuclei_per_megapixel", figures.count() / megapixels)
        // a megapixel of pixels of 1 µm² is 1 mm²
        .putUnlessNaN("nuclei_per_mm2", figures.count() / (megapixels * pixelUm2))
        .putUnlessNaN("nearest_nucleus_px", figures.nearestPx())
        .putUnlessNaN("nearest_nucleus_um", figures.nearestUm());
    for (int q = 0; q < NucleiFigures.SHARES.size(); q++) {
      images
          .putUnlessNaN(area(q, "px"), figures.areas().get(q))
          .putUnlessNaN(area(q, "um2"), figures.areas().get(q) * pixelUm2);
    }
  }

  private List<InternalRow> warnings(List<Warning> all) {
    List<InternalRow> rows = new ArrayList<>();
    for (Warning w : all) {
      rows.add(
          warning
              .put("code", w.code())
              .put("message", w.message())
              .put("remedy", w.remedy())
              .row());
    }
    return rows;
  }

  private static String area(int quantile, String unit) {
    return "nucleus_area_p" + Math.round(100 * NucleiFigures.SHARES.get(quantile)) + "_" + unit;
  }

  private void withoutNuclei() {
    for (String column :
        List.of(
            "nuclei",
            "nuclei_per_megapixel",
            "nuclei_per_mm2",
            "nearest_nucleus_px",
            "nearest_nucleus_um",
            "segmentation_seconds")) {
      images.putNull(column);
    }
    for (int q = 0; q < NucleiFigures.SHARES.size(); q++) {
      images.putNull(area(q, "px")).putNull(area(q, "um2"));
    }
  }

  /**
   * The one row of an image that failed.
   *
   * @param series of its files
   * @param files none where it failed before one was found
   */
  public InternalRow failed(
      Failure failure, int series, List<ImageFile> files, String fingerprint) {
    images
        .key(failure.image(), failure.groups(), series, 0, 0)
        .put("files", files(files))
        .put("fingerprint", fingerprint)
        .put("channels", List.of())
        .put("status", "failed")
        .put("run", run);
    for (String column :
        List.of(
            "size_x",
            "size_y",
            "size_z",
            "size_t",
            "pixel_type",
            "pixel_size_x_um",
            "pixel_size_y_um",
            "warnings",
            "clipped_pixels",
            "histogram_seconds")) {
      images.putNull(column);
    }
    withoutNuclei();
    withoutCells();
    return images.row();
  }

  /** The row that says why. */
  public InternalRow error(Failure failure) {
    return errors
        .key(failure.image(), failure.groups(), null, null, null)
        .put("file", failure.file())
        .put("stage", failure.stage())
        .put("code", failure.code())
        .put("message", failure.message())
        .put("remedy", failure.remedy())
        .put("time", Instant.now())
        .row();
  }

  private List<InternalRow> files(List<ImageFile> files) {
    List<InternalRow> rows = new ArrayList<>();
    for (ImageFile f : files) {
      rows.add(
          file.put("path", f.path())
              .put("length", f.length())
              .put("modified", Instant.ofEpochMilli(f.modified()))
              .row());
    }
    return rows;
  }
}
