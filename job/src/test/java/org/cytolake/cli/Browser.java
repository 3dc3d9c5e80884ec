package org.cytolake.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A headless Chromium, by its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long LIMIT_SECONDS = 120;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

  /** What the console was told and what went wrong in scripts. */
  final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  /** Everything that was asked for. */
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  private Browser(Process process, int port) throws IOException, InterruptedException {
    this.process = process;
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest newPage =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    String page =
        MAPPER
            .readTree(http.send(newPage, BodyHandlers.ofString()).body())
            .get("webSocketDebuggerUrl")
            .asText();
    socket = http.newWebSocketBuilder().buildAsync(URI.create(page), new Messages()).join();
    for (String domain : List.of("Runtime", "Log", "Page", "Network")) {
      call(domain + ".enable", MAPPER.createObjectNode());
    }
  }

  /** Starts it with a profile of its own. */
  static Browser start(String program, Path profile) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program, "--headless", "--no-sandbox"));
    command.addAll(List.of("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"));
    command.addAll(List.of("--disable-background-networking", "--disable-component-update"));
    command.addAll(List.of("--remote-debugging-port=0", "--user-data-dir=" + profile));
    Path log = Files.createTempFile("chromium", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Files.exists(port) || Files.readAllLines(port).isEmpty()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException("Chromium does not start: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return new Browser(process, Integer.parseInt(Files.readAllLines(port).get(0)));
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          receive(MAPPER.readTree(text.toString()));
        } catch (IOException e) {
          complaints.add(e.toString());
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void receive(JsonNode message) {
    if (message.has("id")) {
      waiting.remove(message.get("id").asInt()).complete(message);
      return;
    }
    JsonNode what = message.get("params");
    switch (message.get("method").asText()) {
      case "Runtime.exceptionThrown" -> complaints.add(what.get("exceptionDetails").toString());
      case "Runtime.consoleAPICalled", "Log.entryAdded" -> complaints.add(what.toString());
      case "Network.requestWillBeSent" -> requests.add(what.at("/request/url").asText());
      default -> {}
    }
  }

  private JsonNode call(String method, ObjectNode params) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    ObjectNode message = MAPPER.createObjectNode().put("id", id).put("method", method);
    message.set("params", params);
    socket.sendText(message.toString(), true).join();
    JsonNode result = answer.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    if (result.has("error")) {
      throw new IllegalStateException(method + ": " + result.get("error"));
    }
    return result.get("result");
  }

  /** A window of that size in CSS pixels, in light or dark colours. */
  void window(int width, int height, String scheme) {
    call(
        "Emulation.setDeviceMetricsOverride",
        MAPPER
            .createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600));
    ObjectNode media = MAPPER.createObjectNode();
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    call("Emulation.setEmulatedMedia", media);
  }

  /** Opens a page and waits until it has loaded. */
  void open(URI page) throws InterruptedException {
    call("Page.navigate", MAPPER.createObjectNode().put("url", page.toString()));
    waitFor("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** What an expression gives. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            MAPPER
                .createObjectNode()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.at("/result/value");
  }

  void waitFor(String condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(LIMIT_SECONDS).toNanos();
    while (!evaluate(condition).asBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never came true: " + condition + "; " + complaints);
      }
      Thread.sleep(100);
    }
  }

  /** A picture of the whole page. */
  byte[] screenshot() {
    JsonNode picture =
        call(
            "Page.captureScreenshot",
            MAPPER.createObjectNode().put("format", "png").put("captureBeyondViewport", true));
    return Base64.getDecoder().decode(picture.get("data").asText());
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
