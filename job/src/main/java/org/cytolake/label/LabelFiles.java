package org.cytolake.label;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.output.ImageFiles;
import org.cytolake.output.PlainFiles;
import org.cytolake.segment.TaskReader;
import org.cytolake.source.Field;
import org.cytolake.source.ImageReadException;
import org.cytolake.source.PlaneReader;
import org.cytolake.source.Samples;
import org.cytolake.stardist.Window;
import scala.Tuple2;

/**
 * Paints the label images of whole images: the function of a {@code mapPartitions} over {@link
 * SheetRows}. Gives the names of the files that it wrote, each with its image.
 *
 * @param fields by image
 * @param models by image
 * @param places indices of the clustering channels in a field
 * @param types of the samples of those channels
 * @param folder where the files go, one folder a kind
 */
record LabelFiles(
    Broadcast<SerializableConfiguration> hadoop,
    Broadcast<Map<String, Field>> fields,
    Broadcast<Map<String, ImageModels>> models,
    SheetRows.How how,
    List<Integer> places,
    List<org.apache.spark.sql.types.DataType> types,
    List<ImageFiles> kinds,
    String folder)
    implements FlatMapFunction<Iterator<Row>, Tuple2<ImageFiles, String>> {

  @Override
  public Iterator<Tuple2<ImageFiles, String>> call(Iterator<Row> sorted) throws IOException {
    Configuration conf = hadoop.value().value();
    PlaneReader reader = TaskReader.open(conf);
    List<Samples> samples = types.stream().map(PlaneReader::newSamples).toList();
    List<Tuple2<ImageFiles, String>> written = new ArrayList<>();
    Iterator<PlaneSheet> sheets = SheetRows.sheets(sorted, how);
    Painting painting = null;
    try {
      while (sheets.hasNext()) {
        PlaneSheet sheet = sheets.next();
        if (painting == null || !painting.field.image().equals(sheet.image())) {
          finish(painting, written);
          painting = null;
          painting = new Painting(sheet.image(), conf);
        }
        painting.paint(sheet, reader, samples);
      }
      finish(painting, written);
      painting = null;
    } catch (ImageReadException e) {
      throw new IOException(e.failure().message(), e);
    } finally {
      if (painting != null) {
        painting.discard();
      }
    }
    return written.iterator();
  }

  private static void finish(Painting painting, List<Tuple2<ImageFiles, String>> written)
      throws IOException {
    if (painting == null) {
      return;
    }
    painting.finish();
    for (Output output : painting.outputs) {
      written.add(new Tuple2<>(output.kind, painting.field.image()));
    }
  }

  private record Output(ImageFiles kind, FileSystem fs, Path path, LabelWriter writer) {}

  /** The files of one image under way. */
  private final class Painting {
    private final Field field;
    private final ImageModels of;
    private final List<Output> outputs = new ArrayList<>();

    Painting(String image, Configuration conf) throws IOException {
      field = fields.value().get(image);
      of = models.value().get(image);
      try {
        for (ImageFiles kind : kinds) {
          boolean isNuclei = kind == ImageFiles.LABELS;
          List<String> channels =
              isNuclei ? List.of("nuclei") : of.models().stream().map(ClusterModel::title).toList();
          if (!channels.isEmpty()) {
            Path path = new Path(new Path(folder), kind.name(image));
            FileSystem fs = PlainFiles.system(path, conf);
            LabelWriter writer =
                LabelWriter.to(fs.create(path, true), field, channels, isNuclei && of.deep());
            outputs.add(new Output(kind, fs, path, writer));
          }
        }
      } catch (IOException e) {
        discard();
        throw e;
      }
    }

    void paint(PlaneSheet sheet, PlaneReader reader, List<Samples> samples)
        throws IOException, ImageReadException {
      for (Window window : Tiles.of(field)) {
        for (Output output : outputs) {
          if (output.kind == ImageFiles.LABELS) {
            int[] labels = sheet.nuclei(window, field.sizeY(), field.sizeX()).labels();
            write(output, 0, sheet, window, labels);
          } else {
            clusters(output, sheet, window, reader, samples);
          }
        }
      }
    }

    private void clusters(
        Output output, PlaneSheet sheet, Window window, PlaneReader reader, List<Samples> samples)
        throws IOException, ImageReadException {
      Tiles.read(reader, field, places, sheet, window, samples);
      int[] at = new int[(int) window.pixels()];
      sheet.places(of.shared(), window, samples, at);
      int[] labels = new int[at.length];
      ClusterTable table = sheet.table(of.shared());
      for (int m = 0; m < of.models().size(); m++) {
        table.labels(of.models().get(m), at, labels);
        write(output, m, sheet, window, labels);
      }
    }

    private void write(Output output, int channel, PlaneSheet sheet, Window window, int[] labels)
        throws IOException {
      output.writer.write(
          channel,
          sheet.z(),
          sheet.t(),
          window.left(),
          window.top(),
          window.width(),
          window.height(),
          labels);
    }

    void finish() throws IOException {
      for (Output output : outputs) {
        output.writer.finish();
        output.writer.close();
      }
    }

    /** Removes the files of an image that failed. */
    void discard() {
      for (Output output : outputs) {
        try {
          output.writer.close();
          output.fs.delete(output.path, false);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
