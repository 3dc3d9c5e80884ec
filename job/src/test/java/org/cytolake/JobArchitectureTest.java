package org.cytolake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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
    slices().matching("org.cytolake.(*)..").should().beFreeOfCycles().check(CLASSES);
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

  private static void seenOnlyIn(String library, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }
}
