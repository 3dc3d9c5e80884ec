package org.cytolake.facts;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cytolake.facts.Filter.Either;
import org.cytolake.facts.Filter.Equal;
import org.cytolake.facts.Filter.MultipleOf;
import org.cytolake.facts.Filter.NotNull;
import org.cytolake.facts.Filter.Null;
import org.cytolake.facts.Filter.Other;
import org.cytolake.tables.Table;

/** Which rows and columns of each table the report shows of a single image. */
public final class ReportParts {
  /** Most points of the density's grid each way; every so manieth is taken of a finer one. */
  private static final int DENSITY_POINTS = 100;

  private ReportParts() {}

  /**
   * By table; those without a part show nothing.
   *
   * @param groups names of the pattern's groups
   */
  public static Map<Table, Part> of(ReportSettings settings, List<String> groups) {
    List<Part> parts = new ArrayList<>();
    parts.add(
        Part.of(
            "images",
            "pixel_type warnings " + String.join(" ", groups),
            "size_x size_y pixel_size_x_um pixel_size_y_um nuclei cells cell_area_p50_px"
                + " cell_area_p50_um2 nuclei_per_mm2 nearest_nucleus_px nearest_nucleus_um",
            new Equal("status", "ok")));
    parts.add(
        Part.of(
            "channel_stats",
            "region channel",
            "pixels mean stddev min max p1 p25 p50 p75 p99 p99_8 otsu_threshold stain_threshold"
                + " stained_fraction stained_area_um2 stained_mean saturated_fraction"));
    Filter ofComposite =
        new Either(new Other("transform", "equalized"), new Equal("reference", "composite"));
    parts.add(
        Part.of(
            "histograms",
            "region transform reference channel",
            "bin lower upper count",
            ofComposite));
    parts.add(Part.of("lookup_tables", "transform reference channel", "value result", ofComposite));
    if (settings.hasPair()) {
      pair(settings, parts);
    }
    if (settings.clustering().enabled()) {
      clusters(settings, parts);
    }
    parts.add(nuclei(settings.channels()));
    parts.add(cells(settings.channels()));
    Map<Table, Part> byTable = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      parts.stream()
          .filter(p -> p.name().equals(table.folder()))
          .forEach(p -> byTable.put(table, p));
    }
    return byTable;
  }

  private static void pair(ReportSettings settings, List<Part> parts) {
    String x = settings.pair().get(0);
    String y = settings.pair().get(1);
    Filter reference = new Equal("reference", settings.reference());
    Filter whole = new Equal("region", ImageFacts.WHOLE);
    Filter first = new Equal("x_channel", x);
    Filter second = new Equal("y_channel", y);
    parts.add(
        Part.of(
            "normalized_joint_histograms",
            "",
            x + " " + y + " count",
            reference,
            whole,
            new NotNull(x),
            new NotNull(y)));
    parts.add(
        Part.of(
            "histograms_2d",
            "",
            "x_bin y_bin x_lower x_upper y_lower y_upper count",
            reference,
            whole,
            first,
            second));
    int step = Math.max(1, settings.exploration().densityGrid() / DENSITY_POINTS);
    parts.add(
        Part.of(
            "density",
            "",
            "row column x y density",
            new MultipleOf("row", step),
            new MultipleOf("column", step),
            reference,
            first,
            second));
    parts.add(Part.of("density_levels", "", "level proportion density", reference, first, second));
    parts.add(
        Part.of(
            "colocalization",
            "region x_channel y_channel",
            "pixels pearson spearman slope overlap li_icq manders_otsu_m1 manders_otsu_m2"
                + " manders_costes_m1 manders_costes_m2 costes_x costes_y",
            new Null("nucleus")));
  }

  private static void clusters(ReportSettings settings, List<Part> parts) {
    Filter scope = new Equal("scope", settings.scope());
    parts.add(
        Part.of(
            "cluster_models",
            "scope method reason",
            "k pixels tuples log_likelihood aic bic silhouette adjusted_rand selected dropped_bits",
            scope));
    parts.add(Part.of("clusters", "method", "k cluster weight pixels", scope).withTail("mean"));
    parts.add(Part.of("cluster_labels", "method", "k cluster pixels").withTail("values"));
  }

  private static Part cells(List<String> channels) {
    StringBuilder numbers = new StringBuilder("nucleus centroid_y centroid_x area_px area_um2");
    channels.forEach(c -> numbers.append(" mean_").append(c));
    channels.forEach(c -> numbers.append(" nucleus_to_cytoplasm_").append(c));
    return Part.of("cells", "", numbers.toString()).withTail("polygon");
  }

  private static Part nuclei(List<String> channels) {
    StringBuilder numbers =
        new StringBuilder(
            "nucleus prob y x bbox_y0 bbox_x0 bbox_y1 bbox_x1 area_px area_um2 eccentricity"
                + " solidity touches_border");
    channels.forEach(c -> numbers.append(" mean_").append(c));
    channels.forEach(c -> numbers.append(" ring_mean_").append(c));
    return Part.of("nuclei", "", numbers.toString()).withTail("polygon");
  }
}
