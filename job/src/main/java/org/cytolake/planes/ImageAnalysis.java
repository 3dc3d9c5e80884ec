package org.cytolake.planes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.cells.CellMeasures;
import org.cytolake.clusters.ClusterFit;
import org.cytolake.clusters.ModelName;
import org.cytolake.clusters.PixelPlaces;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.facts.ImageKey;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.label.ClusterPainting;
import org.cytolake.label.ClusterShares;
import org.cytolake.label.ImageLabels;
import org.cytolake.label.ImageOutlines;
import org.cytolake.label.PixelRows;
import org.cytolake.planes.StepTimes.Step;
import org.cytolake.store.ImageFiles;
import org.cytolake.store.TableFiles;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Table;

/**
 * One image under way: its planes come one after the other, each is written when it is analysed;
 * then the image is kept as a whole, or given up as a whole. Rows of {@code images}, which say that
 * an image is complete, are written at its end.
 */
final class ImageAnalysis {
  private final AnalysisSettings settings;
  private final Field field;
  private final TableFiles.Writer tables;
  private final ImagesTable imagesTable;
  private final ShareResult result;
  private final ImageLabels labels;
  private final Optional<ImageOutlines> outlines;
  private final Configuration hadoop;
  private final List<Row> drawn = new ArrayList<>();
  private final List<InternalRow> images = new ArrayList<>();
  private final Map<String, Integer> warnings = new TreeMap<>();
  private final Map<ModelName, Integer> selected = new TreeMap<>();
  private Optional<Failure> failure = Optional.empty();
  private long nuclei;
  private long cells;

  ImageAnalysis(
      AnalysisSettings settings,
      Field field,
      TableFiles.Writer tables,
      ImagesTable imagesTable,
      ShareResult result,
      Configuration hadoop)
      throws IOException {
    this.settings = settings;
    this.field = field;
    this.tables = tables;
    this.imagesTable = imagesTable;
    this.result = result;
    this.labels = new ImageLabels(field, settings.files(), settings.labelFormat(), hadoop);
    this.outlines =
        settings.geojson()
            ? Optional.of(new ImageOutlines(settings.layout(), field, settings.files(), hadoop))
            : Optional.empty();
    this.hadoop = hadoop;
  }

  Field field() {
    return field;
  }

  /** Those of the image. */
  AnalysisSettings settings() {
    return settings;
  }

  boolean hasFailed() {
    return failure.isPresent();
  }

  /** The image cannot be analysed. */
  void fail(Failure why) {
    failure = Optional.of(why);
  }

  /** Takes a plane that was analysed and writes what there is of it. */
  void add(PlaneAnalysis plane, PlanePixels pixels, int z, int t)
      throws IOException, ImageReadException {
    InternalRow image =
        imagesTable.complete(
            field,
            z,
            t,
            settings.fingerprint().of(field.files(), field.groups()),
            pixels.clipped(),
            plane.findings(),
            plane.cells().map(CellMeasures::figures),
            plane.warnings(),
            plane.countingSeconds(),
            plane.nucleiSeconds());
    images.add(image);
    plane.findings().ifPresent(found -> nuclei += found.figures().count());
    cells += plane.cells().map(c -> c.figures().count()).orElse(0L);
    plane.warnings().forEach(w -> warnings.merge(w.code(), 1, Integer::sum));
    Optional<ClusterPainting> painting =
        plane
            .clusters()
            .map(
                c ->
                    new ClusterPainting(
                        new PixelPlaces(c.values().value(), c.models().points()),
                        c.values().pixels()));
    if (settings.labelImages().contains(ImageFiles.LABELS)) {
      labels.write(
          ImageFiles.LABELS,
          List.of("nuclei"),
          z,
          t,
          List.of(nuclei(plane)),
          plane.largestNucleus());
    }
    if (settings.labelImages().contains(ImageFiles.CELL_LABELS)) {
      labels.write(
          ImageFiles.CELL_LABELS,
          List.of("cells"),
          z,
          t,
          List.of(cells(plane)),
          plane.largestNucleus());
    }
    if (settings.labelImages().contains(ImageFiles.CLUSTER_IMAGES)) {
      clusterImages(plane, painting, z, t);
    }
    if (outlines.isPresent()) {
      outline(outlines.get(), plane);
    }
    result.times.ended(Step.LABELS);
    if (settings.shares() && plane.nuclei().isPresent() && painting.isPresent()) {
      new ClusterShares(
              Clustering.IMAGE,
              nuclei(plane),
              settings.cells().map(c -> cells(plane)),
              painting,
              plane.clusters().orElseThrow().models().selected())
          .each(
              field,
              plane.rows().of(Table.CLUSTER_SHARES),
              row -> tables.write(Table.CLUSTER_SHARES, row));
    }
    result.times.ended(Step.CLUSTERS);
    if (settings.report().isPresent()) {
      ImageKey key = new ImageKey(field.image(), field.series(), z, t);
      drawn.add(settings.report().get().draw(key, plane.rows(), image, pixels, hadoop));
      result.times.ended(Step.REPORT);
    }
    plane
        .clusters()
        .ifPresent(
            c ->
                c.models().fitted().stream()
                    .filter(ClusterFit::selected)
                    .forEach(fit -> selected.merge(fit.name(), 1, Integer::sum)));
    result.begun.add(field.image());
    plane.rows().each(tables::write);
    if (settings.pixels()) {
      pixelRows(plane, pixels);
    }
    result.times.ended(Step.TABLES);
  }

