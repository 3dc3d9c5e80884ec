package org.cytolake.planes;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.cells.CellSettings;
import org.cytolake.clusters.ClusteredBy;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.config.Exploration;
import org.cytolake.config.LabelFormat;
import org.cytolake.field.Field;
import org.cytolake.illumination.CorrectionSettings;
import org.cytolake.nuclei.NucleiSettings;
import org.cytolake.plan.Fingerprint;
import org.cytolake.plan.PlannedRun;
import org.cytolake.plan.Scope;
import org.cytolake.quality.QualitySettings;
import org.cytolake.report.PlaneReports;
import org.cytolake.statistics.StatisticsSettings;
import org.cytolake.store.ImageFiles;
import org.cytolake.store.Run;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.ChannelPairs;
import org.cytolake.tables.Layout;

/**
 * What is made of every image.
 *
 * @param layout of the tables
 * @param run id of the run, which {@code images} names
 * @param scratch folder for files that lie beside the tables
 * @param statistics how intensities are counted, and what follows from it
 * @param tables whether the tables of statistics are wanted; without, only nuclei are
 * @param qualityOrNull see {@link #quality}
 * @param clustering how models are fitted
 * @param clusteredByOrNull see {@link #clusteredBy}; serialisation takes no Optional
 * @param nucleiOrNull see {@link #nuclei}
 * @param cellsOrNull see {@link #cells}
 * @param labelImages the kinds of label images that are written
 * @param labelFormat how they are written
 * @param geojson whether outlines are written
 * @param pixels whether rows of the table {@code pixels} are written
 * @param shares whether rows of the table {@code cluster_shares} are written
 * @param reportOrNull see {@link #report}
 * @param illuminationOrNull see {@link #illumination}
 * @param fingerprint of images
 */
