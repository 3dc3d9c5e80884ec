package org.cytolake.planes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.cells.CellMeasures;
import org.cytolake.clusters.ClusterRivals;
import org.cytolake.clusters.ClusterRows;
import org.cytolake.clusters.ClusterValues;
import org.cytolake.clusters.ClusteredBy;
import org.cytolake.config.CytolakeConfig.Clustering;
import org.cytolake.field.Field;
import org.cytolake.field.Warning;
import org.cytolake.histogram.PlaneHistograms;
import org.cytolake.nuclei.NucleiFigures;
import org.cytolake.nuclei.NucleiFinder;
import org.cytolake.nuclei.NucleiMeasures;
import org.cytolake.nuclei.NucleiSettings;
import org.cytolake.nuclei.PlaneFindings;
import org.cytolake.nuclei.Surroundings;
import org.cytolake.planes.StepTimes.Step;
import org.cytolake.quality.QualityRows;
import org.cytolake.statistics.ChannelWarnings;
import org.cytolake.statistics.ImageTraits;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneStatistics;
import org.cytolake.statistics.PlaneTransforms;
import org.cytolake.statistics.StatisticsRows;
import org.cytolake.statistics.TransformRows;
import org.cytolake.tables.PlaneRows;

/**
 * All that is computed of one plane while its pixels are at hand. Nothing is written here.
 *
 * @param rows of all tables but {@code images}, {@code pixels} and {@code errors}
 * @param findings what was found; empty where nothing was looked for
 * @param nuclei the nuclei; empty where none were looked for
 * @param cells the cells around them; empty where none were looked for
 * @param clusters the plane's own models, and how its pixels get their labels; empty without
 * @param warnings of what is odd about it
 * @param countingSeconds that counting took
 * @param nucleiSeconds that finding and measuring nuclei took
 */
record PlaneAnalysis(
    PlaneRows rows,
    Optional<PlaneFindings> findings,
    Optional<NucleiMeasures> nuclei,
    Optional<CellMeasures> cells,
    Optional<Clustered> clusters,
    List<Warning> warnings,
    double countingSeconds,
    double nucleiSeconds) {
  PlaneAnalysis {
    warnings = List.copyOf(warnings);
  }

  /** The plane's own models. */
  record Clustered(ClusterValues values, ClusterRows models) {}

  /**
   * Analyses a plane.
   *
   * @param counted what the data source has counted of it
   * @param finders of nuclei and cells
   */
  static PlaneAnalysis of(
      AnalysisSettings settings,
      Field field,
      int z,
      int t,
      PlanePixels pixels,
      Optional<PlaneHistograms> counted,
      Networks.Finders finders,
      StepTimes times)
      throws ImageReadException, PlaneFailedException {
    PlaneRows rows =
        new PlaneRows(settings.layout(), field.image(), field.groups(), field.series(), z, t);
    long start = System.nanoTime();
    PlaneCounts counts;
    PlaneStatistics statistics;
    Optional<Clustered> clusters;
    try {
      ImageTraits traits = ImageTraits.of(field);
      counts = settings.statistics().counting().of(pixels, counted);
      statistics = PlaneStatistics.of(settings.statistics(), counts, traits, pixels);
      Optional<PlaneTransforms> transforms = Optional.empty();
      if (settings.tables()) {
        transforms = PlaneTransforms.of(settings.statistics(), counts.whole().channels(), traits);
        new StatisticsRows(settings.statistics(), counts, statistics, traits, rows).add();
        new TransformRows(settings.statistics(), counts, statistics, transforms, rows).add();
      }
      times.ended(Step.STATISTICS);
      clusters = clusters(settings, counts, transforms, pixels, rows);
      times.ended(Step.CLUSTERS);
      if (settings.quality().isPresent()) {
        new QualityRows(settings.quality().get(), counts, traits, pixels, rows).add();
        times.ended(Step.QUALITY);
      }
    } catch (RuntimeException e) {
      throw PlaneFailedException.statistics(field, e);
    }
    double countingSeconds = seconds(start);
    start = System.nanoTime();
    Optional<Nuclei> nuclei = Optional.empty();
    if (finders.nuclei().isPresent()) {
      try {
        nuclei = nuclei(settings, field, pixels, counts, statistics, finders, rows);
      } catch (RuntimeException e) {
        throw PlaneFailedException.segmentation(field, e);
      }
      times.ended(Step.NUCLEI);
    }
    List<Warning> warnings =
        new ArrayList<>(ChannelWarnings.of(settings.statistics().channels(), statistics));
    nuclei.ifPresent(found -> warnings.addAll(found.findings().warnings()));
    return new PlaneAnalysis(
        rows,
        nuclei.map(Nuclei::findings),
        nuclei.map(Nuclei::measures),
        nuclei.flatMap(Nuclei::cells),
        clusters,
        warnings,
        countingSeconds,
        seconds(start));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private record Nuclei(
      NucleiMeasures measures, PlaneFindings findings, Optional<CellMeasures> cells) {}

  /** Empty for a plane without a finite pixel in a channel that the network is given. */
  private static Optional<Nuclei> nuclei(
      AnalysisSettings settings,
      Field field,
      PlanePixels pixels,
      PlaneCounts counts,
      PlaneStatistics statistics,
      Networks.Finders finders,
      PlaneRows rows)
      throws ImageReadException {
    NucleiSettings how = settings.nuclei().orElseThrow();
    Optional<NucleiFinder.Found> found = finders.nuclei().get().find(pixels, counts, statistics);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<NucleiFinder.Found> bodies =
        finders.cells().isPresent()
            ? finders.cells().get().find(pixels, counts, statistics)
            : Optional.empty();
    NucleiMeasures measures = new NucleiMeasures(how, field, pixels, found.get());
    NucleiFigures.Gathered gathered = new NucleiFigures.Gathered();
    List<int[]> pairs = settings.statistics().pairs();
    Optional<CellMeasures> cells =
        settings
            .cells()
            .map(
                of ->
                    new CellMeasures(
                        of,
                        field,
                        how.channels(),
                        pixels,
                        counts.whole().channels(),
                        bodies.map(NucleiFinder.Found::stars),
                        pairs,
                        statistics.thresholds(),
                        rows));
    measures.measure(
        pairs, statistics.thresholds(), rows, gathered, cells.map(Surroundings.class::cast));
    return Optional.of(
        new Nuclei(
            measures,
            PlaneFindings.of(how, field, statistics, gathered, found.get().candidates()),
            cells));
  }

  /** The largest number of a nucleus; 0 where there is none. */
  int largestNucleus() {
    return nuclei.map(NucleiMeasures::largest).orElse(0);
  }

  private static Optional<Clustered> clusters(
      AnalysisSettings settings,
      PlaneCounts counts,
      Optional<PlaneTransforms> transforms,
      PlanePixels pixels,
      PlaneRows rows)
      throws ImageReadException {
    if (settings.clusteredBy().isEmpty()) {
      return Optional.empty();
    }
    ClusteredBy by = settings.clusteredBy().get();
    Optional<ClusterValues> found =
        ClusterValues.of(by, settings.statistics(), counts, transforms, pixels);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ClusterValues values = found.get();
    values.add(rows);
    if (!settings.clustering().perImage()) {
      return Optional.empty();
    }
    ClusterRows models =
        ClusterRows.fit(
            Clustering.IMAGE,
            by.channels(),
            values.points(),
            values.even(),
            values.droppedBits(),
            settings.clustering(),
            by.fittedTo(),
            ClusterRivals.NONE);
    models.add(rows);
    return Optional.of(new Clustered(values, models));
  }
}
