package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.field.Failure;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.source.TestImages.Spec;
import org.cytolake.tables.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that follows its input leaves the tables of one run over what was there in the end. */
final class FollowingTest {
  private static final String[] FAST = {
    "segmentation.enabled=false",
    "density.enabled=false",
    "report.enabled=false",
    "clustering.enabled=false",
    "input.rest-seconds=0"
  };

  @TempDir Path folder;

  private void drop(String name) {
    Path aside = folder.resolve("aside").resolve(name);
    int seed = Math.floorMod(name.hashCode(), 50);
    TestImages.write(aside, Spec.of(20, 10, "uint8", (s, c, z, t, y, x) -> seed + x + 2 * y));
    try {
      Files.move(aside, folder.resolve("images").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AnalyzePipeline pipeline(String output, Progress progress, String... more) {
    List<String> settings = new ArrayList<>(List.of(FAST));
    settings.addAll(List.of(more));
    return new AnalyzePipeline(
        LocalSpark.session(),
        ConfigLoader.load(
            Optional.empty(),
            Map.of(
                "input.paths",
                List.of(folder.resolve("images").toString()),
                "input.pattern",
                "(?<well>[A-P]\\d\\d)_(?<channel>[a-z]+)\\.tif",
                "input.channels",
                "dna=dna,actin=actin",
                "output.path",
                folder.resolve(output).toString()),
            settings),
        progress);
  }

  /** Ends the run, as a kill would, at the so manieth commit, before or after it. */
  private static Progress killedAt(int commit, boolean after) {
    return new Progress() {
      private int commits;

      @Override
      public void begin(String what, long images, long bytes) {}

      @Override
      public void done(double images) {}

      @Override
      public void end() {}

      @Override
      public void committing() {
        if (++commits == commit && !after) {
          throw new IllegalStateException("killed");
        }
      }

      @Override
      public void committed(long images, long of) {
        if (commits == commit && after) {
          throw new IllegalStateException("killed");
        }
      }
    };
  }

  @Test
  void filesThatComeOneByOneThoughItIsKilledTwice() throws IOException {
    Files.createDirectory(folder.resolve("aside"));
    Files.createDirectory(folder.resolve("images"));
    drop("A01_dna.tif");
    drop("A01_actin.tif");
    drop("A02_dna.tif");
    assertThatThrownBy(() -> pipeline("followed", killedAt(1, true)).follow(run -> {}))
        .hasMessageContaining("killed");
    drop("A02_actin.tif");
    assertThatThrownBy(() -> pipeline("followed", killedAt(1, false)).follow(run -> {}))
        .hasMessageContaining("killed");

    List<Integer> analyzed = new ArrayList<>();
    RunSummary end =
        pipeline("followed", Progress.NONE, "run.follow-idle-seconds=1")
            .follow(
                run -> {
                  analyzed.add(run.analyzed());
                  if (analyzed.size() == 1) {
                    drop("A03_actin.tif");
                    drop("A03_dna.tif");
                  } else {
                    drop("A04_dna.tif"); // and no more
                  }
                });
    assertThat(analyzed).as("A01 is not done again").containsExactly(1, 1);
    assertThat(end.analyzed()).isZero();
    assertThat(end.unchanged()).isEqualTo(3);
    assertThat(end.failures()).extracting(Failure::code).containsExactly("CHANNEL_MISSING");

    pipeline("once", Progress.NONE).run();
    for (Table table : List.of(Table.IMAGES, Table.ERRORS, Table.CHANNEL_STATS)) {
      assertThat(ComparableRows.of(folder.resolve("followed"), table))
          .isNotEmpty()
          .isEqualTo(ComparableRows.of(folder.resolve("once"), table));
    }
  }

  @Test
  void itIsNotFollowedWithForce() {
    assertThatThrownBy(() -> pipeline("out", Progress.NONE, "run.force=true", "run.follow=true"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("all images would be done again whenever one comes");
  }
}
