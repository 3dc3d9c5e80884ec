package org.cytolake.bioformats.zarr;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.stardist.Window;

/** Writes label images of one image, all its z and t, as a folder of OME-Zarr 0.5. */
public final class ZarrLabelWriter implements LabelWriter {
  private static final double WHITE = 255;

  private final NewImage image;
  private final Field field;
  private final boolean deep;
  private final long chunks;
  private final Set<String> written = new HashSet<>();

  private ZarrLabelWriter(NewImage image, Field field, int channels, boolean deep) {
    this.image = image;
    this.field = field;
    this.deep = deep;
    this.chunks =
        (long) channels * field.sizeZ() * field.sizeT() * LabelWriter.windows(field).size();
  }

  /**
   * Begins a folder.
   *
   * @param folder where it goes; what lies there is written over
   * @param committed where it will lie, which says how its source is found from it
   * @param field the image, whose size and pixel size the label images have
   * @param channels their names, one or more
   * @param deep 32 bits instead of 16
   */
  public static ZarrLabelWriter to(
      FileSystem fs, Path folder, Path committed, Field field, List<String> channels, boolean deep)
      throws IOException {
    NewImage image =
        new NewImage(
            fs,
            folder,
            deep ? ZarrType.UINT32 : ZarrType.UINT16,
            List.of(field.sizeT(), channels.size(), field.sizeZ(), field.sizeY(), field.sizeX()));
    image.metadata(
        field.image(),
        channels,
        0,
        WHITE,
        field.pixelSizeYUm(),
        field.pixelSizeXUm(),
        Map.of("image-label", Map.of("source", source(field, committed))));
    return new ZarrLabelWriter(image, field, channels.size(), deep);
  }

  /** Of OME-Zarr the way to its group; OME has no word for other files, which are listed. */
  private static Map<String, Object> source(Field field, Path committed) {
    List<String> files = field.files().stream().map(ImageFile::path).toList();
    Path first = new Path(files.isEmpty() ? "/" : files.get(0));
    if (files.size() == 1
        && ZarrNode.isMetadata(first.getName())
        && root(first).equals(root(committed))) {
      java.nio.file.Path from = java.nio.file.Path.of(committed.toUri().getPath());
      java.nio.file.Path group = java.nio.file.Path.of(first.getParent().toUri().getPath());
      return Map.of("image", from.relativize(group).toString());
    }
    return Map.of("files", files);
  }

  private static String root(Path path) {
    return path.toUri().getScheme() + "://" + path.toUri().getAuthority();
  }

  @Override
  public void write(int channel, int z, int t, Window window, int[] labels) throws IOException {
    int width = window.width();
    image.chunk(
        t,
        channel,
        z - field.firstZ(),
        window,
        (y, samples) -> {
          for (int i = y * width; i < (y + 1) * width; i++) {
            if (deep) {
              samples.putInt(labels[i]);
            } else {
              samples.putShort((short) labels[i]);
            }
          }
        });
    written.add(t + " " + channel + " " + z + " " + window.top() + " " + window.left());
  }

  @Override
  public void finish() {
    if (written.size() < chunks) {
      throw new IllegalStateException(
          written.size() + " of " + chunks + " chunks of " + field.image() + " are written");
    }
  }

  @Override
  public void close() {
    image.close();
  }
}
