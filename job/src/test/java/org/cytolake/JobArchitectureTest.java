package org.cytolake;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JobArchitectureTest {
  private static final String[] JOB = {
    "org.cytolake.bench..",
    "org.cytolake.bioformats..",
    "org.cytolake.cli..",
    "org.cytolake.config..",
    "org.cytolake.label..",
    "org.cytolake.output..",
    "org.cytolake.query..",
    "org.cytolake.report..",
    "org.cytolake.segment..",
    "org.cytolake.source..",
    "org.cytolake.stage.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.cytolake");

  private static String within(String room) {
    return "org.cytolake." + room + "..";
  }

  @Test
  void udfsNeverDependOnTheJob() {
    noClasses()
        .that()
        .resideOutsideOfPackages(JOB)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(JOB)
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices()
        .matching("org.cytolake.(*)..")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(nameMatching(UPWARD), alwaysTrue())
        .check(CLASSES);
  }

  @Test
  void noRoomUsesHigherOnes() {
    LayeredArchitecture rooms = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (List<String> line : ROOMS) {
      for (String room : line) {
        rooms = rooms.layer(room).definedBy(within(room));
      }
    }
    for (int i = 0; i < ROOMS.size(); i++) {
      String[] higher = ROOMS.subList(0, i).stream().flatMap(List::stream).toArray(String[]::new);
      for (String room : ROOMS.get(i)) {
        rooms =
            i == 0
                ? rooms.whereLayer(room).mayNotBeAccessedByAnyLayer()
                : rooms.whereLayer(room).mayOnlyBeAccessedByLayers(higher);
      }
    }
    rooms.ignoreDependency(nameMatching(UPWARD), alwaysTrue()).check(CLASSES);
  }

  @Test
  void noTwoClassesHaveOneName() {
    assertThat(
            CLASSES.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(c -> !c.getSimpleName().equals("package-info"))
                .toList())
        .hasSizeGreaterThan(100)
        .extracting(JavaClass::getSimpleName)
        .doesNotHaveDuplicates();
  }

  @Test
  void eachLibraryIsSeenInItsOwnPackageOnly() {
    seenOnlyIn(
        "loci..", "org.cytolake.bioformats..", "org.cytolake.source..", "org.cytolake.bench..");
    seenOnlyIn("ai.onnxruntime..", "org.cytolake.segment..");
    seenOnlyIn("picocli..", "org.cytolake.cli..");
    seenOnlyIn("org.apache.iceberg..", "org.cytolake.output..");
    seenOnlyIn("com.typesafe..", "org.cytolake.config..");
  }

  private static void seenOnlyIn(String library, String... rooms) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Arrays.stream(rooms).map(JobArchitectureTest::within).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }
}
