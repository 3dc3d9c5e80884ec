package org.cytolake.bioformats.zarr;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.stardist.Window;

/** Writes one plane of 32-bit floating point as a folder of OME-Zarr 0.5. */
public final class ZarrFloatImage {
  private ZarrFloatImage() {}

  /**
   * Writes a folder.
   *
   * @param folder where it goes; what lies there is written over
   * @param name of the image
   * @param channel its channel's name
   * @param values row by row, height times width
   */
  public static void write(
      FileSystem fs,
      Path folder,
      String name,
      String channel,
      float[] values,
      int height,
      int width)
      throws IOException {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    try (NewImage image =
        new NewImage(fs, folder, ZarrType.FLOAT32, List.of(1, 1, 1, height, width))) {
      image.metadata(name, List.of(channel), least, most, null, null, Map.of());
      for (Window window : LabelWriter.windows(height, width)) {
        image.chunk(
            0,
            0,
            0,
            window,
            (y, samples) -> {
              int from = (window.top() + y) * width + window.left();
              for (int i = from; i < from + window.width(); i++) {
                samples.putFloat(values[i]);
              }
            });
      }
    }
  }
}
