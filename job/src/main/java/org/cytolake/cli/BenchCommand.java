package org.cytolake.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.cytolake.bench.Benchmark;
import org.cytolake.bench.CellBenchmark;
import org.cytolake.bench.CellposeBenchmark;
import org.cytolake.bench.ChannelsBenchmark;
import org.cytolake.bench.ExplorationBenchmark;
import org.cytolake.bench.NucleiBenchmark;
import org.cytolake.bench.PopulationsBenchmark;
import org.cytolake.bench.ScaleBenchmark;
import org.cytolake.bench.ZarrBenchmark;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.points.WeightedPoints;
import org.cytolake.run.AnalyzePipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cytolake bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how fast images are read and counted.",
      "Aggregates with and without push-down, and reading against Bio-Formats in a plain loop",
      "(single-plane TIFF files)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # the sample data",
      "  cytolake bench",
      "  # one's own images, more rounds, nothing enlarged, one core",
      "  cytolake bench --input plates/ --channels 1=nuclei,3=cytoplasm \\",
      "      --pattern '(?<well>[A-P]\\d{2})_c(?<channel>\\d)\\.tif' \\",
      "      --rounds 15 --enlarge 1 --master local[1]"
    })
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "7",
      paramLabel = "N",
      description = "Rounds, of which the median counts. Default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--enlarge",
      defaultValue = "8",
      paramLabel = "N",
      description =
          "Also count tuples on copies of the images, repeated N times in each direction, in a"
              + " temporary folder. 1 leaves that out. Default: ${DEFAULT-VALUE}.")
  int enlarge;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description =
          "A Python with deploy/bench/requirements.txt: also compare the steps of an exploration"
              + " with numpy, scikit-image, OpenCV and seaborn (two channels of 8 bits; takes some"
              + " minutes, for seaborn's density). deploy/bench/bench makes one.")
  String python;

  @Option(
      names = "--nuclei-python",
      paramLabel = "PATH",
      description =
          "A Python with deploy/bench/requirements-nuclei.txt: compare finding nuclei with Python's"
              + " StarDist and with ONNX Runtime alone, and nothing else. deploy/bench/bench"
              + " --nuclei makes one.")
  String nucleiPython;

  @Option(
      names = "--stardist",
      paramLabel = "FOLDER",
      description =
          "The built-in network in Keras' format, for StarDist. Without it a network of the same"
              + " size with random weights stands in, and only its prediction is timed.")
  String stardist;

  @Option(
      names = "--cells",
      description =
          "Time cells around the nuclei of a drawn plane beside the built-in network alone, and"
              + " nothing else.")
  boolean cells;

  @Option(
      names = "--cellpose-python",
      paramLabel = "PATH",
      description =
          "A Python with deploy/bench/requirements-cellpose.txt: compare what follows a Cellpose"
              + " network with Python's cellpose, on drawn cells, and nothing else."
              + " deploy/bench/bench --cellpose makes one.")
  String cellposePython;

  @Option(
      names = "--scale",
      split = ",",
      paramLabel = "N",
      description =
          "Plan runs over so many computed images, and do the first batches of them, and nothing"
              + " else: --scale 100000,1000000 takes minutes.")
  List<Integer> scale = List.of();

  @Option(
      names = "--zarr-python",
      paramLabel = "PATH",
      description =
          "A Python with deploy/bench/requirements-zarr.txt: compare the reading of OME-Zarr with"
              + " zarr-python and tensorstore, on a drawn field, and nothing else."
              + " deploy/bench/bench --zarr makes one.")
  String zarrPython;

  @Option(
      names = "--cluster-channels",
      paramLabel = "N",
      description =
          "Measure how long clustering a drawn plane of 2048 x 2048 pixels by N channels takes, 3"
              + " or more, beside the built-in network on as many pixels, and nothing else.")
  Integer clusterChannels;

  @Option(
      names = "--populations",
      paramLabel = "N",
      description =
          "Draw N images of 2 to 6 populations and count how often which criterion picks as many"
              + " clusters, and nothing else; a second an image.")
  Integer populations;

  @Mixin RunOptions options;
  @Mixin SparkOptions spark;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (cellposePython != null) {
      out.print(
          CellposeBenchmark.table(
              cellposePython, home("deploy/bench/cellpose_peers.py"), Math.max(1, rounds)));
      out.flush();
      return Main.OK;
    }
    if (cells) {
      out.print(CellBenchmark.table(Math.max(1, rounds)));
      out.flush();
      return Main.OK;
    }
    if (!scale.isEmpty()) {
      try (SparkSession session = spark.session("bench")) {
        new ScaleBenchmark(session, options.config.settings)
            .lines(
                scale,
                line -> {
                  out.println(line);
                  out.flush();
                });
        return Main.OK;
      }
    }
    if (zarrPython != null) {
      out.print(
          ZarrBenchmark.table(zarrPython, home("deploy/bench/zarr_peers.py"), Math.max(1, rounds)));
      out.flush();
      return Main.OK;
    }
    if (clusterChannels != null) {
      return channels(out);
    }
    if (populations != null) {
      return populations(out);
    }
    CytolakeConfig config = options.load();
    try (SparkSession session = spark.session("bench")) {
      if (nucleiPython != null) {
        out.print(nuclei(session, config));
        out.flush();
        return Main.OK;
      }
      Benchmark benchmark =
          new Benchmark(
              session, AnalyzePipeline.sourceOptions(config.input()), Math.max(1, rounds));
      Benchmark.Comparison pushDown = benchmark.pushDown();
      out.println(pushDown.line());
      out.flush();
      Benchmark.Comparison reading = benchmark.reading();
      out.println(reading.line());
      out.flush();
      boolean equal = pushDown.equal() && reading.equal();
      if (enlarge > 1) {
        Benchmark.Comparison enlarged = benchmark.pushDownEnlarged(enlarge);
        out.println(enlarged.line());
        out.flush();
        equal &= enlarged.equal();
      }
      if (python != null) {
        out.print(
            new ExplorationBenchmark(
                    session, AnalyzePipeline.sourceOptions(config.input()), Math.max(1, rounds))
                .table(python, home("deploy/bench/peers.py")));
        out.flush();
      }
      return equal ? Main.OK : Main.FAILED;
    }
  }

  private int channels(PrintWriter out) {
    if (clusterChannels < 3 || clusterChannels > WeightedPoints.MOST_CHANNELS) {
      throw new CytolakeException(
          Code.USAGE,
          "--cluster-channels is " + clusterChannels + ".",
          "Give 3 to " + WeightedPoints.MOST_CHANNELS + " channels.");
    }
    try {
      out.print(ChannelsBenchmark.table(clusterChannels, Math.max(1, rounds)));
    } catch (ImageReadException e) {
      throw new IllegalStateException(e); // the plane lies in memory
    }
    out.flush();
    return Main.OK;
  }

  private int populations(PrintWriter out) {
    try {
      out.print(PopulationsBenchmark.table(Math.max(5, populations)));
    } catch (ImageReadException e) {
      throw new IllegalStateException(e); // the planes lie in memory
    }
    out.flush();
    return Main.OK;
  }

  private String nuclei(SparkSession session, CytolakeConfig config) {
    String fp32 = home("deploy/models/nuclei-fluo/nuclei-fluo.onnx");
    String int8 = home("deploy/models/nuclei-fluo/nuclei-fluo-int8.onnx");
    return new NucleiBenchmark(
            session, AnalyzePipeline.sourceOptions(config.input()), Math.max(1, rounds))
        .table(
            nucleiPython,
            home("deploy/bench/nuclei_peers.py"),
            Files.exists(Path.of(int8)) ? List.of(fp32, int8) : List.of(fp32),
            stardist);
  }

  private static String home(String file) {
    String home = System.getenv("CYTOLAKE_HOME");
    return (home == null ? "." : home) + "/" + file;
  }
}
