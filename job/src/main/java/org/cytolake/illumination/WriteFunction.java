package org.cytolake.illumination;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.tiff.FloatImageWriter;
import org.cytolake.bioformats.zarr.ZarrFloatImage;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.config.LabelFormat;
import org.cytolake.field.SampleType;
import org.cytolake.output.PlainFiles;
import org.cytolake.shading.Correction;
import org.cytolake.shading.FieldProfile;
import org.cytolake.shading.IlluminationFunction;
import org.cytolake.shading.IlluminationSums;
import scala.Tuple2;

/**
 * Makes functions of sums and writes them into files: the function of a {@code map}.
 *
 * @param format as what they are written
 * @param channels names of all channels
 * @param scratch the run's folder for intermediate data
 */
public record WriteFunction(
    IlluminationOptions options,
    LabelFormat format,
    List<String> channels,
    String scratch,
    Broadcast<SerializableConfiguration> hadoop)
    implements Function<Tuple2<FunctionKey, IlluminationSums>, WriteFunction.Made> {

  /**
   * A function that was written.
   *
   * @param file its name in the folder of functions
   * @param planes of which it was made
   * @param smoothingSize width of the filter, pixels
   * @param before the average of the planes, and {@code after}: without the uneven light
   */
  public record Made(
      FunctionKey key,
      String file,
      long planes,
      int height,
      int width,
      double smoothingSize,
      double min,
      double max,
      double mean,
      double stddev,
      FieldProfile before,
      FieldProfile after)
      implements Serializable {}

  @Override
  public Made call(Tuple2<FunctionKey, IlluminationSums> of) throws IOException {
    IlluminationSums sums = of._2();
    double[] average = sums.average();
    double largest = SampleType.largest(of._1().pixelType());
    if (Double.isNaN(largest)) {
      largest = Math.max(Double.MIN_NORMAL, Arrays.stream(average).max().orElse(1));
    }
    float[] values =
        IlluminationFunction.of(sums, options.smoothing(), largest, options.rescaled());
    String channel = channels.get(of._1().channel());
    String file = FunctionFiles.fileName(of._1().group(), channel, format);
    Path path = new Path(scratch + "/" + FunctionFiles.FOLDER, file);
    write(path, channel, values, sums.height(), sums.width());
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
    }
    FieldProfile before = FieldProfile.of(average, sums.height(), sums.width());
    Correction correction = options.rescaled() ? Correction.DIVIDE : Correction.SUBTRACT;
    for (int i = 0; i < average.length; i++) {
      average[i] = correction.raw(average[i], values[i]);
    }
    double mean = sum / values.length;
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Made(
        of._1(),
        file,
        sums.planes(),
        sums.height(),
        sums.width(),
        options.smoothing().size(sums.height(), sums.width()),
        min,
        max,
        mean,
        Math.sqrt(squares / values.length),
        before,
        FieldProfile.of(average, sums.height(), sums.width()));
  }

  private void write(Path path, String channel, float[] values, int height, int width)
      throws IOException {
    FileSystem fs = PlainFiles.system(path, hadoop.value().value());
    if (format == LabelFormat.OME_ZARR) {
      ZarrFloatImage.write(fs, path, path.getName(), channel, values, height, width);
      return;
    }
    try (OutputStream out = fs.create(path, true)) {
      FloatImageWriter.write(out, path.getName(), channel, values, height, width);
    }
  }
}
