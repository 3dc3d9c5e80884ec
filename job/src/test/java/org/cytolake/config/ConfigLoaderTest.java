package org.cytolake.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
  @TempDir Path folder;

  private static CytolakeConfig load(String... settings) {
    return ConfigLoader.load(Optional.empty(), Map.of(), List.of(settings));
  }

  private CytolakeConfig file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("my.conf"), text);
    return ConfigLoader.load(Optional.of(file.toString()), Map.of(), List.of());
  }

  @Test
  void defaultsAreThoseOfTheDocumentedFile() {
    CytolakeConfig config = load();
    assertThat(config.histograms().bins()).isEqualTo(100);
    assertThat(config.clustering().k()).containsExactly(2, 3, 4, 5, 6);
    assertThat(config.segmentation().probThreshold()).isEmpty();
    assertThat(config.input().paths()).isEmpty();
  }

  @Test
  void settingBeatsFlagBeatsFileBeatsDefault() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("my.conf"),
            """
            histograms.bins = 10
            clustering.starts = 7
            output.path = from-file
            run.force = true
            """);
    CytolakeConfig config =
        ConfigLoader.load(
            Optional.of(file.toString()),
            Map.of("output.path", "from-flag", "histograms.bins", 11),
            List.of("histograms.bins=12", "histograms.bins=13"));
    assertThat(config.histograms().bins()).isEqualTo(13);
    assertThat(config.output().path()).isEqualTo("from-flag");
    assertThat(config.clustering().starts()).isEqualTo(7);
    assertThat(config.clustering().seed()).isEqualTo(12_345);
  }

  @Test
  void aValueOfAnyTypeIsTakenOrRefusedInWords() {
    for (String key : ConfigLoader.defaults().entrySet().stream().map(Map.Entry::getKey).toList()) {
      for (String value :
          List.of("x", "", "-1", "1e400", "[]", "[x]", "[[1]]", "[{a=1}]", "{a=1}", "null")) {
        try {
          load(key + "=" + value);
        } catch (CytolakeException e) {
          assertThat(e.code()).as(key + "=" + value).isEqualTo(CytolakeException.Code.USAGE);
        } // any other exception fails
      }
    }
    assertThat(load("input.paths=images").input().paths()).containsExactly("images");
  }

  @Test
  void anEarlierRunsConfigurationIsReadBack() {
    CytolakeConfig first =
        load(
            "input.paths=[images, \"s3a://bucket/in\"]",
            "input.pattern=(?<well>[A-P]\\d{2})_(?<channel>.)\\.tif",
            "statistics.regions=[{name=a, x=1, y=2, width=3, height=4}]",
            "segmentation.prob-threshold=0.4");
    CytolakeConfig again =
        ConfigLoader.stored(first.text(), "moved/here", List.of("report.inline-images=3"));
    assertThat(again.input().paths())
        .containsExactly(Path.of("images").toAbsolutePath().toString(), "s3a://bucket/in");
    assertThat(again.input().pattern()).isEqualTo(first.input().pattern());
    assertThat(again.exploration()).isEqualTo(first.exploration());
    assertThat(again.clustering()).isEqualTo(first.clustering());
    assertThat(again.segmentation()).isEqualTo(first.segmentation());
    assertThat(again.output().path()).isEqualTo("moved/here");
    assertThat(again.report().inlineImages()).isEqualTo(3);
    // of a version that knew less, or more
    assertThat(ConfigLoader.stored("{\"histograms\":{\"bins\":7,\"gone\":1}}", "o", List.of()))
        .satisfies(c -> assertThat(c.histograms().bins()).isEqualTo(7))
        .satisfies(c -> assertThat(c.clustering().k()).containsExactly(2, 3, 4, 5, 6));
  }

  @Test
  void listsAndRegularExpressionsOnTheCommandLine() {
    CytolakeConfig config =
        load("clustering.k=[2,3,4]", "input.pattern=(?<well>[A-P]\\d{2})_(?<channel>.)\\.tif");
    assertThat(config.clustering().k()).containsExactly(2, 3, 4);
    assertThat(config.input().pattern()).isEqualTo("(?<well>[A-P]\\d{2})_(?<channel>.)\\.tif");
    assertThat(load("clustering.k=5").clustering().k()).containsExactly(5);
  }

  @Test
  void unknownKeyIsNamedWithItsLineAndTheNearestKey() {
    assertThatThrownBy(() -> file("histograms {\n  bins = 10\n  max-tuple = 5\n}"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("no configuration key 'histograms.max-tuple'")
        .hasMessageContaining("my.conf, line 3")
        .hasMessageContaining("Did you mean histograms.max-tuples?");
    assertThatThrownBy(() -> file("histogram.bins = 10")).hasMessageContaining("'histogram'");
    assertThatThrownBy(() -> load("clustering.kk=3"))
        .hasMessageContaining("'clustering.kk' (--set clustering.kk)");
  }

  @Test
  void wrongTypesAndRanges() {
    assertThatThrownBy(() -> file("\nhistograms.bins = many"))
        .hasMessageContaining("histograms.bins is many")
        .hasMessageContaining("line 2")
        .hasMessageContaining("whole number");
    assertThatThrownBy(() -> load("histograms.bins=0")).hasMessageContaining("between 1 and 65536");
    assertThatThrownBy(() -> load("histograms.bins=1.5")).hasMessageContaining("whole number");
    assertThatThrownBy(() -> load("clustering.methods=[means]")).hasMessageContaining("k_means");
    assertThatThrownBy(() -> load("segmentation.prob-threshold=1.5"))
        .hasMessageContaining("between 0 and 1");
    assertThatThrownBy(() -> load("run.progress=loud")).hasMessageContaining("auto, plain, none");
    assertThatThrownBy(() -> load("nonsense")).hasMessageContaining("key=value");
  }

  @Test
  void missingAndBrokenFiles() {
    assertThatThrownBy(
            () ->
                ConfigLoader.load(
                    Optional.of(folder.resolve("absent.conf").toString()), Map.of(), List.of()))
        .hasMessageContaining("absent.conf does not exist");
    assertThatThrownBy(() -> file("histograms { bins = 3")).hasMessageContaining("not valid HOCON");
  }
}
