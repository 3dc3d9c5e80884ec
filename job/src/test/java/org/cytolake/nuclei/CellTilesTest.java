package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.cells.CellMeasures;
import org.cytolake.cells.CellSettings;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.CostesThresholds;
import org.cytolake.config.ConfigLoader;
import org.cytolake.field.Field;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.LabelImage;
import org.cytolake.image.LimitException;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Star;
import org.cytolake.stardist.StarThresholds;
import org.cytolake.stardist.Window;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cells of planes cut into blocks are those of the planes at once, and what holds of every cell.
 */
final class CellTilesTest {
  private static final Mosaic CYTOPLASM = Mosaic.ofSamples("cytoplasm");
  private static final int HEIGHT = 569;
  private static final int WIDTH = 731;
  private static final List<String> CHANNELS = List.of("dna", "actin");
  private static final Layout LAYOUT =
      new Layout(
          List.of(),
          CHANNELS.stream().map(n -> new ChannelColumn(n, DataTypes.IntegerType)).toList());
  private static final PlanePixels PIXELS =
      PlanePixels.of(
          List.<Plane>of(i -> i % 251, i -> CYTOPLASM.at(i / WIDTH, i % WIDTH)), HEIGHT, WIDTH);

  /** A plane's cells. */
  private record Measured(
      NucleiMeasures nuclei, CellMeasures cells, Map<Table, List<Row>> rows, List<Star> stars) {}

