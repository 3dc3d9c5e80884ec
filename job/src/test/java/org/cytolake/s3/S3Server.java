package org.cytolake.s3;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;

/**
 * S3Proxy over a local folder, checking signatures, in this JVM: with its own libraries in a class
 * loader of its own. Clients reach it through a {@link FaultyProxy}, which counts and disturbs.
 */
public final class S3Server implements AutoCloseable {
  public static final String KEY = "AKIACYTOLAKETEST0001";
  public static final String SECRET = "Zk9vQ3l0b2xha2VTZWNyZXQ/never+in+any+output";

  private static final Path JAR = Path.of("target/s3-server/s3proxy.jar");

  private static final AtomicInteger NEXT = new AtomicInteger();

  // Hadoop keeps clients by bucket, and there may be several servers in this JVM
  private final String bucket = "screens-" + NEXT.incrementAndGet();
  private final Path folder;
  private final Object server;
  private final FaultyProxy proxy;

  /** Starts one with an empty bucket; what it stores lies below the folder. */
  public S3Server(Path folder) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder.resolve(bucket));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // never closed: the server's threads may still load classes while it stops
    ClassLoader own =
        new URLClassLoader(
            new URL[] {JAR.toAbsolutePath().toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    thread.setContextClassLoader(own);
    try {
      server = start(own, folder);
      int port = (Integer) server.getClass().getMethod("getPort").invoke(server);
      proxy = new FaultyProxy(port);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Object start(ClassLoader own, Path folder) throws ReflectiveOperationException {
    Properties properties = new Properties();
    properties.setProperty("s3proxy.endpoint", "http://127.0.0.1:0");
    properties.setProperty("s3proxy.authorization", "aws-v4");
    properties.setProperty("s3proxy.identity", KEY);
    properties.setProperty("s3proxy.credential", SECRET);
    properties.setProperty("s3proxy.ignore-unknown-headers", "true");
    properties.setProperty("jclouds.filesystem.basedir", folder.toString());
    Object store =
        own.loadClass("org.gaul.s3proxy.BlobStores")
            .getMethod("create", String.class, Properties.class)
            .invoke(null, "filesystem", properties);
    Class<?> builders = own.loadClass("org.gaul.s3proxy.S3Proxy$Builder");
    Object builder =
        builders.getMethod("fromProperties", Properties.class).invoke(null, properties);
    builders
        .getMethod("blobStore", own.loadClass("org.gaul.s3proxy.blobstore.BlobStore"))
        .invoke(builder, store);
    Object server = builders.getMethod("build").invoke(builder);
    server.getClass().getMethod("start").invoke(server);
    return server;
  }

  /** What stands between clients and the server. */
  public FaultyProxy proxy() {
    return proxy;
  }

  /** Where the bucket's objects lie as files. */
  public Path objects() {
    return folder.resolve(bucket);
  }

  /** The path of something in the bucket. */
  public String path(String name) {
    return "s3a://" + bucket + "/" + name;
  }

  /** How Hadoop reaches it, credentials apart. */
  public Map<String, String> address() {
    return Map.of(
        "fs.s3a.endpoint", "http://127.0.0.1:" + proxy.port(),
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true",
        "fs.s3a.connection.ssl.enabled", "false");
  }

  /**
   * Hadoop's configuration with address and credentials; failures are tried again soon, but not for
   * long.
   */
  public void configure(Configuration hadoop) {
    Map<String, String> settings = new HashMap<>(address());
    settings.put("fs.s3a.access.key", KEY);
    settings.put("fs.s3a.secret.key", SECRET);
    settings.put("fs.s3a.attempts.maximum", "3");
    settings.put("fs.s3a.retry.limit", "4");
    settings.put("fs.s3a.retry.interval", "20ms");
    settings.put("fs.s3a.retry.throttle.interval", "20ms");
    settings.forEach(
        (key, value) -> hadoop.set(key.replace("fs.s3a.", "fs.s3a.bucket." + bucket + "."), value));
  }

  /** Puts a file into the bucket, as a client does: one that is only copied there has no ETag. */
  public void upload(Path file, String name) throws IOException {
    Configuration hadoop = new Configuration();
    configure(hadoop);
    var target = new org.apache.hadoop.fs.Path(path(name));
    target
        .getFileSystem(hadoop)
        .copyFromLocalFile(new org.apache.hadoop.fs.Path(file.toAbsolutePath().toString()), target);
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    try {
      server.getClass().getMethod("stop").invoke(server);
    } catch (InvocationTargetException e) {
      throw new IOException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
