package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.catalog.ArrivalOptions;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.OutputFolder;
import org.cytolake.s3.FaultyProxy.Fate;
import org.cytolake.s3.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said where S3 cannot be used. */
class S3ErrorsTest {
  @TempDir Path folder;
  private S3Server server;
  private Configuration hadoop;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server(folder);
    hadoop = new Configuration();
    server.configure(hadoop);
    server.address().forEach(hadoop::set);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void set(String name, String value) {
    hadoop.set("fs.s3a.bucket." + server.path("").split("/", -1)[2] + "." + name, value);
  }

  private CytolakeException input(String path) {
    SourceOptions options =
        new SourceOptions(
            List.of(path),
            null,
            Map.of(),
            SourceOptions.ALL_Z,
            true,
            true,
            RowSize.PIXELS,
            1 << 20,
            1 << 20,
            true,
            60,
            PyramidLevel.FULL,
            ArrivalOptions.DEFAULT);
    return catchThrowableOfType(CytolakeException.class, () -> Listing.of(options, hadoop));
  }

  private CytolakeException output(String path) {
    return catchThrowableOfType(
        CytolakeException.class, () -> OutputFolder.of(path, hadoop).requireWritable("_probe"));
  }

  private void says(CytolakeException said, Code code, String... parts) {
    assertThat(said).isNotNull();
    assertThat(said.code()).as(said.getMessage()).isEqualTo(code);
    assertThat(said.getMessage()).contains(parts).doesNotContain(S3Server.SECRET);
  }

  @Test
  void noSuchBucket() {
    hadoop.set("fs.s3a.access.key", S3Server.KEY);
    hadoop.set("fs.s3a.secret.key", S3Server.SECRET);
    says(
        input("s3a://absent-bucket/images"),
        Code.USAGE,
        "Cannot list the input 's3a://absent-bucket/images': there is no such bucket.",
        "Check its name");
    says(
        output("s3a://absent-bucket/tables"),
        Code.USAGE,
        "The output s3a://absent-bucket/tables cannot be written: there is no such bucket.");
  }

  @Test
  void noCredentials() {
    set("aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    set("access.key", "");
    set("secret.key", "");
    says(
        input(server.path("images")),
        Code.USAGE,
        "there are no credentials for S3. Set AWS_ACCESS_KEY_ID");
    says(output(server.path("tables")), Code.USAGE, "there are no credentials for S3");
  }

  @Test
  void wrongCredentials() {
    set("secret.key", "wrong");
    // the answer to the first request, a HEAD, says no more than 403
    says(input(server.path("images")), Code.USAGE, "access is denied. Check the credentials");
    says(output(server.path("tables")), Code.USAGE, "the store does not accept the credentials");
    set("access.key", "UNKNOWN");
    says(output(server.path("tables")), Code.USAGE, "the store does not accept the credentials");
  }

  @Test
  void accessDenied() {
    server.proxy().disturb((n, method, target) -> Fate.ACCESS_DENIED);
    says(input(server.path("images")), Code.USAGE, "access is denied.", "s3:GetObject on inputs");
    server
        .proxy()
        .disturb((n, method, target) -> method.equals("PUT") ? Fate.ACCESS_DENIED : Fate.SERVED);
    says(output(server.path("tables")), Code.USAGE, "access is denied.", "s3:PutObject");
  }

  @Test
  void nothingThereOrServerDown() {
    says(input(server.path("images")), Code.USAGE, "does not exist");
    server.proxy().disturb((n, method, target) -> Fate.INTERNAL_ERROR);
    says(input(server.path("images")), Code.FAILED, "Cannot list the input", "images");
  }

  @Test
  void secretInAPath() {
    String path = "s3a://" + S3Server.KEY + ":" + S3Server.SECRET + "@screens/images";
    says(
        input(path),
        Code.USAGE,
        "The path given to --input has a user's name or key and its secret in it. Leave them out");
    says(output(path), Code.USAGE, "The path given to --output has a user's name or key");
  }

  @Test
  void otherNamesOfS3() {
    says(input("s3://screens/images"), Code.USAGE, "Write s3a://BUCKET/FOLDER.");
    hadoop.set("fs.s3a.impl", "org.absent.s3a.S3AFileSystem");
    says(input("s3a://screens/images"), Code.USAGE, "S3 client is not on the class path");
  }
}
