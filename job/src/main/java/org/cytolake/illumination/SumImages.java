package org.cytolake.illumination;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.bioformats.TaskReader;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.field.Field;
import org.cytolake.shading.IlluminationSums;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Adds images up, group by group: the function of a {@code mapPartitionsToPair} over images sorted
 * by group, all of one size and pixel types in each. An image of which a plane cannot be read is
 * left out.
 */
public record SumImages(
    IlluminationOptions options,
    IlluminationGroups groups,
    Broadcast<SerializableConfiguration> hadoop)
    implements PairFlatMapFunction<Iterator<Field>, FunctionKey, IlluminationSums> {
  private static final Logger LOG = LoggerFactory.getLogger(SumImages.class);

  @Override
  public Iterator<Tuple2<FunctionKey, IlluminationSums>> call(Iterator<Field> images) {
    return new Sums(images);
  }

  /** The sums of one group after the other. */
  private final class Sums implements Iterator<Tuple2<FunctionKey, IlluminationSums>> {
    private final Configuration configuration = hadoop.value().value();
    private final org.cytolake.bioformats.PlaneReader reader = TaskReader.open(configuration);
    private final Iterator<Field> images;
    private final List<Tuple2<FunctionKey, IlluminationSums>> ready = new ArrayList<>();
    private Field next; // null at the end

    Sums(Iterator<Field> images) {
      this.images = images;
      this.next = images.hasNext() ? images.next() : null;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && next != null) {
        group();
      }
      return !ready.isEmpty();
    }

    @Override
    public Tuple2<FunctionKey, IlluminationSums> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove(ready.size() - 1);
    }

    private void group() {
      Field first = next;
      List<String> group = groups.values(first.groups());
      PlaneSource source =
          new PlaneSource(
              reader,
              first.channels().stream()
                  .map(c -> BioFormats.sampleType(c.pixelType()).sparkType())
                  .toList(),
              java.util.Optional.empty());
      GroupSums sums = new GroupSums(ImageShape.of(first), options);
      while (next != null && groups.values(next.groups()).equals(group)) {
        sums.begin(next);
        add(source, next, sums);
        sums.end();
        next = images.hasNext() ? images.next() : null;
      }
      for (int c = 0; c < first.channels().size(); c++) {
        IlluminationSums ofChannel = sums.sums().get(c);
        if (ofChannel.planes() > 0) {
          String pixelType = first.channels().get(c).pixelType();
          ready.add(new Tuple2<>(new FunctionKey(group, c, pixelType), ofChannel));
        }
      }
    }

    private void add(PlaneSource source, Field field, GroupSums sums) {
      try {
        for (int t = 0; t < field.sizeT(); t++) {
          for (int z = field.firstZ(); z < field.firstZ() + field.sizeZ(); z++) {
            sums.add(source.open(field, z, t));
          }
        }
      } catch (ImageReadException e) { // the analysis says so, too
        LOG.warn("Left out of illumination functions: {}", e.getMessage());
      }
    }
  }
}
