package org.cytolake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageNamesTest {
  @TempDir Path folder;

  @Test
  void filesThatGoWithImagesAreNone() {
    ImageNames names = ImageNames.ofReaders();
    assertThat(
            List.of(
                "a.h5",
                "a.HTD",
                "a.cfg",
                "a.dat",
                "a.hdr",
                "a.nd",
                "a.txt",
                "a.xml",
                "a.log",
                "a.r3d.log",
                "a.json",
                "a.db",
                "Thumbs.db",
                "a.mtb",
                "a.ids",
                "a.zip",
                "a.wav",
                "a.fake",
                "a.pattern",
                "a.xdce",
                "a",
                "b.d/a",
                "p/a_w1_thumb.tif",
                "p/a_s1_w1_thumb05C8E9A1-11B2-4F0A-8D2E-0A1B2C3D4E5F.tif",
                "x.oif.files/s_C001.tif"))
        .noneMatch(names::isImage);
    assertThat(
            List.of(
                "a.tif",
                "A.TIFF",
                "a.ome.tif",
                "a.ome.btf",
                "a.companion.ome",
                "a.png",
                "a.jpg",
                "a.bmp",
                "a.ppm",
                "a.fits",
                "a.ics",
                "a.ome.xml",
                "x.y/a.tif",
                "mouse_thumb_01.tif"))
        .allMatch(names::isImage);
  }

  @Test
  void aFileThatIsNamedIsTried() throws Exception {
    Path settings = Files.writeString(folder.resolve("a.cfg"), "x");
    Files.writeString(folder.resolve("a.tif"), "x");
    Listing ofFolder =
        Listing.of(SourceOptions.of(Map.of("path", folder.toString())), new Configuration());
    assertThat(ofFolder.images()).extracting(Listing.ListedImage::image).containsExactly("a");
    assertThat(ofFolder.ignored()).isEqualTo(1);
    Listing ofFile =
        Listing.of(SourceOptions.of(Map.of("path", settings.toString())), new Configuration());
    assertThat(ofFile.images()).hasSize(1);
  }
}
