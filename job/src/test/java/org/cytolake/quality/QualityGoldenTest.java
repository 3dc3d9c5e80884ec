package org.cytolake.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.source.LocalSpark;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code cytolake qc} writes, against CellProfiler's own code on the same images. */
final class QualityGoldenTest {
  /** Of these the reference has numbers that are no roundings. */
  private static final Set<String> WHOLE = Set.of("pixels", "total", "median", "mad", "min", "max");

  @TempDir Path folder;

  private Map<String, Row> quality(Path images, String pattern, String channels, String... names) {
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(images.toString()),
            "input.pattern",
            pattern,
            "input.channels",
            channels,
            "output.path",
            folder.resolve("out").toString());
    assertThat(
            AnalyzePipeline.onlyQuality(
                    LocalSpark.session(),
                    ConfigLoader.load(Optional.empty(), flags, List.of()),
                    Progress.NONE)
                .run()
                .failures())
        .isEmpty();
    Map<String, Row> rows = new HashMap<>();
    for (Row row :
        LocalSpark.session()
            .read()
            .parquet(folder.resolve("out").resolve(Table.IMAGE_QUALITY.folder()).toString())
            .where("region = 'image'")
            .collectAsList()) {
      StringBuilder name = new StringBuilder();
      for (String part : names) {
        name.append(part.startsWith("=") ? part.substring(1) : row.<String>getAs(part));
      }
      rows.put(name.toString(), row);
    }
    return rows;
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = QualityGoldenTest.class.getResourceAsStream("quality_golden.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static Double measured(Row row, String measure) {
    int scale = measure.lastIndexOf('_') + 1;
    if (Character.isDigit(measure.charAt(scale))) {
      return row.<Integer, Double>getJavaMap(row.fieldIndex(measure.substring(0, scale - 1)))
          .get(Integer.parseInt(measure.substring(scale)));
    }
    Object value = row.getAs(measure);
    return value == null ? null : ((Number) value).doubleValue();
  }

  private static void compare(Map<String, Row> rows, String prefix) throws IOException {
    Set<String> seen = new HashSet<>();
    for (Map.Entry<String, JsonNode> entry : golden().properties()) {
      int dot = entry.getKey().indexOf('.');
      String image = entry.getKey().substring(0, dot);
      if (image.startsWith(prefix)) {
        seen.add(image);
        String measure = entry.getKey().substring(dot + 1);
        double wanted = entry.getValue().get(0).asDouble();
        double tolerance = WHOLE.contains(measure) ? 0 : Math.abs(wanted) * 1e-9;
        assertThat(measured(rows.get(image), measure))
            .as(entry.getKey())
            .isCloseTo(wanted, within(tolerance));
      }
    }
    assertThat(seen).isEqualTo(rows.keySet());
  }

  @Test
  void theSampleScreenIsAsCellProfilerMeasuresIt() throws IOException {
    Path images = Path.of("..", "sample-data", "images").toAbsolutePath();
    compare(
        quality(
            images,
            "(?<plate>[^_]+)_(?<well>[A-P]\\d{2})_f(?<field>\\d+)_(?<channel>[a-z]+)\\.tif",
            "nuclei=nuclei,cytoplasm=cytoplasm",
            "plate",
            "=_",
            "well",
            "=_f",
            "field",
            "=_",
            "channel"),
        "SYN001");
  }

  @Test
  void aRealPlateIsAsCellProfilerMeasuresIt() throws IOException {
    Path archive =
        Path.of(System.getenv().getOrDefault("CYTOLAKE_TEST_DATA", "../../shared/data"))
            .resolve("sbs/sbs-rows-a-d.tar.xz");
    assumeThat(archive).exists();
    Path images = Files.createDirectory(folder.resolve("images"));
    try (TarArchiveInputStream entries =
        new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (TarArchiveEntry e = entries.getNextEntry(); e != null; e = entries.getNextEntry()) {
        if (e.getName().contains("-A-")) {
          Path name = Path.of(e.getName()).getFileName();
          Files.write(images.resolve(name), entries.readAllBytes());
        }
      }
    }
    compare(
        quality(
            images,
            "Channel(?<channel>\\d)-(?<number>\\d+)-(?<line>[A-D])-(?<col>\\d+)\\.tif",
            "1=Channel1,2=Channel2",
            "channel",
            "=-",
            "number",
            "=-",
            "line",
            "=-",
            "col"),
        "Channel");
  }
}
