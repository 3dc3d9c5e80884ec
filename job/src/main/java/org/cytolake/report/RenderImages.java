package org.cytolake.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.facts.FactTable;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.ReportSettings;
import org.cytolake.field.Field;
import org.cytolake.illumination.CorrectionSettings;
import org.cytolake.picture.RenderedImage;

/**
 * Draws images: the function of a {@code mapPartitions} over rows of {@link FactTable} sorted by
 * image. One row an image, see {@link ImagePages#SCHEMA}.
 *
 * @param groups names of the pattern's groups
 * @param types Spark type of every channel
 * @param fields by image, those that can be read
 * @param correctionOrNull how uneven light is taken out; null where it is not
 */
record RenderImages(
    ReportSettings settings,
    List<String> groups,
    List<DataType> types,
    Broadcast<Map<String, Field>> fields,
    Broadcast<SerializableConfiguration> hadoop,
    ImagePages pages,
    CorrectionSettings correctionOrNull)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> sorted) throws IOException {
    ImageReport report = new ImageReport(settings, groups, types);
    List<Row> done = new ArrayList<>();
    try (PlaneReader reader = new PlaneReader(hadoop.value().value())) {
      PlaneSource source =
          new PlaneSource(
              reader,
              types,
              Optional.ofNullable(correctionOrNull).map(of -> of.ofTask(hadoop.value().value())));
      Row pending = sorted.hasNext() ? sorted.next() : null;
      while (pending != null) {
        ImageFacts facts = report.facts(ImageKey.of(pending));
        while (pending != null && ImageKey.of(pending).equals(facts.key())) {
          facts.add(pending);
          pending = sorted.hasNext() ? sorted.next() : null;
        }
        if (facts.isComplete()) {
          RenderedImage image = render(report, facts, source);
          done.add(pages.write(image, hadoop.value().value()));
        }
      }
    }
    return done.iterator();
  }

  private RenderedImage render(ImageReport report, ImageFacts facts, PlaneSource source) {
    ImageKey key = facts.key();
    Field field = fields.value().get(key.image());
    if (field == null) {
      return report.withoutPictures(facts, "its file is not in the input any more");
    }
    try {
      List<DataType> own =
          field.channels().stream()
              .map(c -> BioFormats.sampleType(c.pixelType()).sparkType())
              .toList();
      return new ImageReport(settings, groups, own)
          .render(facts, source.open(field, key.z(), key.t()));
    } catch (ImageReadException e) {
      return report.withoutPictures(facts, e.getMessage());
    }
  }
}
