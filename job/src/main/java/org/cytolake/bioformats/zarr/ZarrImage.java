package org.cytolake.bioformats.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loci.formats.FormatException;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.field.ImageFile;

/**
 * An image of OME-Zarr at one level of its pyramid, or several as bioformats2raw lays them out,
 * each with its array. The file that stands for it is that of its metadata, {@code zarr.json} or
 * {@code .zattrs}. Not thread-safe.
 */
public final class ZarrImage implements Closeable {
  /** Ends the names of folders that are such images. */
  public static final String SUFFIX = ".zarr";

  private static final int MOST_SERIES = 1 << 18;
  private static final long MOST_METADATA = 1L << 28;
  private static final String OME = "OME";

  private final String version;
  private final List<String> notes = new ArrayList<>();
  private final List<ZarrSeries> series = new ArrayList<>();

  private ZarrImage(String version) {
    this.version = version;
  }

  /** Whether a file stands for an image of OME-Zarr, or for what should be one. */
  public static boolean is(ImageFile file) {
    return ZarrNode.isMetadata(file.name()) || file.name().endsWith(SUFFIX);
  }

  /**
   * Opens the image that a file of metadata stands for, at the level that the configuration says.
   *
   * @throws RefusedException where it is none, or is not read
   */
  public static ZarrImage open(ImageFile file, Configuration hadoop)
      throws IOException, FormatException {
    boolean named = ZarrNode.isMetadata(file.name());
    String path = file.path();
    ZarrStore folder =
        ZarrStore.of(named ? path.substring(0, path.lastIndexOf('/')) : path, hadoop);
    ZarrNode node =
        ZarrNode.of(folder, !named || file.name().equals(ZarrNode.ZARR_3))
            .orElseThrow(
                () ->
                    RefusedException.incomplete(
                        "the folder has none of the files "
                            + String.join(", ", ZarrNode.FILES)
                            + ", which say what it holds"));
    PyramidLevel level = PyramidLevel.of(hadoop);
    return switch (node.kind()) {
      case IMAGE -> {
        Multiscale scales = Multiscale.of(node.ome());
        ZarrImage image = new ZarrImage(scales.version());
        image.add(folder, scales, level, node.isZarr3());
        int more = node.ome().path("multiscales").size() - 1;
        if (more > 0) {
          image.notes.add("it has " + (more + 1) + " multiscales, of which the first is read");
        }
        yield image;
      }
      case SERIES -> ofSeries(folder, level, node.isZarr3());
      case PLATE, WELL ->
          throw RefusedException.unsupported(
              "it is a plate or a well, which is read as the images in it",
              "Give the folder as input, not the file of its metadata.");
      case ARRAY ->
          throw ZarrRefusals.metadata(
              "it is a Zarr array without OME's metadata (multiscales), which would say what its"
                  + " axes are");
      case GROUP ->
          throw ZarrRefusals.metadata(
              "its metadata names neither an image (multiscales) nor a plate or a well");
    };
  }

  private static ZarrImage ofSeries(ZarrStore folder, PyramidLevel level, boolean zarr3)
      throws IOException, FormatException {
    ZarrStore ome = folder.below(OME);
    Optional<byte[]> xml = ome.read("METADATA.ome.xml", MOST_METADATA);
    List<OmeXmlImages.Image> described = xml.isPresent() ? OmeXmlImages.of(xml.get()) : List.of();
    ZarrImage image = null;
    List<String> paths = seriesPaths(ome, zarr3);
    for (int s = 0; s < (paths.isEmpty() ? MOST_SERIES : paths.size()); s++) {
      String path = paths.isEmpty() ? Integer.toString(s) : paths.get(s);
      ZarrStore one = folder.below(path);
      Optional<ZarrNode> node = ZarrNode.of(one, zarr3);
      if (node.isEmpty() && paths.isEmpty()) {
        break;
      }
      if (node.isEmpty() || node.get().kind() != ZarrNode.Kind.IMAGE) {
        throw RefusedException.incomplete("its series " + path + " is not there");
      }
      Multiscale scales =
          Multiscale.of(node.get().ome())
              .or(s < described.size() ? Optional.of(described.get(s)) : Optional.empty());
      image = image == null ? new ZarrImage(scales.version()) : image;
      image.add(one, scales, level, node.get().isZarr3());
    }
    if (image == null) {
      throw RefusedException.incomplete("it has no series 0");
    }
    return image;
  }

  /** The series that the group OME names; none where it names none. */
  private static List<String> seriesPaths(ZarrStore ome, boolean zarr3)
      throws IOException, RefusedException {
    Optional<ZarrNode> node = ZarrNode.of(ome, zarr3);
    JsonNode named = node.isEmpty() ? null : node.get().ome().path("series");
    List<String> paths = new ArrayList<>();
    if (named != null) {
      named.forEach(path -> paths.add(path.asText()));
    }
    if (paths.size() > MOST_SERIES) {
      throw ZarrRefusals.metadata("it declares more than " + MOST_SERIES + " series");
    }
    return paths;
  }

  private void add(ZarrStore folder, Multiscale scales, PyramidLevel wanted, boolean zarr3)
      throws IOException, FormatException {
    int level = scales.level(wanted);
    String path = scales.levels().get(level).path();
    ZarrStore array = path.equals(".") ? folder : folder.below(path);
    series.add(ZarrSeries.of(scales, level, array, ZarrNode.array(array, zarr3)));
    if (scales.levels().size() > 1 && series.size() == 1) {
      notes.add("level " + level + " of " + scales.levels().size() + " is read");
    }
  }

  /** The format's name with its version. */
  public String format() {
    return ("OME-Zarr " + version).strip();
  }

  /** What a reader of the values should know. */
  public List<String> notes() {
    return notes;
  }

  /** The images in it. */
  public List<ZarrSeries> series() {
    return series;
  }

  @Override
  public void close() throws IOException {
    for (ZarrSeries one : series) {
      one.close();
    }
  }
}
