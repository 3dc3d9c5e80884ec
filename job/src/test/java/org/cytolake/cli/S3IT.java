package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cytolake.s3.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar under spark-submit with the S3 client beside it, input and output on S3. */
final class S3IT {
  @TempDir Path folder;
  private S3Server server;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server(folder.resolve("store"));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private ProcessBuilder submit(List<String> arguments) throws IOException {
    ProcessBuilder builder = Packaged.submitWithS3(server, arguments);
    // a later setting beats that of Packaged.submit
    List<String> command = builder.command();
    command.set(command.indexOf("spark.log.level=WARN"), "spark.log.level=INFO");
    return builder;
  }

  private List<String> analyze() {
    List<String> arguments =
        Packaged.analyze(
            Path.of("input"), Path.of("output"), "--set", "segmentation.enabled=false");
    arguments.set(arguments.indexOf("input"), server.path("images"));
    arguments.set(arguments.indexOf("output"), server.path("tables"));
    return arguments;
  }

  @Test
  void credentialsOfTheEnvironmentAreUsedAndNeverSaid() throws Exception {
    for (String channel : List.of("nuclei", "cytoplasm")) {
      String name = "SYN001_B02_f1_" + channel + ".tif";
      server.upload(Packaged.sampleImages().resolve(name), "images/" + name);
    }
    ProcessBuilder builder = submit(analyze());
    builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.KEY);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
    Packaged.Ended ended = Packaged.run(builder);
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text())
        .contains("1 images analysed", " INFO ")
        .doesNotContain(S3Server.SECRET)
        .doesNotContain(S3Server.KEY);
    assertThat(Packaged.table(server.objects().resolve("tables"), "images").count()).isOne();
    assertThat(server.objects().resolve("tables/_runs")).isNotEmptyDirectory();
  }

  @Test
  void withoutCredentialsNothingIsDone() throws Exception {
    Packaged.Ended ended = Packaged.run(submit(analyze()));
    assertThat(ended.code()).as(ended.text()).isEqualTo(2);
    assertThat(ended.text()).contains("there are no credentials for S3. Set AWS_ACCESS_KEY_ID");
  }
}
