package org.cytolake.s3;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP proxy in front of a server on this machine: passes requests on as they are, one a
 * connection, counts the bytes that clients are sent, and disturbs where a test asks it to.
 */
public final class FaultyProxy implements Closeable {
  /** What happens to a request. */
  public enum Fate {
    /** Is passed on. */
    SERVED,
    /** Is answered with 500, and not passed on. */
    INTERNAL_ERROR,
    /** Is answered with 503, and not passed on. */
    SLOW_DOWN,
    /** Is answered with 403, and not passed on. */
    ACCESS_DENIED,
    /** The connection breaks, and it is not passed on: what a killed client's request is. */
    LOST,
    /** Is passed on, but the connection breaks before the answer. */
    ANSWER_LOST,
    /** Is passed on, but the connection breaks in the middle of the answer's body. */
    ANSWER_CUT,
    /** Is taken, and nothing ever answers. */
    SILENCE,
    /** Is passed on, but after half of the answer nothing comes any more. */
    HALF_SILENCE
  }

  /** Decides a request's fate. */
  public interface Faults {
    /**
     * The fate.
     *
     * @param n how many requests there were since the faults were set
     * @param method such as PUT
     * @param target path and query
     */
    Fate of(int n, String method, String target);
  }

  private final ServerSocket listening;
  private final int server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "faulty-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong sent = new AtomicLong();
  private final List<String> requests = new ArrayList<>();
  private Faults faults = (n, method, target) -> Fate.SERVED;

  FaultyProxy(int server) throws IOException {
    this.server = server;
    listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    threads.execute(this::listen);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** From now on; counts from 0 again. */
  public synchronized void disturb(Faults now) {
    faults = now;
    reset();
  }

  /** Every request is served from now on; counts from 0 again. */
  public void heal() {
    disturb((n, method, target) -> Fate.SERVED);
  }

  private void reset() {
    requests.clear();
    sent.set(0);
  }

  /** Bytes sent to clients since {@link #disturb} or {@link #heal}, headers included. */
  public long sent() {
    return sent.get();
  }

  /** Requests since then, as method and target. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private synchronized Fate fate(String method, String target) {
    Fate fate = faults.of(requests.size(), method, target);
    requests.add(method + " " + target);
    return fate;
  }

  private void listen() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      String[] line = head.substring(0, head.indexOf('\r')).split(" ", 3);
      Fate fate = fate(line[0], line[1]);
      switch (fate) {
        case SERVED -> pass(head, client, client.getOutputStream());
        case ANSWER_LOST -> pass(head, client, OutputStream.nullOutputStream());
        case ANSWER_CUT -> passHalf(head, client);
        case HALF_SILENCE -> {
          passHalf(head, client);
          waitFor(client);
        }
        case SILENCE -> waitFor(client);
        case LOST -> {}
        case INTERNAL_ERROR -> answer(head, client, "500 Internal Server Error", "InternalError");
        case SLOW_DOWN -> answer(head, client, "503 Slow Down", "SlowDown");
        case ACCESS_DENIED -> answer(head, client, "403 Forbidden", "AccessDenied");
      }
    } catch (IOException e) {
      // the client has gone, or the server: both see it by themselves
    }
  }

  /** The request's or answer's first lines, up to and with the empty one. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0; // the last four bytes
    while (last != 0x0d0a0d0a) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.write(b);
      last = last << 8 | b;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private void passHalf(String head, Socket client) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    pass(head, client, answer);
    String text = answer.toString(StandardCharsets.ISO_8859_1);
    int body = text.indexOf("\r\n\r\n") + 4;
    if (body < text.length()) { // else there is no half of it
      client.getOutputStream().write(answer.toByteArray(), 0, (body + text.length()) / 2);
      client.getOutputStream().flush();
    }
  }

  /** Until it has gone. */
  private static void waitFor(Socket client) throws IOException {
    client.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private void pass(String head, Socket client, OutputStream out) throws IOException {
    try (Socket behind = new Socket(InetAddress.getLoopbackAddress(), server)) {
      String once =
          head.replaceAll("(?i)\r\nConnection:[^\r]*", "")
              .replaceFirst("\r\n", "\r\nConnection: close\r\n");
      behind.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
      threads.execute(() -> pump(client, behind));
      InputStream in = behind.getInputStream();
      boolean answered = out == client.getOutputStream();
      byte[] buffer = new byte[1 << 14];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        sent.addAndGet(answered ? n : 0);
      }
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of them has gone
    }
  }

  private void answer(String head, Socket client, String status, String code) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("\r\ncontent-length:");
    if (at >= 0 && !lower.contains("100-continue")) {
      String length = lower.substring(at + 17, lower.indexOf('\r', at + 2)).strip();
      client.getInputStream().skipNBytes(Long.parseLong(length)); // else it would miss the answer
    }
    String body = "<Error><Code>" + code + "</Code><Message>injected</Message></Error>";
    String answer =
        "HTTP/1.1 %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(status, body.length(), head.startsWith("HEAD") ? "" : body);
    byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
    client.getOutputStream().write(bytes);
    sent.addAndGet(bytes.length);
    client.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
