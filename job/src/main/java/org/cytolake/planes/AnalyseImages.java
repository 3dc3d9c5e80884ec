package org.cytolake.planes;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.bioformats.TaskReader;
import org.cytolake.field.Field;
import org.cytolake.illumination.ShareSums;
import org.cytolake.illumination.SumSettings;
import org.cytolake.planes.StepTimes.Step;
import org.cytolake.store.TableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pass 2: everything about the planes of a share of the images, one after the other, each decoded
 * once: the function of a {@code mapPartitions}. The rows are written here; the driver is told the
 * names of the files.
 */
public final class AnalyseImages implements FlatMapFunction<Iterator<PlaneInput>, ShareResult> {
  private static final Logger LOG = LoggerFactory.getLogger(AnalyseImages.class);
  private static final long serialVersionUID = 1L;

  private final AnalysisSettings settings;
  private final Networks networks;
  private final SumSettings sumsOrNull;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final TableFiles files;
  private final LongAccumulator done;

  /**
   * @param sums what is added up for illumination functions
   * @param done counts the pixels of planes that are done
   */
  public AnalyseImages(
      AnalysisSettings settings,
      Networks networks,
      Optional<SumSettings> sums,
      Broadcast<SerializableConfiguration> hadoop,
      TableFiles files,
      LongAccumulator done) {
    this.settings = settings;
    this.networks = networks;
    this.sumsOrNull = sums.orElse(null); // shipped
    this.hadoop = hadoop;
    this.files = files;
    this.done = done;
  }

  @Override
  public Iterator<ShareResult> call(Iterator<PlaneInput> planes) throws IOException {
    if (!planes.hasNext()) {
      return List.<ShareResult>of().iterator();
    }
    try (TableFiles.Writer tables = files.open(TaskContext.getPartitionId())) {
      return List.of(new Share(tables).of(planes)).iterator();
    }
  }

  /** What a task works with. */
  private final class Share {
    private final Configuration configuration = hadoop.value().value();
    private final List<DataType> types = settings.statistics().types();
    private final PlaneSource source =
        new PlaneSource(
            TaskReader.open(configuration),
            types,
            settings.illumination().map(of -> of.ofTask(configuration)));
    private final ShareResult result = new ShareResult();
    private final Optional<ShareSums> sums =
        Optional.ofNullable(sumsOrNull)
            .map(
                of ->
                    of.ofTask(
                        settings.scratch() + "/sums",
                        Long.toString(TaskContext.get().taskAttemptId()),
                        configuration));
    private final ImagesTable rows = new ImagesTable(settings.layout(), settings.run());
    private final TableFiles.Writer tables;
    private final Networks.Finders finders;

    Share(TableFiles.Writer tables) {
      this.tables = tables;
      this.finders = networks.ofTask(settings);
    }

    ShareResult of(Iterator<PlaneInput> planes) throws IOException {
      result.times.begin();
      ImageAnalysis image = null;
      while (planes.hasNext()) {
        PlaneInput plane = planes.next();
        result.times.ended(Step.PIXELS); // pass 1, which makes the next plane
        if (image == null || !image.field().image().equals(plane.field().image())) {
          if (image != null) {
            end(image);
          }
          if (sums.isPresent()) {
            sums.get().begin(plane.field());
          }
          image =
              new ImageAnalysis(
                  settings.of(plane.field()), plane.field(), tables, rows, result, configuration);
        }
        if (!image.hasFailed()) {
          add(image, plane);
        }
        done.add(plane.field().planePixels());
      }
      if (image != null) {
        end(image);
      }
      if (sums.isPresent()) {
        result.sums.addAll(sums.get().finish());
        result.times.ended(Step.ILLUMINATION);
      }
      result.files.addAll(tables.finish());
      result.times.ended(Step.TABLES);
      return result;
    }

    private void end(ImageAnalysis image) throws IOException {
      sums.ifPresent(ShareSums::end);
      image.end();
    }

    private void add(ImageAnalysis image, PlaneInput plane) throws IOException {
      Field field = plane.field();
      try {
        if (plane.failure().isPresent()) {
          image.fail(plane.failure().get());
          return;
        }
        PlanePixels pixels = source.open(field, plane.z(), plane.t());
        result.times.ended(Step.PIXELS);
        if (sums.isPresent()) {
          sums.get().add(pixels);
          result.times.ended(Step.ILLUMINATION);
        }
        PlaneAnalysis analysed =
            PlaneAnalysis.of(
                image.settings(),
                field,
                plane.z(),
                plane.t(),
                pixels,
                plane.histograms(),
                finders,
                result.times);
        image.add(analysed, pixels, plane.z(), plane.t());
      } catch (ImageReadException e) {
        image.fail(e.failure().of(field.image(), field.groups()));
      } catch (PlaneFailedException e) {
        LOG.warn("An image failed", e); // its row in the errors table has no stack trace
        image.fail(e.failure());
      } catch (OutOfMemoryError e) { // else it would end the executor, and the run with it
        LOG.warn("An image failed", e);
        image.fail(PlaneFailedException.memory(field, e).failure());
      }
    }
  }
}
