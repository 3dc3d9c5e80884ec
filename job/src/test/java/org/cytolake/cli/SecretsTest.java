package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.StorePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets come into no log, and into no table by way of a path. */
final class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.azure.account.key.lab.dfs.core.windows.net=hush",
        "--conf=spark.hadoop.fs.s3a.secret.key=hush",
        "spark.hadoop.fs.gs.auth.service.account.private.key=hush\nhush",
        "spark.hadoop.fs.s3a.session.token=hush",
        "spark.hadoop.fs.azure.sas.container.account=hush",
        "spark.hadoop.fs.azure.account.oauth2.client.secret=a=hush",
        "spark.ssl.keyStorePassword=hush",
        "spark.hadoop.fs.s3a.encryption.key=hush",
        "--input=s3a://key:hush@bucket/plates",
        "input.paths=[hdfs://user:hush@host/plates]",
        "wasbs://box@lab.net/a?sv=1&sig=hush",
        "--set=a.secret.key=hush,b.password=hush",
        "SELECT 1 AS password; SET fs.s3a.secret.key = hush; SELECT token FROM t WHERE x = 1"
      })
  void aLogHasNone(String argument) {
    assertThat(Main.withoutSecrets(List.of("--conf", argument, "--quiet")))
        .doesNotContain("hush")
        .startsWith("--conf ")
        .endsWith(" --quiet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.executor.memory=8g",
        "--input=abfss://box@lab.dfs.core.windows.net/a",
        "clustering.k=[2,3]",
        "hdfs://host:8020/plates/a@b"
      })
  void aLogHasTheRest(String argument) {
    assertThat(Main.withoutSecrets(List.of(argument))).isEqualTo(argument);
  }

  /** In one pass: of a statement of 60 kB it once took minutes. */
  @Test
  @Timeout(60)
  void aLongStatementIsReadOnce() {
    String statement = "SELECT x FROM p WHERE x = 'token' AND ".repeat(100_000);
    for (String harmless :
        List.of(statement.replace("token", "taken"), statement.replace('=', '<'))) {
      assertThat(Main.withoutSecrets(List.of(harmless))).isEqualTo(harmless);
    }
    assertThat(Main.withoutSecrets(List.of("hdfs://a:".repeat(100_000) + statement)))
        .endsWith("x = 'token' AND SELECT x FROM p WHERE x =***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://key:hu/sh@bucket/plates",
        "hdfs://user:hush@host:8020/plates",
        "https://user:hush@host/plates",
        "abfss://box@lab.net/a?sv=1&sig=hush",
        "https://host/a?X-Amz-Signature=hush"
      })
  void aPathHasNone(String path) {
    assertThatThrownBy(() -> StorePath.requireNoSecret(path, "--input"))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("--input")
        .message()
        .doesNotContain("hush")
        .doesNotContain("hu/sh");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://bucket/plates",
        "hdfs://host:8020/plates/a@b:c",
        "abfss://box@lab.net/a",
        "file:/data/a:b@c",
        "/data/what?sig=no"
      })
  void otherPathsAreTaken(String path) {
    StorePath.requireNoSecret(path, "--input");
  }
}
