package org.cytolake.planes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.bioformats.TaskReader;
import org.cytolake.clusters.ClusterValues;
import org.cytolake.clusters.GroupLabels;
import org.cytolake.clusters.ModelName;
import org.cytolake.clusters.PixelPlaces;
import org.cytolake.field.Field;
import org.cytolake.label.ClusterPainting;
import org.cytolake.label.ClusterShares;
import org.cytolake.label.ImageLabels;
import org.cytolake.label.PixelRows;
import org.cytolake.statistics.ImageTraits;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneTransforms;
import org.cytolake.statistics.StatisticsSettings;
import org.cytolake.store.ImageFiles;
import org.cytolake.store.TableFiles;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.Table;
import scala.Tuple2;

/**
 * Paints clusters by models that images share, and writes the rows of pixels and of shares, nuclei
 * and cells from the label images that there are: the function of a {@code mapPartitions} over
 * images, with the labels of their tuples.
 *
 * @param models by the values of the scope's groups; images of other groups have none
 * @param output folder of the tables
 */
public record PaintByGroup(
    AnalysisSettings settings,
    Broadcast<Map<List<String>, GroupLabels.Models>> models,
    String output,
    Broadcast<SerializableConfiguration> hadoop,
    TableFiles files)
    implements FlatMapFunction<
        Iterator<Tuple2<Field, org.apache.spark.api.java.Optional<GroupLabels>>>, ShareResult> {

  @Override
  public Iterator<ShareResult> call(
      Iterator<Tuple2<Field, org.apache.spark.api.java.Optional<GroupLabels>>> images)
      throws IOException, ImageReadException {
    ShareResult result = new ShareResult();
    Configuration configuration = hadoop.value().value();
    try (TableFiles.Writer tables = files.open(TaskContext.getPartitionId());
        WrittenLabels.Reader written =
            new WrittenLabels.Reader(
                settings.files(), output, settings.labelFormat(), configuration)) {
      PlaneSource source =
          new PlaneSource(
              TaskReader.open(configuration),
              settings.statistics().types(),
              settings.illumination().map(of -> of.ofTask(configuration)));
      while (images.hasNext()) {
        Tuple2<Field, org.apache.spark.api.java.Optional<GroupLabels>> next = images.next();
        Field image = next._1();
        ImageLabels painted =
            new ImageLabels(image, settings.files(), settings.labelFormat(), configuration);
        paint(image, Optional.ofNullable(next._2().orNull()), written, source, painted, tables);
        result.images.addAll(painted.finish());
      }
      result.files.addAll(tables.finish());
    }
    return List.of(result).iterator();
  }

  private void paint(
      Field field,
      Optional<GroupLabels> found,
      WrittenLabels.Reader written,
      PlaneSource source,
      ImageLabels painted,
      TableFiles.Writer tables)
      throws IOException, ImageReadException {
    GroupLabels.Models known = models.value().get(group(field));
    int size = settings.clusteredBy().orElseThrow().channels().size();
    GroupLabels group = known == null ? null : found.orElseGet(() -> GroupLabels.none(known, size));
    Optional<WrittenLabels> objects =
        settings.nuclei().isPresent() && (settings.pixels() || settings.shares())
            ? Optional.of(written.of(field, settings.cells().isPresent()))
            : Optional.empty();
    for (PlaneInput plane : PlaneInput.planes(field)) {
      PlanePixels pixels = source.open(field, plane.z(), plane.t());
      if (objects.isPresent()) {
        objects.get().open(plane.z(), plane.t());
      }
      Optional<ClusterValues> values = group == null ? Optional.empty() : values(field, pixels);
      Optional<PixelPlaces> places = values.map(v -> new PixelPlaces(v.value(), group.points()));
      Optional<ClusterPainting> painting =
          places.map(p -> new ClusterPainting(p, values.orElseThrow().pixels()));
      PlaneRows rows =
          new PlaneRows(
              settings.layout(),
              field.image(),
              field.groups(),
              field.series(),
              plane.z(),
              plane.t());
      if (group != null && settings.labelImages().contains(ImageFiles.CLUSTER_IMAGES)) {
        List<ImageLabels.Labels> channels = new ArrayList<>();
        for (int[] ofTuples : group.labels().values()) {
          channels.add(
              window ->
                  painting.isPresent()
                      ? painting.get().paint(window, ofTuples)
                      : ClusterPainting.nothing(window));
        }
        painted.write(
            ImageFiles.CLUSTER_IMAGES,
            group.labels().keySet().stream().map(ModelName::title).toList(),
            plane.z(),
            plane.t(),
            channels,
            ModelName.largest(group.labels().keySet()));
      }
      if (group != null && settings.shares()) {
        new ClusterShares(
                String.join(", ", settings.clustering().scope()),
                objects.orElseThrow().nuclei(),
                objects.orElseThrow().cells(),
                painting,
                group.of(known.selected()))
            .each(
                field,
                rows.of(Table.CLUSTER_SHARES),
                row -> tables.write(Table.CLUSTER_SHARES, row));
      }
      if (settings.pixels()) {
        Optional<PixelRows.Clusters> clusters =
            values.map(
                v ->
                    new PixelRows.Clusters(
                        places.orElseThrow(), v.pixels(), group.of(known.selected())));
        pixelRows(field, objects, pixels, clusters, rows, tables);
      }
    }
  }

  private List<String> group(Field field) {
    return settings.clustering().ofDataset()
        ? List.of()
        : settings.clustering().scope().stream()
            .map(g -> field.groups().get(settings.layout().groups().indexOf(g)))
            .toList();
  }

  private Optional<ClusterValues> values(Field field, PlanePixels pixels)
      throws ImageReadException {
    StatisticsSettings own = settings.of(field).statistics();
    PlaneCounts counts = own.counting().of(pixels, Optional.empty());
    ImageTraits traits = ImageTraits.of(field);
    Optional<PlaneTransforms> transforms =
        PlaneTransforms.of(own, counts.whole().channels(), traits);
    return ClusterValues.of(settings.clusteredBy().orElseThrow(), own, counts, transforms, pixels);
  }

  private void pixelRows(
      Field field,
      Optional<WrittenLabels> objects,
      PlanePixels pixels,
      Optional<PixelRows.Clusters> clusters,
      PlaneRows rows,
      TableFiles.Writer tables)
      throws IOException, ImageReadException {
    new PixelRows(
            settings.layout().channelNames(),
            settings.layout().channels().stream().map(ChannelColumn::type).toList(),
            objects.map(WrittenLabels::nuclei),
            objects.flatMap(WrittenLabels::cells),
            clusters)
        .each(pixels, field, rows.of(Table.PIXELS), row -> tables.write(Table.PIXELS, row));
  }
}
