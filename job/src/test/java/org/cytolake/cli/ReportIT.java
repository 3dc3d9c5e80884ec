package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The report that the packaged job writes, opened in a real browser where there is one. */
final class ReportIT {
  /** Of the sample data's images: the issue asks for less. */
  private static final long MOST_BYTES_PER_IMAGE = 1_500_000;

  private static final String OVERFLOW =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  private static final String CUT_OFF =
      "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right >"
          + " innerWidth + 1 && !e.closest('.scroll') && !e.closest('svg') && !e.closest('.chart'))"
          + ".map(e => e.outerHTML.slice(0, 80))";

  /** Names that would be markup, or lead out of the folder, if a page or a path took them so. */
  private static final String HOSTILE = "<img src=x onerror=alert(1)>&'\"ü</script>";

  @TempDir static Path folder;

  private static Path report;
  private static Path screenshots;

  @BeforeAll
  static void run() throws Exception {
    Packaged.Analyzed sample = Packaged.sampleRun();
    assertThat(sample.ended().code()).as(sample.ended().text()).isZero();
    assertThat(sample.ended().text()).contains("report/index.html");
    report = sample.output().resolve("report");
    screenshots = Path.of(System.getProperty("cytolake.screenshots", folder.toString()));
    Files.createDirectories(screenshots);
  }

  private static Browser browser() throws IOException, InterruptedException {
    String program = System.getProperty("cytolake.chromium", "");
    Assumptions.assumeFalse(program.isBlank(), "there is no Chromium");
    return Browser.start(program, Files.createTempDirectory(folder, "profile"));
  }

  private static long size(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
  }

  @Test
  void isOneFileBesideTheCells() throws Exception {
    try (Stream<Path> files = Files.list(report)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("index.html", "cells");
    }
    try (Stream<Path> images = Files.list(report.resolve("cells"))) {
      assertThat(images).hasSize(6);
    }
    assertThat(size(report)).isLessThan(6 * MOST_BYTES_PER_IMAGE);
  }

  @ParameterizedTest
  @CsvSource({"1280, light", "1280, dark", "390, light", "390, dark"})
  void everythingIsDrawnAndNothingCutOff(int width, String scheme) throws Exception {
    try (Browser browser = browser()) {
      browser.window(width, 900, scheme);
      browser.open(report.resolve("index.html").toUri());
      int plots = drawAll(browser);
      assertThat(plots).isGreaterThan(6 * 12);
      assertThat(browser.evaluate(OVERFLOW).asInt()).isLessThanOrEqualTo(0);
      assertThat(texts(browser.evaluate(CUT_OFF))).isEmpty();
      assertThat(
              texts(
                  browser.evaluate(
                      "[...document.images].filter(i => !i.complete || i.naturalWidth === 0 ||"
                          + " (!i.alt && !i.classList.contains('thumb'))).map(i => i.src.slice(0,"
                          + " 60))")))
          .isEmpty();
      assertThat(browser.complaints).isEmpty();
      assertThat(browser.requests).allMatch(r -> r.startsWith("file:") || r.startsWith("data:"));
      Files.write(
          screenshots.resolve("sample-%d-%s.png".formatted(width, scheme)), browser.screenshot());
    }
  }

  /** Opens every image, scrolls past every plot, and says how many there are. */
  private static int drawAll(Browser browser) throws InterruptedException {
    browser.evaluate("document.querySelectorAll('details.image').forEach(d => { d.open = true; })");
    browser.waitFor(
        "[...document.querySelectorAll('details.image')].every(d => d.querySelector('.chart'))");
    browser.evaluate(
        "document.querySelectorAll('img[loading=lazy]').forEach(i => { i.loading = 'eager'; })");
    browser.evaluate(
        "(async () => { for (const c of document.querySelectorAll('.chart')) {"
            + " c.scrollIntoView(); await new Promise(r => setTimeout(r, 30)); } })()");
    browser.waitFor(
        "[...document.querySelectorAll('.chart')].every(c => c.dataset.drawn === 'true')");
    // a plot that drew nothing has no shape, or a canvas of one colour
    assertThat(
            texts(
                browser.evaluate(
                    "[...document.querySelectorAll('.chart')].filter(c => { const s ="
                        + " c.querySelector('svg'); if (s) { return"
                        + " s.querySelectorAll('path').length < 4; } const v ="
                        + " c.querySelector('canvas'); const d = v.getContext('2d').getImageData(0,"
                        + " 0, v.width, v.height).data; const seen = new Set(); for (let i = 0; i <"
                        + " d.length; i += 4) { seen.add(d[i] + ' ' + d[i + 1] + ' ' + d[i + 2]); }"
                        + " return seen.size < 8; }).map(c => c.getAttribute('aria-label'))")))
        .isEmpty();
    return browser.evaluate("document.querySelectorAll('.chart').length").asInt();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(a -> texts.add(a.asText()));
    return texts;
  }

