package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said where nothing can be done, and the exit code. */
final class WrongUsageIT {
  @TempDir Path folder;

  private Packaged.Ended analyze(String... more) throws Exception {
    return Packaged.submitAndWait(
        Packaged.analyze(Packaged.sampleImages(), folder.resolve("output"), more));
  }

  @Test
  void unknownConfigurationKey() throws Exception {
    Path file = Files.writeString(folder.resolve("my.conf"), "clustering {\n  kk = 3\n}\n");
    Packaged.Ended ended = analyze("--config", file.toString());
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text())
        .contains("There is no configuration key 'clustering.kk' (" + file + ", line 2)")
        .contains("Did you mean clustering.k?");
    assertThat(folder.resolve("output")).doesNotExist();
  }

  @Test
  void modelThatIsNotStarDist() throws Exception {
    Path model = Files.writeString(folder.resolve("model.onnx"), "no network");
    Packaged.Ended ended = analyze("--model", model.toString());
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text())
        .contains("The model " + model + " is neither a StarDist nor a Cellpose network")
        .contains("Give --model a network in ONNX format");
  }

  @Test
  void missingModel() throws Exception {
    Packaged.Ended ended = analyze("--model", folder.resolve("absent.onnx").toString());
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text()).contains("absent.onnx does not exist");
  }

  @Test
  void outputThatCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Packaged.Ended ended =
        Packaged.submitAndWait(Packaged.analyze(Packaged.sampleImages(), file.resolve("output")));
    assertThat(ended.code()).as(ended.text()).isEqualTo(2);
    assertThat(ended.text()).contains(file.resolve("output").toString());
  }

  @Test
  void noFilesMatchAndPatternWithoutChannel() throws Exception {
    Packaged.Ended none = analyzeNamedBy("x(?<channel>y)");
    assertThat(none.code()).as(none.text()).isEqualTo(2);
    assertThat(none.text()).contains("x(?<channel>y)");
    Packaged.Ended channel = analyzeNamedBy("(?<well>.*)");
    assertThat(channel.code()).isEqualTo(2);
    assertThat(channel.text()).contains("has no group named 'channel'");
  }

  private Packaged.Ended analyzeNamedBy(String pattern) throws Exception {
    List<String> arguments =
        new ArrayList<>(Packaged.analyze(Packaged.sampleImages(), folder.resolve("output")));
    arguments.set(arguments.indexOf(Packaged.PATTERN), pattern);
    return Packaged.submitAndWait(arguments);
  }

  @Test
  void unknownOptionAndHelp() throws Exception {
    Packaged.Ended unknown = Packaged.submitAndWait(List.of("analyze", "--inptu", "x"));
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.text()).contains("Unknown option").contains("--inptu");
    Packaged.Ended tables = Packaged.submitAndWait(List.of("tables"));
    assertThat(tables.code()).isZero();
    assertThat(tables.text()).contains("nuclei", "area_um2", "joint_histograms");
    Packaged.Ended inspect =
        Packaged.submitAndWait(
            List.of(
                "inspect", Packaged.sampleImages().resolve("SYN001_B02_f1_nuclei.tif").toString()));
    assertThat(inspect.code()).isZero();
    assertThat(inspect.text()).contains("360 x 328 pixels", "uint16", "0.65");
  }
}
