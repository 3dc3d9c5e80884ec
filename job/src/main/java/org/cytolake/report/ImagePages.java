package org.cytolake.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.Numbers;
import org.cytolake.picture.Encoded;
import org.cytolake.picture.Gallery;
import org.cytolake.picture.RenderedImage;

/**
 * Where what is shown of single images goes: to a page an image, or, as JSON, into the first page;
 * example cells are files either way.
 *
 * @param pages whether each image gets a page of its own
 * @param template of such a page, filled but for its title and data
 */
public record ImagePages(ReportFolder folder, boolean pages, String template)
    implements Serializable {

  /**
   * Of {@link #write}: the image's key, its JSON where the first page is to hold it, else null, its
   * thumbnail and its tiles for the montage, each for a {@code src}, and how many cells were cut
   * out of it.
   */
  public static final StructType SCHEMA =
      new StructType()
          .add("image", DataTypes.StringType, false)
          .add("series", DataTypes.IntegerType, false)
          .add("z", DataTypes.IntegerType, false)
          .add("t", DataTypes.IntegerType, false)
          .add("json", DataTypes.StringType, true)
          .add("thumbnail", DataTypes.StringType, true)
          .add("tiles", DataTypes.StringType, true)
          .add("cells", DataTypes.IntegerType, false);

  /**
   * Of a folder.
   *
   * @param pages whether each image gets a page of its own
   */
  public static ImagePages of(ReportFolder folder, boolean pages) {
    return new ImagePages(folder, pages, pages ? pageTemplate() : "");
  }

  private static String pageTemplate() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", "{{title}}");
    parts.put("home", "<a href=\"../index.html\">All images</a>");
    parts.put("style", Html.resource("report.css"));
    parts.put("data", "<script type=\"application/json\" id=\"data\">{{data}}</script>");
    parts.put("scripts", "<script src=\"../plots.js\"></script>");
    return Html.fill(Html.resource("page.html"), parts);
  }

  /**
   * Writes an image's files.
   *
   * @return what the first page needs of it, see {@link #SCHEMA}
   */
  public Row write(RenderedImage image, Configuration hadoop) {
    ImageKey key = image.key();
    String name = key.fileName();
    Map<String, Object> tree = new LinkedHashMap<>(image.tree());
    if (image.thumbnail() != null) {
      tree.put("cells", cells(image, hadoop));
    }
    String json = null;
    String thumbnail = null;
    String tiles = null;
    if (pages) {
      Map<String, String> page = new LinkedHashMap<>();
      page.put("title", Html.escape(key.title()));
      page.put("data", Html.json(Map.of("kind", "image", "image", tree)));
      folder.write("images/" + name + ".html", Html.fill(template, page), hadoop);
      if (image.thumbnail() != null) {
        thumbnail = "images/" + name + ".jpg";
        folder.write(thumbnail, image.thumbnail(), hadoop);
        tiles = tiles(name);
        folder.write(tiles, image.tiles(), hadoop);
      }
    } else {
      json = Html.json(tree);
      if (image.thumbnail() != null) {
        thumbnail = Encoded.dataUri("jpeg", image.thumbnail());
        tiles = Encoded.dataUri("jpeg", image.tiles());
      }
    }
    return RowFactory.create(
        key.image(), key.series(), key.z(), key.t(), json, thumbnail, tiles, image.cells().size());
  }

  /** Names of the files that {@link #write} wrote, or folders of them. */
  List<String> files(Row written) {
    String name = ImageKey.of(written).fileName();
    List<String> files = new ArrayList<>();
    if (pages) {
      files.add("images/" + name + ".html");
      if (written.getString(5) != null) {
        files.add("images/" + name + ".jpg");
        files.add(tiles(name));
      }
    }
    if (written.getInt(7) > 0) {
      files.add("cells/" + name);
    }
    return files;
  }

  /** The file of the montage's tiles of the image whose page has that name. */
  static String tiles(String name) {
    return "tiles/" + name + ".jpg";
  }

  /** Removes what {@link #write} wrote. */
  void discard(Row written, Configuration hadoop) {
    files(written).forEach(file -> folder.delete(file, hadoop));
  }

  private List<Map<String, Object>> cells(RenderedImage image, Configuration hadoop) {
    List<Map<String, Object>> cells = new ArrayList<>();
    for (Gallery.Cell cell : image.cells()) {
      long nucleus = (long) cell.nucleus().number("nucleus");
      String file = "cells/" + image.key().fileName() + "/" + nucleus + ".png";
      folder.write(file, cell.png(), hadoop);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("nucleus", nucleus);
      json.put("file", file);
      json.put("src", pages ? "../" + file : Html.raw(Encoded.dataUri("png", cell.png())));
      json.put("width", cell.width());
      json.put("height", cell.height());
      json.put("area_px", Numbers.shortened(cell.nucleus().number("area_px")));
      json.put("area_um2", Numbers.shortened(cell.nucleus().number("area_um2")));
      cells.add(json);
    }
    return cells;
  }
}
