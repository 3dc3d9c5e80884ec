package org.cytolake.run;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.cytolake.clusters.ClusteredBy;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.nuclei.NucleiSettings;
import org.cytolake.report.ReportSettings;
import org.cytolake.statistics.StatisticsSettings;
import org.cytolake.store.ImageFiles;
import org.cytolake.tables.Layout;

/**
 * What is made of every image.
 *
 * @param layout of the tables
 * @param run id of the run, which {@code images} names
 * @param scratch folder for files that lie beside the tables
 * @param statistics how intensities are counted, and what follows from it
 * @param tables whether the tables of statistics are wanted; without, only nuclei are
 * @param clustering how models are fitted
 * @param clusteredBy by what pixels are clustered; empty where they are not
 * @param nuclei how nuclei are found; empty where they are not
 * @param labelImages the kinds of label images that are written
 * @param geojson whether outlines are written
 * @param pixels whether rows of the table {@code pixels} are written
 * @param report how an image's part of the report is drawn; empty where it is not
 * @param fingerprint of images
 */
record AnalysisSettings(
    Layout layout,
    String run,
    String scratch,
    StatisticsSettings statistics,
    boolean tables,
    Clustering clustering,
    Optional<ClusteredBy> clusteredBy,
    Optional<NucleiSettings> nuclei,
    List<ImageFiles> labelImages,
    boolean geojson,
    boolean pixels,
    Optional<ReportSettings> report,
    Fingerprint fingerprint)
    implements Serializable {
  AnalysisSettings {
    labelImages = List.copyOf(labelImages);
  }

  /** The folder of an image's files beside the tables, under a run's scratch folder. */
  static String files(String scratch) {
    return scratch + "/images";
  }

  /** The same of this run. */
  String files() {
    return files(scratch);
  }
}
