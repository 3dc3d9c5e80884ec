package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.CytolakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When an image has arrived, on a clock of the test's own. */
final class ArrivalsTest {
  private static final int REST = 60;

  /** Seconds since 1970. */
  private long now = 1_000_000;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return Instant.ofEpochSecond(now);
        }
      };

  @TempDir Path folder;

  private Arrivals arrivals(String... more) {
    Map<String, String> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("rest-seconds", String.valueOf(REST));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return new Arrivals(SourceOptions.of(options), new Configuration(), clock);
  }

  private Path write(String name, String text, long modified) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(modified)));
  }

  private static List<String> ids(Optional<Arrivals.Found> found) {
    return found.orElseThrow().arrived().stream().map(Listing.ListedImage::image).toList();
  }

  private static List<String> look(Arrivals arrivals) {
    return ids(arrivals.look(image -> false));
  }

  @Test
  void afterItsRestByItsTimeOfModification() throws IOException {
    Arrivals arrivals = arrivals();
    assertThat(arrivals.look(image -> false)).as("nothing is there").isEmpty();
    write("notes.txt", "no image", now - 999);
    assertThat(arrivals.look(image -> false)).as("no image is there").isEmpty();
    write("a.tif", "x", now - REST);
    write("b.tif", "x", now - REST + 1);
    Arrivals.Found found = arrivals.look(image -> false).orElseThrow();
    assertThat(ids(Optional.of(found))).containsExactly("a");
    assertThat(found.waiting()).isOne();
    assertThat(found.listing().images()).hasSize(2);
    now++;
    assertThat(look(arrivals)).containsExactly("a", "b");
    assertThat(ids(arrivals.look(image -> image.image().equals("a")))).containsExactly("b");
  }

  @Test
  void whatIsSeenToChangeRestsFromThenOnWhateverItsTimeSays() throws IOException {
    Arrivals arrivals = arrivals();
    write("growing.tif", "x", now - 5);
    write("future.tif", "x", now + 10_000);
    assertThat(look(arrivals)).isEmpty();
    now += 50;
    write("growing.tif", "xy", 77); // as a copying program that sets times may leave it meanwhile
    assertThat(look(arrivals)).isEmpty();
    now += 10;
    assertThat(look(arrivals)).as("it has been the same for a minute").containsExactly("future");
    now += 50;
    assertThat(look(arrivals)).containsExactly("future", "growing");
  }

  @Test
  void whenAllChannelsAreThereThoughNoFileOfOneIsYet() throws IOException {
    String[] names = {
      "pattern", "(?<well>\\w+)_(?<channel>[a-z]+)\\.tif", "channels", "a=dna,b=actin"
    };
    Arrivals arrivals = arrivals(names);
    write("A01_a.tif", "x", 0);
    assertThat(look(arrivals)).isEmpty();
    write("A01_b.tif", "x", now);
    write("A02_b.tif", "x", 0);
    write("A03_a.tif", "", 0);
    write("A03_b.tif", "x", 0);
    assertThat(look(arrivals)).isEmpty();
    now += REST;
    Arrivals.Found found = arrivals.look(image -> false).orElseThrow();
    assertThat(ids(Optional.of(found))).containsExactly("A01");
    assertThat(found.waiting()).as("one without a channel, one with an empty file").isEqualTo(2);
    names[3] = "";
    assertThatThrownBy(() -> look(arrivals(names)))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("Nothing says which channels an image has")
        .hasMessageContaining("a, b");
    assertThatThrownBy(() -> arrivals("rest-seconds", "-1"))
        .hasMessageContaining("rest-seconds is -1")
        .hasMessageContaining("between 0 and 86400");
  }

  @Test
  void ofOmeZarrWhenItsChunksRest() throws IOException {
    write(
        "a.ome.zarr/zarr.json",
        "{\"zarr_format\":3,\"node_type\":\"group\",\"attributes\":{\"ome\":{\"version\":\"0.5\","
            + "\"multiscales\":[{\"datasets\":[{\"path\":\"0\"}]}]}}}",
        0);
    write("a.ome.zarr/0/c/0/0", "x", now - 10);
    Arrivals arrivals = arrivals();
    assertThat(look(arrivals)).isEmpty();
    now += 40;
    write("a.ome.zarr/0/c/0/1", "x", now);
    now += 59;
    assertThat(look(arrivals)).isEmpty();
    now += REST;
    assertThat(look(arrivals)).containsExactly("a");
  }
}