  @Test
  void sortsByAColumnAndLeadsToItsMeaning() throws Exception {
    try (Browser browser = browser()) {
      browser.window(1280, 900, "light");
      browser.open(report.resolve("index.html").toUri());
      String table = "document.querySelector('#intensities table')";
      String third =
          "[..." + table + ".querySelectorAll('tbody tr')].map(r => r.cells[2].textContent)";
      browser.evaluate(table + ".querySelectorAll('th button')[2].click()");
      List<String> means = texts(browser.evaluate(third));
      assertThat(means).hasSize(12);
      assertThat(means.stream().map(m -> Double.parseDouble(m.replace(",", ""))).toList())
          .isSorted();
      assertThat(
              browser
                  .evaluate(table + ".querySelectorAll('th')[2].getAttribute('aria-sort')")
                  .asText())
          .isEqualTo("ascending");
      browser.evaluate(table + ".querySelectorAll('th a.source')[2].click()");
      browser.waitFor("document.querySelector('#table-channel_stats').open");
      assertThat(browser.evaluate("document.querySelector(':target code').textContent").asText())
          .isEqualTo("mean");
    }
  }

  @Test
  void manyImagesHavePagesOfTheirOwnAndHostileNamesStayText() throws Exception {
    Path images = Files.createDirectories(folder.resolve("hostile").resolve("in"));
    Path output = folder.resolve("hostile").resolve("tables");
    Path source = Packaged.sampleImages();
    for (String channel : List.of("nuclei", "cytoplasm")) {
      String of = "SYN001_B02_f1_" + channel + ".tif";
      Files.copy(
          source.resolve(of), images.resolve(HOSTILE.replace("/", "⁄") + "_" + channel + ".tif"));
      Files.copy(
          source.resolve("SYN001_B03_f1_" + channel + ".tif"),
          images.resolve("plain_" + channel + ".tif"));
    }
    Files.writeString(images.resolve("<b>broken_nuclei.tif"), "no image");
    Files.writeString(images.resolve("<b>broken_cytoplasm.tif"), "no image");
    List<String> arguments = new ArrayList<>(List.of("analyze", "--input", images.toString()));
    arguments.addAll(List.of("--pattern", "(?<name>.+)_(?<channel>nuclei|cytoplasm)\\.tif"));
    arguments.addAll(List.of("--channels", "nuclei=nuclei,cytoplasm=cytoplasm"));
    arguments.addAll(List.of("--output", output.toString(), "--set", "report.inline-images=1"));
    arguments.addAll(Packaged.QUICK);
    arguments.addAll(List.of("--set", "report.enabled=true"));
    Packaged.Ended ended = Packaged.submitAndWait(arguments);
    assertThat(ended.code()).as(ended.text()).isEqualTo(Main.FAILED_IMAGES);
    Path pages = output.resolve("report/images");
    try (Stream<Path> files = Files.list(pages)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .hasSize(4)
          .allMatch(f -> f.matches("[A-Za-z0-9_-]+\\.(html|jpg)"));
    }
    assertThat(size(output.resolve("report/index.html"))).isLessThan(200_000);
    try (Browser browser = browser()) {
      browser.window(1280, 900, "light");
      browser.open(output.resolve("report/index.html").toUri());
      assertThat(browser.evaluate("document.querySelectorAll('.images a').length").asInt())
          .isEqualTo(2);
      assertThat(browser.evaluate("document.querySelector('#failures').textContent").asText())
          .contains("<b>broken");
      browser.evaluate(
          "(() => { const find = document.getElementById('find'); find.value = 'PLAIN';"
              + " find.dispatchEvent(new Event('input')); })()");
      assertThat(
              texts(
                  browser.evaluate(
                      "[...document.querySelectorAll('.images li')]"
                          + ".filter(e => e.offsetParent !== null)"
                          + ".map(e => e.querySelector('b').textContent)")))
          .containsExactly("plain");
      browser.evaluate(
          "(() => { const find = document.getElementById('find'); find.value = '';"
              + " find.dispatchEvent(new Event('input')); })()");
      String page =
          browser
              .evaluate(
                  "[...document.querySelectorAll('.images a')].find(a =>"
                      + " a.textContent.includes('onerror')).href")
              .asText();
      browser.open(java.net.URI.create(page));
      browser.waitFor("document.querySelector('h1') !== null");
      assertThat(browser.evaluate("document.querySelector('h1').textContent").asText())
          .isEqualTo(HOSTILE.replace("/", "⁄"));
      assertThat(browser.evaluate("document.querySelectorAll('img[onerror], h1 *').length").asInt())
          .isZero();
      drawAll(browser);
      assertThat(browser.complaints).isEmpty();
    }
    Files.delete(output.resolve("report/index.html"));
    Packaged.Ended again =
        Packaged.submitAndWait(
            List.of("report", "--output", output.toString(), "--set", "report.inline-images=9"));
    assertThat(again.code()).as(again.text()).isZero();
    assertThat(output.resolve("report/index.html")).exists();
    assertThat(output.resolve("report/images")).doesNotExist();
  }