public record AnalysisSettings(
    Layout layout,
    String run,
    String scratch,
    StatisticsSettings statistics,
    boolean tables,
    QualitySettings qualityOrNull,
    Clustering clustering,
    ClusteredBy clusteredByOrNull,
    NucleiSettings nucleiOrNull,
    CellSettings cellsOrNull,
    List<ImageFiles> labelImages,
    LabelFormat labelFormat,
    boolean geojson,
    boolean pixels,
    boolean shares,
    PlaneReports reportOrNull,
    CorrectionSettings illuminationOrNull,
    Fingerprint fingerprint)
    implements Serializable {
  public AnalysisSettings {
    labelImages = List.copyOf(labelImages);
  }

  /** How the images' quality is measured; empty where it is not. */
  Optional<QualitySettings> quality() {
    return Optional.ofNullable(qualityOrNull);
  }

  /** By what pixels are clustered; empty where they are not. */
  public Optional<ClusteredBy> clusteredBy() {
    return Optional.ofNullable(clusteredByOrNull);
  }

  /** How nuclei are found; empty where they are not. */
  public Optional<NucleiSettings> nuclei() {
    return Optional.ofNullable(nucleiOrNull);
  }

  /** How cells are found around nuclei; empty where they are not. */
  public Optional<CellSettings> cells() {
    return Optional.ofNullable(cellsOrNull);
  }

  /** How uneven light is taken out of the pixels; empty where it is not. */
  public Optional<CorrectionSettings> illumination() {
    return Optional.ofNullable(illuminationOrNull);
  }

  /** How an image's part of the report is drawn; empty where it is not. */
  public Optional<PlaneReports> report() {
    return Optional.ofNullable(reportOrNull);
  }

  /**
   * Of a batch.
   *
   * @param own whether this is about what images show by themselves: models of several images come
   *     later, and with them what shows them
   */
  public static AnalysisSettings of(
      CytolakeConfig config, Scope scope, PlannedRun plan, Layout layout, Run run, boolean own) {
    List<String> channels = layout.channelNames();
    Exploration exploration = config.exploration().resolved(channels);
    Optional<ClusteredBy> by =
        config.clustering().enabled()
            ? Optional.of(ClusteredBy.of(config.clustering(), exploration, channels))
            : Optional.empty();
    boolean tables = scope == Scope.ALL;
    boolean together = by.isPresent() && !config.clustering().perImage();
    List<ImageFiles> labelImages = new ArrayList<>();
    if (own && config.output().labelImages().contains("nuclei") && plan.network().isPresent()) {
      labelImages.add(ImageFiles.LABELS);
    }
    Optional<CellSettings> cells =
        plan.network().isPresent() && config.cells().enabledFor(channels)
            ? Optional.of(cells(config, plan, channels))
            : Optional.empty();
    if (own && config.output().labelImages().contains("cells") && cells.isPresent()) {
      labelImages.add(ImageFiles.CELL_LABELS);
    }
    if (config.output().labelImages().contains("clusters") && by.isPresent() && own != together) {
      labelImages.add(ImageFiles.CLUSTER_IMAGES);
    }
    StatisticsSettings statistics =
        new StatisticsSettings(
            exploration,
            config.histograms().bins(),
            config.histograms().maxTuples(),
            channels,
            layout.channels().stream().map(ChannelColumn::type).toList(),
            tables
                ? ChannelPairs.of(
                    exploration.pairs(), channels, by.map(ClusteredBy::channels).orElse(List.of()))
                : List.of());
    return new AnalysisSettings(
        layout,
        run.id(),
        run.scratch(),
        statistics,
        tables,
        config.quality().enabled() ? QualitySettings.of(config.quality(), statistics) : null,
        config.clustering(),
        by.orElse(null),
        plan.network().map(n -> n.settings(channels)).orElse(null),
        cells.orElse(null),
        labelImages,
        config.output().labelFormat(),
        plan.network().isPresent() && config.segmentation().geojson(),
        config.output().pixels() && own != together,
        by.isPresent()
            && plan.network().isPresent()
            && own != together
            && config.countsShares(cells.isPresent()),
        null,
        CorrectionSettings.of(config, plan.illumination(), channels, run.scratch()).orElse(null),
        plan.fingerprint());
  }

  private static CellSettings cells(CytolakeConfig config, PlannedRun plan, List<String> channels) {
    List<String> nuclei = plan.network().orElseThrow().channels(channels);
    CellSettings grown = CellSettings.of(config.cells(), channels, nuclei);
    return plan.cellNetwork()
        .map(n -> grown.with(n.settings(channels, channels.get(grown.channel()), nuclei.get(0))))
        .orElse(grown);
  }

  /**
   * The same for one image: its intensities are counted as their own types are, whatever wider
   * types other images give the tables.
   */
  AnalysisSettings of(Field field) {
    List<DataType> own =
        field.channels().stream()
            .map(c -> BioFormats.sampleType(c.pixelType()).sparkType())
            .toList();
    return own.equals(statistics.types())
        ? this
        : with(statistics.with(own), report().map(r -> r.with(own)).orElse(null));
  }

  /** The same with the report's part of each plane drawn. */
  public AnalysisSettings drawing(PlaneReports newReport) {
    return with(statistics, newReport);
  }

  private AnalysisSettings with(StatisticsSettings newStatistics, PlaneReports newReport) {
    return new AnalysisSettings(
        layout,
        run,
        scratch,
        newStatistics,
        tables,
        qualityOrNull,
        clustering,
        clusteredByOrNull,
        nucleiOrNull,
        cellsOrNull,
        labelImages,
        labelFormat,
        geojson,
        pixels,
        shares,
        newReport,
        illuminationOrNull,
        fingerprint);
  }

  /** The folder of an image's files beside the tables, under a run's scratch folder. */
  public static String files(String scratch) {
    return scratch + "/images";
  }

  /** The same of this run. */
  public String files() {
    return files(scratch);
  }
}
