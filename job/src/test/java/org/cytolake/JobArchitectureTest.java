package org.cytolake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class JobArchitectureTest {
  /** The packages of the job from top to bottom; those of one line know nothing of each other. */
  private static final List<List<String>> ROOMS =
      List.of(
          List.of("cli"),
          List.of("bench"),
          List.of("run"),
          List.of("planes"),
          List.of("plan"),
          List.of("report", "query", "label"),
          List.of("picture"),
          List.of("facts"),
          List.of("cells"),
          List.of("nuclei", "quality", "illumination"),
          List.of("clusters"),
          List.of("statistics"),
          List.of("source"),
          List.of("catalog"),
          List.of("store"),
          List.of("tables"),
          List.of("output"),
          List.of("bioformats"),
          List.of("network"),
          List.of("field"),
          List.of("config", "xml"));

  private static final String[] JOB =
      ROOMS.stream().flatMap(List::stream).map(JobArchitectureTest::within).toArray(String[]::new);

  private static final int MOST_FILES = 25;
  private static final int MOST_LINES = 400;

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
    slices().matching("org.cytolake.(*)..").should().beFreeOfCycles().check(CLASSES);
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
    rooms.check(CLASSES);
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
  void roomsAndClassesAreSmall() throws IOException {
    Map<Path, Long> files = new TreeMap<>();
    for (String module : List.of("../job", "../udfs")) {
      try (Stream<Path> sources = Files.walk(Path.of(module, "src/main/java"))) {
        for (Path source : sources.filter(JobArchitectureTest::isClass).toList()) {
          files.merge(source.getParent(), 1L, Long::sum);
          try (Stream<String> lines = Files.lines(source)) {
            assertThat(lines.count()).as("lines of " + source).isLessThanOrEqualTo(MOST_LINES);
          }
        }
      }
    }
    assertThat(files).hasSizeGreaterThan(20);
    assertThat(files.entrySet())
        .allSatisfy(
            room ->
                assertThat(room.getValue())
                    .as("files in " + room.getKey())
                    .isLessThanOrEqualTo(MOST_FILES));
  }

  private static boolean isClass(Path source) {
    String name = source.getFileName().toString();
    return name.endsWith(".java") && !name.equals("package-info.java");
  }

  @Test
  void eachLibraryIsSeenInItsOwnPackageOnly() {
    seenOnlyIn("loci..", "bioformats", "bench");
    seenOnlyIn("ai.onnxruntime..", "network");
    seenOnlyIn("picocli..", "cli");
    seenOnlyIn("org.apache.iceberg..", "store");
    seenOnlyIn("com.typesafe..", "config");
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
