package org.cytolake.nuclei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import loci.formats.in.OMETiffReader;
import org.apache.spark.sql.Row;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.cellpose.FlowThresholds;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.histogram.Histogram;
import org.cytolake.image.LabelImage;
import org.cytolake.image.LimitException;
import org.cytolake.image.Plane;
import org.cytolake.image.Region;
import org.cytolake.network.CellposeModel;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkBuffers;
import org.cytolake.network.NetworkModel;
import org.cytolake.network.StarDistModel;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.secondary.MatchedCells;
import org.cytolake.source.LocalSpark;
import org.cytolake.statistics.PlaneCounts;
import org.cytolake.statistics.PlaneStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small network of Cellpose's own class finds in the sample screen what Python's cellpose finds
 * with the same weights: golden/cellpose_network_golden.py.
 */
final class CellposeNetworkTest {
  static final Path SAMPLE = Path.of("../sample-data/images");
  private static final String PATTERN =
      "(?<plate>[^_]+)_(?<well>[A-P]\\d{2})_f(?<field>\\d+)_(?<channel>[a-z]+)\\.tif";
  private static final int MOST = 1 << 24;

  @TempDir Path folder;
  private Path input = SAMPLE;

  /** A line of the golden file. */
  record Case(String well, String field, double diameter, List<String> channels) {
    static Case of(String line) {
      String[] parts = line.split(";", -1);
      return new Case(
          parts[0], parts[1], Double.parseDouble(parts[2]), List.of(parts[3].split(",", -1)));
    }

    Path file(String channel) {
      return SAMPLE.resolve("SYN001_" + well + "_f" + field + "_" + channel + ".tif");
    }
  }

  /** Pixels of a plane. */
  static final class Picture {
    final int height;
    final int width;
    final double[] pixels;

    Picture(Path file) throws Exception {
      try (OMETiffReader reader = new OMETiffReader()) {
        reader.setId(file.toString());
        height = reader.getSizeY();
        width = reader.getSizeX();
        ByteBuffer bytes = ByteBuffer.wrap(reader.openBytes(0));
        bytes.order(reader.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        boolean narrow = reader.getBitsPerPixel() == 8;
        pixels =
            IntStream.range(0, height * width)
                .mapToDouble(i -> narrow ? bytes.get(i) & 0xff : bytes.getShort(2 * i) & 0xffff)
                .toArray();
      }
    }
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = CellposeNetworkTest.class.getResourceAsStream("cellpose/" + name)) {
      return in.readAllBytes();
    }
  }

  static ModelFile file(byte[] bytes) {
    return new ModelFile("nuclei-tiny.onnx", bytes, Integer.toString(bytes.length));
  }

  private static List<Case> cases() throws IOException {
    return new String(resource("cases.csv"), StandardCharsets.UTF_8).lines().map(Case::of).toList();
  }

  static CellposeFinder finder(CellposeModel model, Case of, long memory) {
    float diameter = of.diameter == 0 ? model.diameter() : (float) of.diameter;
    CellposeSettings cellpose =
        new CellposeSettings(FlowThresholds.DEFAULT, model.diameterMean() / diameter);
    NucleiSettings settings =
        new NucleiSettings(
            IntStream.range(0, of.channels.size()).boxed().toList(),
            false,
            of.channels,
            cellpose.probabilities(),
            new Tiling(1, 1, 0),
            MOST,
            MOST,
            0,
            cellpose);
    return new CellposeFinder(model, new NetworkBuffers(), settings, memory);
  }

  private static Optional<NucleiFinder.Found> find(CellposeFinder finder, List<Picture> pictures)
      throws Exception {
    Picture first = pictures.get(0);
    List<Histogram> histograms =
        pictures.stream()
            .map(p -> Arrays.stream(p.pixels).filter(Double::isFinite).toArray())
            .map(Histogram::ofSamples)
            .toList();
    PlanePixels pixels =
        PlanePixels.of(
            pictures.stream().<Plane>map(p -> i -> p.pixels[i]).toList(),
            first.height,
            first.width);
    return find(finder, pixels, histograms);
  }

  static Optional<NucleiFinder.Found> find(
      CellposeFinder finder, PlanePixels pixels, List<Histogram> histograms) throws Exception {
    PlaneCounts.OfRegion whole =
        new PlaneCounts.OfRegion(
            pixels.whole(), histograms, List.of(), List.of(), List.of(), List.of());
    return finder.find(
        pixels,
        new PlaneCounts(List.of(), Map.of(Region.WHOLE, whole)),
        new PlaneStatistics(Map.of(), List.of()));
  }

  private static List<Picture> pictures(Case of) throws Exception {
    List<Picture> pictures = new ArrayList<>();
    for (String channel : of.channels) {
      pictures.add(new Picture(of.file(channel)));
    }
    return pictures;
  }