  private static List<Star> stars() {
    Random random = new Random(7);
    List<Star> stars = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      float[] dist = new float[16];
      float radius = 3 + 6 * random.nextFloat();
      for (int k = 0; k < dist.length; k++) {
        dist[k] = radius * (0.8f + 0.4f * random.nextFloat());
      }
      stars.add(new Star(1 - i / 400f, random.nextInt(HEIGHT), random.nextInt(WIDTH), dist));
    }
    return stars;
  }

  private static Measured measured(long most, List<Star> stars, String... options)
      throws Exception {
    return measured(most, stars, Optional.empty(), options);
  }

  /**
   * @param bodies cells that a network has found
   */
  private static Measured measured(
      long most, List<Star> stars, Optional<List<Star>> bodies, String... options)
      throws Exception {
    Field field =
        new Field("a", "a", List.of(), 0, WIDTH, HEIGHT, 1, 0, 1, "uint16", 0.5, 0.25, List.of());
    NucleiSettings settings =
        new NucleiSettings(
            List.of(0),
            false,
            CHANNELS,
            new StarThresholds(0.5, 0.4),
            new Tiling(16, 96, most),
            1 << 24,
            1 << 20,
            5);
    CellSettings grown =
        CellSettings.of(
            ConfigLoader.load(Optional.empty(), Map.of(), Arrays.asList(options)).cells(),
            CHANNELS,
            CHANNELS.subList(0, 1));
    CellSettings how = bodies.isEmpty() ? grown : grown.with(settings);
    NucleiMeasures nuclei =
        new NucleiMeasures(settings, field, PIXELS, new NucleiFinder.Found(stars, 999), most);
    PlaneRows rows = new PlaneRows(LAYOUT, "a", List.of(), 0, 0, 0);
    List<int[]> pairs = List.of(new int[] {0, 1});
    List<Optional<Colocalization.Thresholds>> thresholds =
        List.of(
            Optional.of(new Colocalization.Thresholds(100, 400, new CostesThresholds(90, 350))));
    List<Histogram> histograms = new ArrayList<>();
    for (int c = 0; c < 2; c++) {
      double[] samples = new double[HEIGHT * WIDTH];
      PIXELS.read(c, PIXELS.whole()).read(0, samples.length, samples, 0);
      histograms.add(Histogram.ofSamples(samples));
    }
    CellMeasures cells =
        new CellMeasures(
            how,
            field,
            CHANNELS,
            PIXELS,
            histograms,
            bodies.map(all -> all),
            pairs,
            thresholds,
            rows);
    nuclei.measure(pairs, thresholds, rows, new NucleiFigures.Gathered(), Optional.of(cells));
    Map<Table, List<Row>> of = new EnumMap<>(Table.class);
    for (Table table : List.of(Table.NUCLEI, Table.CELLS, Table.CYTOPLASM, Table.COLOCALIZATION)) {
      List<Row> ofTable = new ArrayList<>();
      rows.each(
          table,
          row ->
              ofTable.add((Row) CatalystTypeConverters.convertToScala(row, table.schema(LAYOUT))));
      Comparator<Row> order = Comparator.comparing(row -> row.<Integer>getAs("nucleus"));
      if (table == Table.COLOCALIZATION) {
        order = order.thenComparing(row -> row.<String>getAs("region"));
      }
      ofTable.sort(order);
      of.put(table, ofTable);
    }
    return new Measured(nuclei, cells, of, stars);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cells.max-distance=20",
        "cells.method=distance",
        "cells.method=distance_threshold cells.distance=12 cells.threshold-smoothing=3",
        "cells.max-distance=30 cells.regularization=0.05 cells.threshold=p60 cells.border=drop",
        "cells.max-distance=9 cells.border=drop_with_nucleus"
      })
  void blocksGiveTheCellsOfThePlaneAtOnce(String options) throws Exception {
    String[] settings = options.split(" ", -1);
    same(measured(1L << 24, stars(), settings), measured(400 * 400, stars(), settings));
  }

  private static void same(Measured whole, Measured blocks) throws Exception {
    assertThat(whole.rows.get(Table.CELLS)).hasSizeGreaterThan(100);
    whole.rows.forEach((table, rows) -> same(table, rows, blocks.rows.get(table)));
    LabelImage cells = whole.cells.labels(PIXELS.whole(), whole.nuclei);
    for (Window window : List.of(new Window(0, 0, 300, 300), new Window(400, 333, 169, 398))) {
      LabelImage part = blocks.cells.labels(window, blocks.nuclei);
      for (int y = 0; y < window.height(); y++) {
        for (int x = 0; x < window.width(); x++) {
          assertThat(part.at(y, x)).isEqualTo(cells.at(window.top() + y, window.left() + x));
        }
      }
    }
  }

  private static void same(Table table, List<Row> expected, List<Row> found) {
    assertThat(found).as(table.folder()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      for (int c = 0; c < expected.get(i).length(); c++) {
        Object value = expected.get(i).get(c);
        String what = table.folder() + ", row " + i + ", column " + c;
        if (expected.get(i).schema().fieldNames()[c].equals("orientation_rad")) {
          double turn = (Double) value - (Double) found.get(i).get(c);
          assertThat(Math.sin(turn)).as(what).isEqualTo(0, within(1e-9)); // of an axis
        } else if (value instanceof Double number && !number.isNaN()) {
          // sums over coordinates that begin with a window
          assertThat((Double) found.get(i).get(c))
              .as(what)
              .isEqualTo(number, within(1e-9 * Math.max(1, Math.abs(number))));
        } else {
          assertThat(found.get(i).get(c)).as(what).isEqualTo(value);
        }
      }
    }
  }

  /** Larger than nuclei: some have none, some several. */
  private static List<Star> bodies(int count, float least, float most) {
    Random random = new Random(11);
    List<Star> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] dist = new float[16];
      float radius = least + (most - least) * random.nextFloat();
      for (int k = 0; k < dist.length; k++) {
        dist[k] = radius * (0.8f + 0.2f * random.nextFloat());
      }
      bodies.add(new Star(1 - i / 400f, random.nextInt(HEIGHT), random.nextInt(WIDTH), dist));
    }
    return bodies;
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep", "drop", "drop_with_nucleus"})
  void blocksGiveTheCellsThatANetworkFindsInThePlaneAtOnce(String border) throws Exception {
    Optional<List<Star>> bodies = Optional.of(bodies(90, 10, 28));
    String setting = "cells.border=" + border;
    same(
        measured(1L << 24, stars(), bodies, setting),
        measured(400 * 400, stars(), bodies, setting));
  }

  @Test
  void aCellThatCrossesMoreThanTheMarginIsRefused() throws Exception {
    Optional<List<Star>> bodies = Optional.of(bodies(1, 300, 300));
    assertThat(measured(1L << 24, stars(), bodies).rows.get(Table.CELLS)).isNotEmpty();
    assertThatThrownBy(() -> measured(400 * 400, stars(), bodies))
        .isInstanceOfSatisfying(
            LimitException.class, e -> assertThat(e.remedy()).contains("cells.max-distance"))
        .hasMessageContaining("where a cell may cross 512 from one piece to the next");
  }

  @Test
  void aCellIsItsNucleusAndItsCytoplasm() throws Exception {
    Measured all = measured(1L << 24, stars(), "cells.method=propagation");
    LabelImage nuclei = all.nuclei.labels(PIXELS.whole());
    LabelImage cells = all.cells.labels(PIXELS.whole(), all.nuclei);
    long[] areas = new long[all.stars.size() + 1];
    for (int i = 0; i < cells.labels().length; i++) {
      areas[cells.at(i)]++;
      if (nuclei.at(i) != 0) {
        assertThat(cells.at(i)).isEqualTo(nuclei.at(i));
      }
    }
    Map<Integer, Row> cytoplasm = new java.util.HashMap<>();
    all.rows.get(Table.CYTOPLASM).forEach(row -> cytoplasm.put(row.getAs("nucleus"), row));
    List<Row> ofNuclei = all.rows.get(Table.NUCLEI);
    List<Row> ofCells = all.rows.get(Table.CELLS);
    assertThat(ofCells).hasSameSizeAs(ofNuclei);
    for (int i = 0; i < ofCells.size(); i++) {
      Row cell = ofCells.get(i);
      Row nucleus = ofNuclei.get(i);
      int number = cell.getAs("nucleus");
      assertThat(number).isEqualTo(nucleus.<Integer>getAs("nucleus"));
      assertThat(cell.<Long>getAs("area_px")).isEqualTo(areas[number]);
      Row rest = cytoplasm.get(number);
      long outside = rest == null ? 0 : rest.<Long>getAs("area_px");
      assertThat(nucleus.<Long>getAs("area_px") + outside).isEqualTo(areas[number]);
      if (rest == null) {
        assertThat(cell.<Double>getAs("nucleus_to_cytoplasm_actin")).isNull();
      } else {
        double ratio = nucleus.<Double>getAs("mean_actin") / rest.<Double>getAs("mean_actin");
        assertThat(cell.<Double>getAs("nucleus_to_cytoplasm_actin"))
            .isEqualTo(ratio, within(1e-9 * ratio));
      }
    }
    assertThat(all.rows.get(Table.COLOCALIZATION).stream().map(r -> r.<String>getAs("region")))
        .contains("image", "ring", "cell", "cytoplasm");
    assertThat(all.cells.figures().count()).isEqualTo(ofCells.size());
  }

  @Test
  void cellsAtTheBorderGoWithOrWithoutTheirNuclei() throws Exception {
    int all = measured(1L << 24, stars()).rows.get(Table.CELLS).size();
    Measured dropped = measured(1L << 24, stars(), "cells.border=drop");
    assertThat(dropped.rows.get(Table.CELLS)).hasSizeLessThan(all);
    assertThat(dropped.rows.get(Table.NUCLEI)).hasSize(all);
    assertThat(dropped.rows.get(Table.CELLS))
        .noneMatch(cell -> cell.<Boolean>getAs("touches_border"));
    Measured both = measured(1L << 24, stars(), "cells.border=drop_with_nucleus");
    assertThat(both.rows.get(Table.NUCLEI)).hasSameSizeAs(dropped.rows.get(Table.CELLS));
    LabelImage nuclei = both.nuclei.labels(PIXELS.whole());
    LabelImage cells = both.cells.labels(PIXELS.whole(), both.nuclei);
    for (LabelImage image : List.of(nuclei, cells)) {
      for (int x = 0; x < WIDTH; x++) {
        assertThat(image.at(0, x)).isZero();
        assertThat(image.at(HEIGHT - 1, x)).isZero();
      }
    }
  }

  @Test
  void withoutNucleiThereAreNoCells() throws Exception {
    Measured none = measured(1L << 24, List.of());
    assertThat(none.rows.values()).allMatch(List::isEmpty);
    assertThat(none.cells.figures().count()).isZero();
    assertThat(none.cells.labels(PIXELS.whole(), none.nuclei).labels()).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"propagation", "watershed_image", "watershed_gradient"})
  void whatReachesAnywhereCannotBeCut(String method) {
    assertThatThrownBy(() -> measured(400 * 400, stars(), "cells.method=" + method))
        .isInstanceOfSatisfying(
            LimitException.class, e -> assertThat(e.remedy()).contains("cells.max-distance"))
        .hasMessageContaining("cells.method = " + method);
  }

  @Test
  void settingsThatDoNotFitTheImages() {
    assertThatThrownBy(() -> measured(1L << 24, stars(), "cells.channel=er"))
        .hasMessageContaining("cells.channel is 'er', but the channels are dna, actin");
    assertThatThrownBy(() -> measured(1L << 24, stars(), "cells.threshold=bright"))
        .hasMessageContaining("cells.threshold is bright");
    assertThatThrownBy(
            () ->
                ConfigLoader.load(Optional.empty(), Map.of(), List.of("cells.enabled=true"))
                    .cells()
                    .channelOf(List.of("dna"), List.of("dna")))
        .hasMessageContaining("the only channel is dna");
  }
}
