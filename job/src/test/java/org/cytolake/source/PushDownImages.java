package org.cytolake.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Images of every kind, and queries over the view {@code p} of them. */
final class PushDownImages {
  static final int WIDTH = 97;
  static final int HEIGHT = 61;

  private PushDownImages() {}

  static TestImages.Pattern pattern(String type, int seed) {
    int range = type.endsWith("8") ? 256 : 40_000;
    int low = type.startsWith("u") ? 0 : -range / 2;
    return (s, c, z, t, y, x) ->
        low + Math.floorMod(x * (7 + c) + y * y * (3 + z + 2 * t) + c * x * y + seed, range);
  }

  /** Folders of images by what is in them. */
  static void write(Path folder) throws IOException {
    for (String type : List.of("uint8", "int8", "uint16", "int16")) {
      Path images = Files.createDirectory(folder.resolve(type));
      for (int i = 0; i < 3; i++) {
        TestImages.write(
            images.resolve("i" + i + ".ome.tif"),
            TestImages.Spec.of(WIDTH, HEIGHT, type, pattern(type, 100 * i)).channels(2));
      }
    }
    Path stacks = Files.createDirectory(folder.resolve("stacks"));
    TestImages.write(
        stacks.resolve("a.ome.tif"),
        TestImages.Spec.of(40, 50, "uint16", pattern("uint16", 1)).channels(2).zt(3, 2).series(2));
    Path wide = Files.createDirectory(folder.resolve("wide"));
    for (String type : List.of("float", "uint32", "double")) {
      TestImages.write(
          wide.resolve("A01_" + type + ".ome.tif"),
          TestImages.Spec.of(
              WIDTH,
              HEIGHT,
              type,
              (s, c, z, t, y, x) ->
                  type.equals("uint32")
                      ? 4_000_000_000.0 + x * y % 9
                      : x == 3
                          ? Double.NaN
                          : x == 4 ? -0.0 : x == 5 ? 1 / 0.0 : Math.floorMod(x * y, 5) / 4.0 - 1));
    }
    Path broken = Files.createDirectory(folder.resolve("broken"));
    for (String name : List.of("good", "header", "pixels")) {
      TestImages.write(
          broken.resolve(name + ".ome.tif"),
          TestImages.Spec.of(WIDTH, HEIGHT, "uint16", pattern("uint16", 5)).channels(2));
    }
    Files.write(broken.resolve("header.ome.tif"), new byte[] {1, 2, 3});
    Path damaged = broken.resolve("pixels.ome.tif");
    byte[] bytes = Files.readAllBytes(damaged);
    Files.write(damaged, Arrays.copyOf(bytes, 8 + WIDTH * HEIGHT));
  }

  private static Dataset<Row> pixels(Path folder, String images, boolean pushDown) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("channels", "1=nuclei,2=cells");
    options.put("tile-pixels", "1024");
    options.put("push-down", String.valueOf(pushDown));
    if (images.equals("wide")) {
      options.put("pattern", "(?<well>[A-P]\\d\\d)_(?<channel>[a-z0-9]+)\\.ome\\.tif");
      options.put("channels", "float=f,uint32=l,double=d");
    }
    if (images.equals("broken")) {
      options.put("mode", "PERMISSIVE");
    }
    return MicroscopySourceTest.read(folder.resolve(images), options);
  }

  static Dataset<Row> run(Path folder, String sql, String images, boolean pushDown) {
    pixels(folder, images, pushDown).createOrReplaceTempView("p");
    return LocalSpark.session().sql(sql);
  }
}
