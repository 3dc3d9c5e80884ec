package org.cytolake.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Field;

/**
 * Draws images: the function of a {@code mapPartitions} over rows of {@link FactTable} sorted by
 * image. One row an image: its key, its JSON where the page of the whole report is to hold it, else
 * null, its thumbnail for a {@code src}, and how many cells were cut out of it.
 *
 * @param fields by image, those that can be read
 * @param types Spark type of every channel
 * @param pages whether each image gets a page of its own
 * @param template of such a page, filled but for its title and data
 */
record RenderImages(
    ReportSettings settings,
    List<String> groups,
    Map<String, Part> parts,
    Broadcast<Map<String, Field>> fields,
    List<DataType> types,
    ReportFolder folder,
    Broadcast<SerializableConfiguration> hadoop,
    boolean pages,
    String template)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> sorted) throws IOException {
    List<Row> done = new ArrayList<>();
    Configuration configuration = hadoop.value().value();
    try (PlaneReader reader = new PlaneReader(configuration)) {
      List<Samples> samples = types.stream().map(PlaneReader::newSamples).toList();
      Row pending = sorted.hasNext() ? sorted.next() : null;
      while (pending != null) {
        ImageFacts facts = new ImageFacts(ImageKey.of(pending));
        while (pending != null && ImageKey.of(pending).equals(facts.key())) {
          facts.add(pending, parts);
          pending = sorted.hasNext() ? sorted.next() : null;
        }
        if (!facts.all("images").isEmpty()) {
          done.add(render(facts, reader, samples, configuration));
        }
      }
    }
    return done.iterator();
  }

  private Row render(
      ImageFacts facts, PlaneReader reader, List<Samples> samples, Configuration configuration) {
    Map<String, Object> tree = new ImageJson(settings, groups, facts).tree();
    String name = facts.key().fileName();
    byte[] thumbnail = null;
    try {
      thumbnail = draw(facts, reader, samples, configuration, tree);
    } catch (ImageReadException | UncheckedIOException e) {
      tree.put("pictures", List.of());
      tree.put("problem", "The image could not be read again for its pictures: " + e.getMessage());
    }
    String json = null;
    String small = thumbnail == null ? null : Encoded.dataUri("jpeg", thumbnail);
    if (pages) {
      Map<String, String> page = new LinkedHashMap<>();
      page.put("title", Html.escape(facts.key().title()));
      page.put("data", Html.json(Map.of("kind", "image", "image", tree)));
      folder.write("images/" + name + ".html", Html.fill(template, page), configuration);
      if (thumbnail != null) {
        small = "images/" + name + ".jpg";
        folder.write(small, thumbnail, configuration);
      }
    } else {
      json = Html.json(tree);
    }
    ImageKey key = facts.key();
    return RowFactory.create(
        key.image(),
        key.series(),
        key.z(),
        key.t(),
        json,
        small,
        tree.get("cells") instanceof List<?> cells ? cells.size() : 0);
  }

  private byte[] draw(
      ImageFacts facts,
      PlaneReader reader,
      List<Samples> samples,
      Configuration configuration,
      Map<String, Object> tree)
      throws ImageReadException {
    Field field = fields.value().get(facts.key().image());
    if (field == null) {
      throw new UncheckedIOException(new IOException("its file is not in the input any more"));
    }
    Map<String, Preview> previews = new HashMap<>();
    for (int c = 0; c < samples.size(); c++) {
      previews.put(
          settings.channels().get(c), Preview.read(reader, field, c, facts.key(), samples.get(c)));
    }
    Pictures pictures = new Pictures(settings, facts, previews);
    tree.put("pictures", pictures.all().stream().map(Picture::json).toList());
    if (settings.clustering().enabled()) {
      Map<String, Object> maps = new LinkedHashMap<>();
      ClusterMap map = new ClusterMap(settings, facts, previews, types);
      for (String method : settings.clustering().methods()) {
        map.of(method).ifPresent(m -> maps.put(method, m.json()));
      }
      tree.put("clusterMaps", maps);
      tree.put("clusterChannels", map.channels());
    }
    List<Map<String, Object>> cells = new ArrayList<>();
    for (Gallery.Cell cell : new Gallery(settings, facts).cells(reader, field, samples)) {
      long nucleus = (long) cell.nucleus().number("nucleus");
      String file = "cells/" + facts.key().fileName() + "/" + nucleus + ".png";
      folder.write(file, cell.png(), configuration);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("nucleus", nucleus);
      json.put("file", file);
      json.put("src", pages ? "../" + file : Encoded.dataUri("png", cell.png()));
      json.put("width", cell.width());
      json.put("height", cell.height());
      json.put("area_px", Numbers.shortened(cell.nucleus().number("area_px")));
      json.put("area_um2", Numbers.shortened(cell.nucleus().number("area_um2")));
      cells.add(json);
    }
    tree.put("cells", cells);
    tree.put("ring", settings.ring());
    return pictures.thumbnail();
  }
}
