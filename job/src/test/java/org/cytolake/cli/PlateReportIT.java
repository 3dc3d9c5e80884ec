package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The report of a plate of 384 wells with 9 images each: that of a few images, with the rows of its
 * data repeated under other names.
 */
final class PlateReportIT {
  private static final int WELLS = 384;
  private static final int FIELDS = 9;
  private static final long MOST_BYTES = 2_000_000;
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path report() throws Exception {
    Path images = Files.createDirectories(folder.resolve("in"));
    for (String well : List.of("B02", "B03", "B04")) {
      for (String channel : List.of("nuclei", "cytoplasm")) {
        String name = "SYN001_%s_f1_%s.tif".formatted(well, channel);
        Files.copy(Packaged.sampleImages().resolve(name), images.resolve(name));
      }
    }
    Path map = folder.resolve("map.csv");
    Files.writeString(map, "well,compound,dose\nB02,DMSO,0\nB03,taxol,1\nB04,taxol,10\n");
    Path output = folder.resolve("tables");
    List<String> arguments =
        new ArrayList<>(Packaged.analyze(images, output, "--plate-map", map.toString()));
    arguments.addAll(List.of("--set", "report.enabled=true", "--set", "report.inline-images=1"));
    Packaged.Ended ended = Packaged.submitAndWait(arguments);
    assertThat(ended.code()).as(ended.text()).isZero();
    return output.resolve("report");
  }

  @Test
  void theFirstViewIsSmallQuickAndAccessible() throws Exception {
    String program = System.getProperty("cytolake.chromium", "");
    Assumptions.assumeFalse(program.isBlank(), "there is no Chromium");
    check(program, System.getProperty("cytolake.axe", ""), report());
  }

  static void check(String program, String axe, Path report) throws Exception {
    Path page = report.resolve("plate.html");
    Files.writeString(page, plate(Files.readString(report.resolve("index.html"))));
    long bytes = Files.size(page) + Files.size(report.resolve("plots.js"));
    assertThat(bytes).isLessThan(MOST_BYTES);
    try (Browser browser = Browser.start(program, Files.createTempDirectory(folder, "profile"))) {
      browser.window(1280, 900, "light");
      double view = Double.POSITIVE_INFINITY;
      for (int i = 0; i < 3; i++) { // the first opening waits for the disk
        browser.open(page.toUri());
        browser.waitFor("performance.getEntriesByName('first-view').length === 1");
        view =
            Math.min(
                view,
                browser
                    .evaluate("performance.getEntriesByName('first-view')[0].startTime")
                    .asDouble());
      }
      System.out.printf("first view after %.0f ms, %d bytes%n", view, bytes);
      assertThat(view).isLessThan(1000);
      assertThat(browser.evaluate("document.querySelectorAll('.images li').length").asInt())
          .isEqualTo(96);
      assertThat(browser.requests.stream().filter(r -> r.contains("/images/")).count())
          .isLessThanOrEqualTo(3 * 96);
      montage(browser);
      sections(browser);
      if (!axe.isEmpty()) {
        assertThat(serious(browser, axe, "light")).isEmpty();
        browser.window(1280, 900, "dark");
        assertThat(serious(browser, axe, "dark")).isEmpty();
      }
      assertThat(browser.complaints).isEmpty();
    }
  }