  @Test
  void platesComeInPagesAndShareTheirColours() throws Exception {
    Path images = Files.createDirectories(folder.resolve("plates").resolve("in"));
    Path output = folder.resolve("plates").resolve("tables");
    for (int plate = 1; plate <= 13; plate++) {
      String well = plate == 13 ? "B03" : "B02";
      for (String channel : List.of("nuclei", "cytoplasm")) {
        Files.copy(
            Packaged.sampleImages().resolve("SYN001_" + well + "_f1_" + channel + ".tif"),
            images.resolve("P%02d_%s_%s.tif".formatted(plate, well, channel)));
      }
    }
    try (Browser browser = browser()) {
      List<String> arguments = new ArrayList<>(List.of("analyze", "--input", images.toString()));
      arguments.addAll(
          List.of("--pattern", "(?<plate>P..)_(?<well>...)_(?<channel>nuclei|cytoplasm)\\.tif"));
      arguments.addAll(List.of("--channels", "nuclei=nuclei,cytoplasm=cytoplasm"));
      arguments.addAll(List.of("--output", output.toString()));
      arguments.addAll(Packaged.QUICK);
      arguments.addAll(List.of("--set", "report.enabled=true"));
      Packaged.Ended ended = Packaged.submitAndWait(arguments);
      assertThat(ended.code()).as(ended.text()).isZero();
      browser.window(1280, 900, "light");
      browser.open(output.resolve("report/index.html").toUri());
      String maps = "[...document.querySelectorAll('[aria-label^=\"Heat map of the wells\"]')]";
      String names = maps + ".map(m => m.getAttribute('aria-label').split(' ').pop())";
      assertThat(texts(browser.evaluate(names))).hasSize(12).contains("P01").doesNotContain("P13");
      List<String> first = colourLimits(browser, maps + "[0]");
      assertThat(first.get(0)).isNotEqualTo(first.get(1)); // plates 1 to 12 are alike
      browser.evaluate(
          maps + "[0].closest('section').querySelectorAll('.pager button')[1].click()");
      assertThat(texts(browser.evaluate(names))).containsExactly("P13");
      assertThat(colourLimits(browser, maps + "[0]")).isEqualTo(first);
      assertThat(browser.complaints).isEmpty();
    }
  }

  private static List<String> colourLimits(Browser browser, String map)
      throws InterruptedException {
    browser.evaluate(map + ".scrollIntoView()");
    browser.waitFor(map + ".dataset.drawn === 'true'");
    return texts(
        browser.evaluate("echarts.getInstanceByDom(" + map + ").getOption().visualMap[0].text"));
  }

  @Test
  void thereIsNoReportOfNothing() throws Exception {
    Packaged.Ended ended =
        Packaged.submitAndWait(List.of("report", "--output", folder.resolve("nothing").toString()));
    assertThat(ended.code()).isEqualTo(Main.USAGE);
    assertThat(ended.text()).contains("There are no tables in");
  }
}