  @Test
  void labelsAreThoseOfPython() throws Exception {
    GoldenLabels labels = GoldenLabels.of("cellpose/labels.png");
    try (CellposeModel model =
        (CellposeModel) NetworkModel.load(file(resource("nuclei-tiny.onnx")), 1)) {
      for (Case of : cases()) {
        List<Picture> pictures = pictures(of);
        int height = pictures.get(0).height;
        int width = pictures.get(0).width;
        NucleiFinder.Found found = find(finder(model, of, Long.MAX_VALUE), pictures).orElseThrow();
        assertThat(found.stars()).as(of.toString()).hasSizeGreaterThan(15);
        GoldenLabels.same(
            of.toString(),
            PaintedNuclei.whole(found.stars(), height, width).labels(),
            labels.next(height, width));
      }
    }
  }

  @Test
  void whatCannotBeSegmentedSaysWhy() throws Exception {
    Case of = cases().get(0);
    List<Picture> pictures = pictures(of);
    try (CellposeModel model =
        (CellposeModel) NetworkModel.load(file(resource("nuclei-tiny.onnx")), 1)) {
      assertThatThrownBy(() -> find(finder(model, of, 1000), pictures))
          .isInstanceOf(LimitException.class)
          .hasMessageContaining("118,080 pixels takes some 7 MB of heap");
      int nuclei = find(finder(model, of, Long.MAX_VALUE), pictures).orElseThrow().stars().size();
      pictures.get(0).pixels[77] = Double.NaN;
      pictures.get(0).pixels[7777] = Double.NEGATIVE_INFINITY;
      assertThat(find(finder(model, of, Long.MAX_VALUE), pictures).orElseThrow().stars())
          .as("a pixel that is no number costs itself")
          .hasSize(nuclei);
      Arrays.fill(pictures.get(0).pixels, Double.NaN);
      assertThat(find(finder(model, of, Long.MAX_VALUE), pictures)).isEmpty();
    }
  }

  private AnalyzePipeline segment(String model, String... settings) throws IOException {
    return AnalyzePipeline.onlyNuclei(
        LocalSpark.session(),
        ConfigLoader.load(
            Optional.empty(),
            Map.of(
                "input.paths",
                List.of(input.toString()),
                "input.pattern",
                PATTERN,
                "segmentation.channel",
                "nuclei",
                "segmentation.model",
                model,
                "output.path",
                folder.resolve("tables").toString()),
            List.of(settings)),
        Progress.NONE);
  }

