package org.cytolake.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.Part;
import org.cytolake.facts.ReportParts;
import org.cytolake.facts.ReportSettings;
import org.cytolake.picture.ClusterMap;
import org.cytolake.picture.Encoded;
import org.cytolake.picture.Gallery;
import org.cytolake.picture.Pictures;
import org.cytolake.picture.Preview;
import org.cytolake.picture.RenderedImage;
import org.cytolake.tables.Table;

/** Makes what the report shows of one image at one z and t, from its rows and its pixels. */
public final class ImageReport {
  private final ReportSettings settings;
  private final List<String> groups;
  private final List<DataType> types;
  private final Map<Table, Part> parts;

  /**
   * @param groups names of the pattern's groups
   * @param types Spark type of every channel
   */
  public ImageReport(ReportSettings settings, List<String> groups, List<DataType> types) {
    this.settings = settings;
    this.groups = List.copyOf(groups);
    this.types = List.copyOf(types);
    this.parts = ReportParts.of(settings, groups);
  }

  /** The tables whose rows are wanted. */
  public Set<Table> tables() {
    return parts.keySet();
  }

  /** Takes an image's rows. */
  public ImageFacts facts(ImageKey key) {
    return new ImageFacts(key, parts);
  }

  /**
   * All that is shown of an image. Where its pixels cannot be read there are no pictures, and the
   * page says why.
   *
   * @param facts with a row of {@code images}
   */
  public RenderedImage render(ImageFacts facts, PlanePixels pixels) {
    try {
      return drawn(facts, pixels);
    } catch (ImageReadException e) {
      return withoutPictures(facts, e.getMessage());
    }
  }

  /**
   * What is shown of an image without its pixels.
   *
   * @param problem why they cannot be read
   */
  public RenderedImage withoutPictures(ImageFacts facts, String problem) {
    Map<String, Object> tree = tree(facts);
    tree.put("pictures", List.of());
    tree.put("problem", "The image could not be read again for its pictures: " + problem);
    return new RenderedImage(facts.key(), tree, null, null, List.of());
  }

  private Map<String, Object> tree(ImageFacts facts) {
    return new ImageJson(settings, groups, facts).tree();
  }

  private RenderedImage drawn(ImageFacts facts, PlanePixels pixels) throws ImageReadException {
    Preview[] previews = new Preview[types.size()];
    for (int c = 0; c < previews.length; c++) {
      previews[c] = Preview.read(pixels, c);
    }
    List<Gallery.Cell> cells = new Gallery(settings, facts, pixels).cells();
    Map<String, Object> tree = tree(facts);
    byte[] thumbnail;
    byte[] tiles;
    try (Encoded encoded = new Encoded()) {
      Pictures pictures = new Pictures(settings, facts, List.of(previews), encoded);
      tree.put("pictures", pictures.all().stream().map(ImageJson::picture).toList());
      thumbnail = pictures.thumbnail();
      tiles = pictures.tiles();
    }
    if (settings.clustering().enabled()) {
      ClusterMap map = new ClusterMap(settings, facts, List.of(previews), types, pixels);
      Map<String, Object> maps = new LinkedHashMap<>();
      map.all().forEach((method, picture) -> maps.put(method, ImageJson.picture(picture)));
      tree.put("clusterMaps", maps);
      tree.put("clusterChannels", map.channels());
      tree.put("clusterAxes", settings.clusterAxes());
    }
    tree.put("ring", settings.ring());
    return new RenderedImage(facts.key(), tree, thumbnail, tiles, cells);
  }
}