  private void outline(ImageOutlines outlines, PlaneAnalysis plane) {
    int ofNucleus = Table.NUCLEI.schema(settings.layout()).fieldIndex("nucleus");
    int ofCell = Table.CELLS.schema(settings.layout()).fieldIndex("nucleus");
    Map<Integer, InternalRow> cells = new HashMap<>();
    plane.rows().each(Table.CELLS, cell -> cells.put(cell.getInt(ofCell), cell));
    plane
        .rows()
        .each(
            Table.NUCLEI,
            nucleus -> {
              try {
                outlines.add(nucleus, Optional.ofNullable(cells.get(nucleus.getInt(ofNucleus))));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** Zeros where none were looked for. */
  private static ImageLabels.Labels nuclei(PlaneAnalysis plane) {
    return window ->
        plane.nuclei().isPresent()
            ? plane.nuclei().get().labels(window).labels()
            : ClusterPainting.nothing(window);
  }

  /** Zeros where none were looked for. */
  private static ImageLabels.Labels cells(PlaneAnalysis plane) {
    return window ->
        plane.cells().isPresent()
            ? plane.cells().get().labels(window, plane.nuclei().orElseThrow()).labels()
            : ClusterPainting.nothing(window);
  }

  private void clusterImages(PlaneAnalysis plane, Optional<ClusterPainting> painting, int z, int t)
      throws IOException, ImageReadException {
    List<ModelName> names = new ArrayList<>();
    List<ImageLabels.Labels> painted = new ArrayList<>();
    boolean onePlane = field.sizeZ() * field.sizeT() == 1;
    List<ClusterFit> fits = plane.clusters().map(c -> c.models().fitted()).orElse(List.of());
    if (onePlane) {
      for (ClusterFit fit : fits) {
        names.add(fit.name());
        painted.add(window -> painting.get().paint(window, fit.labels()));
      }
    } else {
      // the file's channels are fixed before it is known what the other planes have
      for (ModelName told : ModelName.told(settings.clustering())) {
        Optional<ClusterFit> fit = fits.stream().filter(f -> f.name().equals(told)).findFirst();
        names.add(told);
        painted.add(
            window ->
                fit.isPresent()
                    ? painting.get().paint(window, fit.get().labels())
                    : ClusterPainting.nothing(window));
      }
    }
    if (!names.isEmpty()) {
      List<String> titles = names.stream().map(ModelName::title).toList();
      labels.write(ImageFiles.CLUSTER_IMAGES, titles, z, t, painted, ModelName.largest(names));
    }
  }

  private void pixelRows(PlaneAnalysis plane, PlanePixels pixels)
      throws IOException, ImageReadException {
    new PixelRows(
            settings.layout().channelNames(),
            settings.layout().channels().stream().map(ChannelColumn::type).toList(),
            settings.nuclei().map(n -> nuclei(plane)),
            settings.cells().map(c -> cells(plane)),
            plane
                .clusters()
                .map(
                    c ->
                        new PixelRows.Clusters(
                            new PixelPlaces(c.values().value(), c.models().points()),
                            c.values().pixels(),
                            c.models().selected())))
        .each(pixels, field, plane.rows().of(Table.PIXELS), row -> tables.write(Table.PIXELS, row));
  }

  /** The last plane was the last: the image is complete, or has failed. */
  void end() throws IOException {
    if (failure.isPresent()) {
      labels.discard();
      if (outlines.isPresent()) {
        outlines.get().discard();
      }
      settings.report().ifPresent(r -> drawn.forEach(row -> r.discard(row, hadoop)));
      result.failures.add(failure.get());
      return;
    }
    result.begun.remove(field.image());
    images.forEach(row -> tables.write(Table.IMAGES, row));
    result.complete.add(field.image());
    result.images.addAll(labels.finish());
    if (outlines.isPresent()) {
      result.images.add(outlines.get().finish());
    }
    result.rendered.addAll(drawn);
    warnings.forEach((code, n) -> result.warnings.merge(code, n, Integer::sum));
    selected.forEach((model, n) -> result.selected.merge(model, n, Integer::sum));
    result.nuclei += nuclei;
    result.cells += cells;
    result.pixels += field.planePixels() * field.sizeZ() * field.sizeT();
    result.times.ended(Step.LABELS);
  }
}
