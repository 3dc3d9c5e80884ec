package org.cytolake.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.ReportSettings;
import org.junit.jupiter.api.Test;

/** What goes to executors comes through Java serialisation as it was. */
final class ShippedTest {
  @SuppressWarnings("BanSerializableRead") // only what was written just before
  private static Object roundTrip(Serializable object) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void theFunctionThatDrawsImages() throws Exception {
    CytolakeConfig config = ConfigLoader.load(Optional.empty(), Map.of(), List.of());
    List<String> channels = List.of("dna", "er", "actin");
    ReportSettings settings =
        new ReportSettings(
            channels, config.exploration().resolved(channels), config.clustering(), 5);
    assertThat(settings.pair()).containsExactly("dna", "actin");
    assertThat(settings.reference()).isEqualTo("dna");
    RenderImages images =
        new RenderImages(
            settings,
            List.of("well"),
            List.of(DataTypes.IntegerType),
            null,
            null,
            new ImagePages(new ReportFolder("s3a://bucket/tables"), true, "template"),
            null);
    assertThat(roundTrip(images)).isEqualTo(images).isNotSameAs(images);
    assertThat(roundTrip(new ImageKey("a", 1, 2, 3))).isEqualTo(new ImageKey("a", 1, 2, 3));
  }
}
