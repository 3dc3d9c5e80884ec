package org.cytolake.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.ImageFile;
import org.cytolake.illumination.IlluminationGroups;
import org.junit.jupiter.api.Test;

/** The text that decides whether images are processed again stays as it is. */
final class FingerprintTest {
  private static final List<String> GROUPS = List.of("A01", "P1");

  private static final IlluminationGroups NONE =
      new IlluminationGroups(List.of("plate"), List.of(1), Map.of());

  private static CytolakeConfig config(String... settings) {
    return ConfigLoader.load(
        Optional.empty(),
        Map.of("input.paths", List.of("/in"), "output.path", "/out"),
        List.of(settings));
  }

  private static String text(Scope scope, String... settings) {
    return Fingerprint.of(config(settings), Map.of("segmentation.model", "abc"), scope, NONE)
        .settings();
  }

  /** Whoever changes a line makes every user's images run again. */
  @Test
  void theTextOfTheDefaults() {
    assertThat(text(Scope.ALL))
        .isEqualTo(
            """
            cells.background.average=mean
            cells.background.deviation=standard
            cells.background.deviations=2.0
            cells.background.lower=0.05
            cells.background.upper=0.05
            cells.border=keep
            cells.channel=
            cells.distance=7
            cells.enabled=auto
            cells.fill-holes=true
            cells.max-distance=0
            cells.method=propagation
            cells.regularization=0.005
            cells.threshold=minimum_cross_entropy
            cells.threshold-correction=1.0
            cells.threshold-log=false
            cells.threshold-max=none
            cells.threshold-min=none
            cells.threshold-number=0.0
            cells.threshold-smoothing=0.0
            clustering.channels=[]
            clustering.dbscan.eps=12.0
            clustering.dbscan.min-pixels=500
            clustering.enabled=true
            clustering.exact-silhouette=false
            clustering.k=[2, 3, 4, 5, 6]
            clustering.max-iterations=1000
            clustering.max-tuples=5000
            clustering.mean-shift.bandwidth=0.0
            clustering.mean-shift.quantile=0.3
            clustering.methods=[gaussian_mixture, k_means]
            clustering.pixels=positive
            clustering.power-iteration.max-iterations=20
            clustering.power-iteration.width=25.0
            clustering.recommend=modes
            clustering.reference=
            clustering.regularization=0.0
            clustering.responsibilities=false
            clustering.scope=[image]
            clustering.seed=12345
            clustering.shares=true
            clustering.standardize=false
            clustering.starts=32
            clustering.tolerance=1.0E-6
            clustering.values=normalized
            clustering.ward.distance=0.0
            composite.channels=[]
            density.enabled=true
            density.grid=200
            density.references=[]
            histograms.bins=100
            histograms.max-tuples=1000000
            input.channels=
            input.pattern=
            input.z=all
            normalization.bins=30
            normalization.bins-2d=50
            normalization.offset=1.0
            normalization.references=[]
            output.label-images=[cells, clusters, nuclei]
            output.pixels=false
            quality.scales=[10, 20, 50]
            scope=ALL
            segmentation.model=abc
            statistics.pairs=[auto]
            statistics.regions=[]
            statistics.threshold=otsu
            statistics.thresholds={}
            version=7
            """);
  }

  @Test
  void forNucleiAloneOtherTablesAreOfNoAccount() {
    String nuclei = text(Scope.NUCLEI);
    assertThat(nuclei).contains("scope=NUCLEI\n", "segmentation.model=abc\n");
    assertThat(nuclei).doesNotContain("statistics.", "clustering.", "histograms.", "density.");
    assertThat(text(Scope.NUCLEI, "histograms.bins=9")).isEqualTo(nuclei);
  }

  @Test
  void whatRowsDependOnAndWhatNot() {
    String defaults = text(Scope.ALL);
    for (String other :
        List.of(
            "histograms.bins=9",
            "statistics.pairs=first",
            "statistics.regions=[{name=r,x=1,y=2,width=3,height=4}]",
            "statistics.thresholds=\"dna=5\"",
            "clustering.k=[2]",
            "output.pixels=true",
            "density.enabled=false")) {
      assertThat(text(Scope.ALL, other)).as(other).isNotEqualTo(defaults);
    }
    for (String same : List.of("run.batch-images=3", "run.force=true", "report.enabled=false")) {
      assertThat(text(Scope.ALL, same)).as(same).isEqualTo(defaults);
    }
  }

  @Test
  void everyFileCounts() {
    Fingerprint fingerprint = new Fingerprint("a=b\n", NONE);
    ImageFile file = new ImageFile("/in/a.tif", 5, 7);
    String one = fingerprint.of(List.of(file), GROUPS);
    assertThat(one).hasSize(64).isEqualTo(fingerprint.of(List.of(file), GROUPS));
    for (List<ImageFile> other :
        List.of(
            List.of(new ImageFile("/in/b.tif", 5, 7)),
            List.of(new ImageFile("/in/a.tif", 6, 7)),
            List.of(new ImageFile("/in/a.tif", 5, 8)),
            List.of(file, file))) {
      assertThat(fingerprint.of(other, GROUPS)).isNotEqualTo(one);
    }
    assertThat(new Fingerprint("a=c\n", NONE).of(List.of(file), GROUPS)).isNotEqualTo(one);
  }

  /** Those of another plate do not count. */
  @Test
  void theIlluminationFunctionsCount() {
    ImageFile file = new ImageFile("/in/a.tif", 5, 7);
    String one = new Fingerprint("a=b\n", functions("x", "y")).of(List.of(file), GROUPS);
    assertThat(new Fingerprint("a=b\n", functions("x", "z")).of(List.of(file), GROUPS))
        .isEqualTo(one);
    assertThat(new Fingerprint("a=b\n", functions("z", "y")).of(List.of(file), GROUPS))
        .isNotEqualTo(one);
  }

  private static IlluminationGroups functions(String ofP1, String ofP2) {
    return new IlluminationGroups(
        List.of("plate"), List.of(1), Map.of(List.of("P1"), ofP1, List.of("P2"), ofP2));
  }
}
