package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Spark's own cluster manager on 127.0.0.1: one master and some workers. */
final class StandaloneCluster implements AutoCloseable {
  private final List<Process> processes = new ArrayList<>();
  private final int port;

  private StandaloneCluster(int port) {
    this.port = port;
  }

  static StandaloneCluster start(Path folder, int workers) throws Exception {
    Files.createDirectories(folder);
    StandaloneCluster cluster = new StandaloneCluster(freePort());
    cluster.launch(
        folder.resolve("master.log"),
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        Integer.toString(cluster.port),
        "--webui-port",
        "0");
    cluster.await();
    for (int w = 0; w < workers; w++) {
      cluster.launch(
          folder.resolve("worker-" + w + ".log"),
          "org.apache.spark.deploy.worker.Worker",
          "--host",
          "127.0.0.1",
          "--cores",
          "1",
          "--memory",
          "2g",
          "--webui-port",
          "0",
          "--work-dir",
          folder.resolve("worker-" + w).toString(),
          cluster.master());
    }
    return cluster;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void launch(Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Packaged.sparkHome().resolve("bin/spark-class").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_HOME", Packaged.sparkHome().toString());
    builder.environment().put("SPARK_MASTER_OPTS", "-Dspark.master.rest.enabled=false");
    builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
    processes.add(builder.start());
  }

  private void await() throws Exception {
    for (int attempt = 0; attempt < 300; attempt++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    assertThat(false).as("the master does not listen on port %s", port).isTrue();
  }

  String master() {
    return "spark://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
  }
}
