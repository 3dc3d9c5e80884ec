package org.cytolake.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.cytolake.config.LabelFormat;
import org.junit.jupiter.api.Test;

class ImageFilesTest {
  @Test
  void plainNamesStay() {
    assertThat(ImageFiles.LABELS.name("plate 1/A01_s1.b=2", LabelFormat.OME_TIFF))
        .isEqualTo("labels/plate 1/A01_s1.b=2.ome.tif");
    assertThat(ImageFiles.CLUSTER_IMAGES.names("Größe"))
        .containsExactly("cluster_images/Größe.ome.tif", "cluster_images/Größe.ome.zarr");
    assertThat(ImageFiles.GEOJSON.names("a")).containsExactly("geojson/a.geojson");
  }

  @Test
  void differentIdsGiveDifferentNamesThatStayInTheFolder() {
    Random random = new Random(3);
    String alphabet = "aA.%_/:?*<>\"\\&#\n 2é~\uD83D\uDE00";
    Set<String> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (int n = 0; n < 20_000; n++) {
      StringBuilder id = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
        id.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
      }
      ids.add(id.toString());
      String name = ImageFiles.safe(id.toString());
      names.add(name);
      assertThat(name).doesNotContainPattern("[:?*<>\"\\\\&#\n~]");
      for (String part : List.of(name.split("/", -1))) {
        assertThat(part).isNotEmpty().doesNotStartWith(".").doesNotStartWith("_");
        assertThat(part).doesNotContain("..");
      }
    }
    assertThat(names).hasSameSizeAs(ids);
  }

  @Test
  void longNamesAreCutAndStayDifferent() {
    String one = ImageFiles.safe("é".repeat(200) + "1");
    String two = ImageFiles.safe("é".repeat(200) + "2");
    assertThat(one).isNotEqualTo(two);
    assertThat(one.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(240);
  }
}