  /** What can be found, compared and saved. */
  private static void sections(Browser browser) throws InterruptedException {
    browser.evaluate(
        "(() => { const f = document.getElementById('find'); f.value = 'P24_f9';"
            + " f.dispatchEvent(new Event('input')); })()");
    assertThat(browser.evaluate("document.querySelector('.images').textContent").asText())
        .startsWith("SYN384_P24_f9");
    // every plot and table has its numbers
    assertThat(
            browser
                .evaluate(
                    "[...document.querySelectorAll('figure.plot, .tabular')].every(f =>"
                        + " f.querySelector('button.csv'))")
                .asBoolean())
        .isTrue();
    browser.evaluate(
        "(() => { window.saved = []; URL.createObjectURL = b => { window.saved.push(b); return"
            + " '#'; }; HTMLAnchorElement.prototype.click = () => {}; })()");
    browser.evaluate("document.querySelectorAll('button.csv').forEach(b => b.click())");
    JsonNode saved = browser.evaluate("Promise.all(window.saved.map(b => b.text()))");
    List<String> texts = new ArrayList<>();
    saved.forEach(s -> texts.add(s.asText()));
    assertThat(texts)
        .hasSize(browser.evaluate("document.querySelectorAll('button.csv').length").asInt())
        .allSatisfy(
            text -> {
              List<String> lines = text.lines().toList();
              assertThat(lines).hasSizeGreaterThan(1);
              assertThat(lines.get(0)).contains(",");
            });
    assertThat(texts).anyMatch(t -> t.lines().count() == 1 + WELLS); // the plate
    assertThat(texts).anyMatch(t -> t.contains("SYN384_P24_f9,"));
    assertThat(browser.evaluate("document.querySelector('#treatments').textContent").asText())
        .contains("compound 3", "Median");
  }

  /** Wells as pictures, and all that is measured of their quality. */
  private static void montage(Browser browser) throws InterruptedException {
    assertThat(browser.evaluate("document.querySelectorAll('.montage a').length").asInt()).isZero();
    browser.evaluate("document.querySelector('#montage').scrollIntoView()");
    browser.waitFor("document.querySelectorAll('.montage a').length === " + WELLS);
    // the tiles have something to see, in one channel after the other
    for (int channel = 0; channel < 2; channel++) {
      browser.waitFor(
          "[...document.querySelectorAll('.montage canvas')].slice(0, 24).every(c => c.width === 64"
              + " || c.height === 64)");
      choose(browser, "montage-channel", 1 - channel);
    }
    choose(browser, "montage-place", FIELDS - 1);
    assertThat(browser.evaluate("document.querySelector('.montage a').title").asText())
        .startsWith("A01: SYN384_A01_f9");
    // Tab reaches one well, arrow keys the others
    assertThat(
            browser
                .evaluate("document.querySelectorAll('.montage a[tabindex=\"0\"]').length")
                .asInt())
        .isEqualTo(1);
    browser.evaluate(
        "(() => { document.querySelector('.montage a').focus(); for (const key of ['ArrowDown',"
            + " 'ArrowRight', 'ArrowUp', 'ArrowUp']) { document.activeElement.dispatchEvent(new"
            + " KeyboardEvent('keydown', {key, bubbles: true})); } })()");
    assertThat(browser.evaluate("document.activeElement.title").asText()).startsWith("A02: ");
    assertThat(browser.evaluate("document.querySelector('.told').textContent").asText())
        .startsWith("A02: SYN384_A02_f9");
    assertThat(
            browser
                .evaluate(
                    "[...document.querySelectorAll('#measure optgroup')].map(g =>"
                        + " g.children.length).join()")
                .asText())
        .isEqualTo("25,25");
  }

  private static void choose(Browser browser, String id, int index) throws InterruptedException {
    browser.evaluate(
        "(() => { const s = document.getElementById('%s'); s.selectedIndex = %d; s.dispatchEvent(new Event('change')); })()"
            .formatted(id, index));
  }