  private String onDisk(byte[] model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model).toString();
  }

  /** From the files to the table and the label images. */
  @Test
  void aScreenIsSegmented() throws Exception {
    GoldenLabels golden = GoldenLabels.of("cellpose/labels.png");
    RunSummary summary = segment(onDisk(resource("nuclei-tiny.onnx"))).run();
    assertThat(summary.failures()).isEmpty();
    long nuclei = 0;
    for (Case of : cases().subList(0, 6)) {
      Picture labels = new Picture(labelImage(of));
      int[] expected = golden.next(labels.height, labels.width);
      long different =
          IntStream.range(0, expected.length).filter(i -> labels.pixels[i] != expected[i]).count();
      assertThat(different).as(of.toString()).isLessThanOrEqualTo(1);
      nuclei += IntStream.of(expected).max().orElseThrow();
    }
    assertThat(summary.nuclei()).hasValue(nuclei);
    Row row =
        LocalSpark.session()
            .read()
            .parquet(folder.resolve("tables/nuclei").toString())
            .selectExpr("min(prob)", "max(prob)", "min(size(polygon))", "count(*)")
            .first();
    assertThat(row.getDouble(0)).isGreaterThan(0.5);
    assertThat(row.getDouble(1)).isLessThanOrEqualTo(1);
    assertThat(row.getInt(2)).isGreaterThan(10);
    assertThat(row.getLong(3)).isEqualTo(nuclei);
  }

  /** Python's masks under the numbers of the nuclei that the built-in network finds. */
  @Test
  void cellsAreThoseOfANetwork() throws Exception {
    Case of = cases().get(10);
    assertThat(of.channels).containsExactly("nuclei", "cytoplasm");
    String model = onDisk(resource("nuclei-tiny.onnx"));
    input = Files.createDirectory(folder.resolve("one"));
    for (String channel : of.channels) {
      Files.copy(of.file(channel), input.resolve(of.file(channel).getFileName()));
    }
    String[] settings = {
      "segmentation.channel=cytoplasm",
      "segmentation.cellpose.cell-prob-threshold=3",
      "cells.channel=nuclei",
      "cells.model=" + model
    };
    RunSummary summary = segment(model, settings).run();
    assertThat(summary.failures()).isEmpty();

    Picture nuclei = new Picture(labelImage("labels", of));
    Picture cells = new Picture(labelImage("cell_labels", of));
    GoldenLabels golden = GoldenLabels.of("cellpose/labels.png");
    for (int before = 0; before < 10; before++) {
      golden.next(nuclei.height, nuclei.width);
    }
    LabelImage expected =
        MatchedCells.of(
            image(nuclei, i -> (int) nuclei.pixels[i]),
            image(nuclei, golden.next(nuclei.height, nuclei.width)));
    long different =
        IntStream.range(0, cells.pixels.length)
            .filter(i -> cells.pixels[i] != expected.at(i))
            .count();
    assertThat(different).isLessThanOrEqualTo(1); // float32 in another order
    assertThat(IntStream.range(0, cells.pixels.length).filter(i -> cells.pixels[i] > 0).count())
        .isGreaterThan(Arrays.stream(nuclei.pixels).filter(label -> label > 0).count());
    assertThat(summary.cells()).isEqualTo(summary.nuclei());
    Row row =
        LocalSpark.session()
            .read()
            .parquet(folder.resolve("tables/images").toString())
            .selectExpr("cells", "cell_threshold")
            .first();
    assertThat((long) row.getInt(0)).isEqualTo(summary.cells().orElseThrow());
    assertThat(row.isNullAt(1)).as("no threshold where a network finds cells").isTrue();

    RunSummary grown = segment(model, Arrays.copyOf(settings, 3)).run();
    assertThat(grown.analyzed()).as("cells of other settings are found anew").isEqualTo(1);
    assertThat(grown.nuclei()).isEqualTo(summary.nuclei());
    refuses(
        "",
        "is a StarDist network",
        "cells.cellpose.diameter=20",
        "cells.model=" + onDisk(ModelFile.builtIn("fp32").bytes()));
    refuses("", "cells.cellpose is set, but cells.model is empty", "cells.cellpose.diameter=20");
  }

  private static LabelImage image(Picture size, IntUnaryOperator labels) {
    LabelImage image = new LabelImage(size.height, size.width);
    Arrays.setAll(image.labels(), labels);
    return image;
  }

  private static LabelImage image(Picture size, int[] labels) {
    return image(size, i -> labels[i]);
  }

  private Path labelImage(Case of) throws IOException {
    return labelImage("labels", of);
  }

  private Path labelImage(String table, Case of) throws IOException {
    try (var files = Files.walk(folder.resolve("tables").resolve(table))) {
      return files
          .filter(
              f ->
                  f.getFileName()
                      .toString()
                      .matches(".*" + of.well + "_" + of.field + ".*\\.tiff?"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void refuses(String model, String reason, String... settings) {
    assertThatThrownBy(() -> segment(model, settings).run())
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void eachContractHasItsOwnSettings() throws Exception {
    String cellpose = onDisk(resource("nuclei-tiny.onnx"));
    refuses(cellpose, "is a Cellpose network", "segmentation.nms-threshold=0.3");
    refuses(cellpose, "is a Cellpose network", "segmentation.prob-threshold=0.3");
    refuses(cellpose, "is a Cellpose network", "segmentation.normalize=together");
    refuses(
        cellpose,
        "takes 2 channels, but segmentation.channel names 3",
        "segmentation.channel=[nuclei, cytoplasm, nuclei]");
    refuses("", "is a StarDist network", "segmentation.cellpose.diameter=20");
    refuses("", "is a StarDist network", "segmentation.cellpose.min-size=20");
    ModelFile file = file(resource("nuclei-tiny.onnx"));
    assertThatThrownBy(() -> StarDistModel.load(file, 1))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("is no StarDist network: it is a Cellpose network");
  }

  /** The same network with another text in its metadata, as long as the one there. */
  private static byte[] changed(byte[] model, String from, String to) {
    String text = new String(model, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void metadataAreBelievedWhereTheyFit() throws Exception {
    byte[] model = resource("nuclei-tiny.onnx");
    byte[] unmarked = changed(model, "cellpose.", "unmarked.");
    try (NetworkModel loaded = NetworkModel.load(file(unmarked), 1)) {
      assertThat(loaded).as("by its shapes").isInstanceOf(CellposeModel.class);
      assertThat(((CellposeModel) loaded).diameterMean()).isEqualTo(30);
      assertThat(loaded.channels()).isEqualTo(2);
    }
    assertThatThrownBy(
            () -> NetworkModel.load(file(changed(unmarked, "unmarked.", "stardist.")), 1))
        .hasMessageContaining("is no StarDist network: its outputs have the shapes [1, 3, 64, 64]");
    String version = "cellpose.version\u0012\u0001";
    assertThatThrownBy(
            () -> NetworkModel.load(file(changed(model, version + "3", version + "4")), 1))
        .hasMessageContaining("its metadata cellpose.version is 4.0 where 3.0 is needed");
    String channels = "cellpose.channels\u0012\u0001";
    assertThatThrownBy(
            () -> NetworkModel.load(file(changed(model, channels + "2", channels + "1")), 1))
        .hasMessageContaining("its metadata cellpose.channels is 1.0 where 2.0 is needed");
    byte[] starDist = ModelFile.builtIn("fp32").bytes();
    assertThatThrownBy(
            () -> NetworkModel.load(file(changed(starDist, "stardist.", "cellpose.")), 1))
        .hasMessageContaining("is no Cellpose network that can be run")
        .hasMessageContaining("export_cellpose.py");
  }
}