  private static List<String> serious(Browser browser, String axe, String scheme)
      throws IOException {
    browser.evaluate(Files.readString(Path.of(axe)) + "; true");
    JsonNode found =
        browser.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>"
                + " [v.impact, v.id, v.nodes.length, v.nodes.slice(0, 2).map(n => n.html.slice(0,"
                + " 160)).join(' ')]))");
    List<String> serious = new ArrayList<>();
    for (JsonNode violation : found) {
      System.out.println("axe, " + scheme + ": " + violation);
      if (List.of("serious", "critical").contains(violation.get(0).asText())) {
        serious.add(violation.toString());
      }
    }
    return serious;
  }

  /** The page with the rows of its images repeated for every well and field. */
  private static String plate(String page) throws IOException {
    Matcher found = DATA.matcher(page);
    assertThat(found.find()).isTrue();
    ObjectNode data = (ObjectNode) JSON.readTree(found.group(1));
    ArrayNode images = (ArrayNode) data.at("/images/rows");
    List<String> columns = new ArrayList<>();
    data.at("/images/columns").forEach(c -> columns.add(c.asText()));
    ArrayNode all = JSON.createArrayNode();
    ArrayNode details = JSON.createArrayNode();
    ArrayNode map = JSON.createArrayNode();
    Random random = new Random(7);
    for (int w = 0; w < WELLS; w++) {
      String well = "%c%02d".formatted('A' + w / 24, w % 24 + 1);
      map.addArray().add(well).add("compound " + w % 7).add(w % 5);
      for (int f = 1; f <= FIELDS; f++) {
        int of = all.size() % images.size();
        ArrayNode row = images.get(of).deepCopy();
        String name = "SYN384_%s_f%d".formatted(well, f);
        row.set(0, TextNode.valueOf(name));
        row.set(columns.indexOf("well"), TextNode.valueOf(well));
        row.set(columns.indexOf("field"), TextNode.valueOf(String.valueOf(f)));
        row.set(columns.indexOf("nuclei"), IntNode.valueOf(random.nextInt(200)));
        all.add(row);
        ObjectNode detail = data.at("/details").get(of).deepCopy();
        details.add(detail.put("image", name));
      }
    }
    for (String part : List.of("channel_stats", "colocalization")) {
      Map<Integer, List<ArrayNode>> rows = new HashMap<>();
      for (JsonNode row : data.at("/" + part + "/rows")) {
        rows.computeIfAbsent(row.get(0).asInt(), p -> new ArrayList<>()).add((ArrayNode) row);
      }
      ArrayNode repeated = JSON.createArrayNode();
      for (int i = 0; i < all.size(); i++) {
        for (ArrayNode row : rows.get(i % images.size())) {
          ArrayNode copy = row.deepCopy();
          copy.set(0, IntNode.valueOf(i));
          for (int c = 1; c < copy.size(); c++) {
            if (copy.get(c).isDouble()) { // other digits, as other images have
              double value = copy.get(c).asDouble() * (1 + 0.2 * random.nextDouble());
              copy.set(c, DoubleNode.valueOf(Double.parseDouble("%.4e".formatted(value))));
            }
          }
          repeated.add(copy);
        }
      }
      ((ObjectNode) data.get(part)).set("rows", repeated);
    }
    ((ObjectNode) data.get("images")).set("rows", all);
    wells((ObjectNode) data.get("quality_by_well"), random);
    ((ObjectNode) data.get("plateMap")).set("rows", map);
    data.set("details", details);
    ((ObjectNode) data.get("totals")).put("complete", all.size());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(JSON.writeValueAsString(data).getBytes(StandardCharsets.UTF_8));
    }
    String script =
        "<script type=\"application/gzip\" id=\"data\">"
            + Base64.getEncoder().encodeToString(bytes.toByteArray())
            + "</script>";
    return page.substring(0, found.start()) + script + page.substring(found.end());
  }

  /** Every measure of quality of every well. */
  private static void wells(ObjectNode part, Random random) {
    List<String> columns = new ArrayList<>();
    part.get("columns").forEach(c -> columns.add(c.asText()));
    assertThat(columns)
        .contains("well", "channel", "focus_score", "correlation_20", "threshold_mct");
    JsonNode few = part.get("rows");
    ArrayNode repeated = JSON.createArrayNode();
    for (int w = 0; w < WELLS; w++) {
      for (String channel : List.of("nuclei", "cytoplasm")) {
        for (JsonNode row : few) {
          if (row.get(columns.indexOf("channel")).asText().equals(channel)
              && row.get(columns.indexOf("well")).asText().equals("B02")) {
            ArrayNode copy = row.deepCopy();
            copy.set(
                columns.indexOf("well"),
                TextNode.valueOf("%c%02d".formatted('A' + w / 24, w % 24 + 1)));
            for (int c = columns.indexOf("images") + 1; c < copy.size(); c++) {
              double value = copy.get(c).asDouble() * (1 + 0.2 * random.nextDouble());
              copy.set(c, DoubleNode.valueOf(Double.parseDouble("%.4e".formatted(value))));
            }
            repeated.add(copy);
          }
        }
      }
    }
    part.set("rows", repeated);
  }
}
