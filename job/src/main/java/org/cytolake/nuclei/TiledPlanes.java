package org.cytolake.nuclei;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.network.ModelFile;
import org.cytolake.network.StarDistModel;
import org.cytolake.nuclei.PredictTiles.Found;
import org.cytolake.nuclei.PredictTiles.Part;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.StarThresholds;
import scala.Tuple2;

/**
 * Segments large planes by tiles, each in a task of its own, with the result of the whole plane at
 * once. The network sees a tile with a halo as wide as its receptive field, so that it predicts for
 * the core what it would predict in the whole plane; the candidates of all cores come together, one
 * plane a task, and are suppressed together; what is left is painted and measured in blocks, again
 * many tasks a plane.
 *
 * <p>What bounds a plane: {@code max-candidates} for those of one tile, and for those of all tiles
 * after each has left out what surely goes ({@link StarDist#thin}); about 300 bytes each. No task
 * holds a whole plane's pixels or labels.
 */
public final class TiledPlanes implements AutoCloseable {
  private final JavaSparkContext context;
  private final Broadcast<ModelFile> model;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final SegmentPlanes.Settings settings;
  private final StructType nucleus;
  private final Tiling tiling;
  private final LongAccumulator done;
  private JavaRDD<Found> found;

  /**
   * How planes are cut.
   *
   * @param multiple {@link StarDistModel#multiple}
   * @param halo {@link StarDistModel#halo}
   * @param side longest side of what the network sees at once, pixels
   */
  public record Tiling(int multiple, int halo, int side) implements Serializable {
    /** The tiles of a plane; one where it is small. */
    public List<PlaneTile> cut(int height, int width) {
      return PlaneTile.cut(height, width, multiple, halo, side);
    }

    /** Whether the network sees the plane at once. */
    public boolean isSmall(FieldPlane plane) {
      return cut(plane.field().sizeY(), 1).size() == 1 && cut(1, plane.field().sizeX()).size() == 1;
    }
  }

  /** What all tiles of a plane say together. */
  record PlaneState(float largest, double seconds, String failure) implements Serializable {
    static PlaneState of(Found tile) {
      return new PlaneState(tile.candidates().largest(), tile.seconds(), tile.failure());
    }

    PlaneState plus(PlaneState other) {
      return new PlaneState(
          Math.max(largest, other.largest),
          seconds + other.seconds,
          failure == null ? other.failure : failure);
    }
  }

  /**
   * @param nucleus columns of the table {@code nuclei} behind its keys
   * @param done counts the pixels of tiles that are predicted, without their halos
   */
  public TiledPlanes(
      JavaSparkContext context,
      Broadcast<ModelFile> model,
      Broadcast<SerializableConfiguration> hadoop,
      SegmentPlanes.Settings settings,
      StructType nucleus,
      Tiling tiling,
      LongAccumulator done) {
    this.context = context;
    this.model = model;
    this.hadoop = hadoop;
    this.settings = settings;
    this.nucleus = nucleus;
    this.tiling = tiling;
    this.done = done;
  }

  /** A few a task: tasks end often enough to tell the progress and to even out. */
  public static int tasks(int items, int cores) {
    return Math.max(1, Math.min(items, Math.max(4 * cores, items / 16)));
  }

  /**
   * Predicts now; the rest follows when the rows are computed. Closing forgets the predictions: do
   * so when the rows have been written.
   *
   * @return one row or more for each plane, see {@link SegmentPlanes}
   */
  public JavaRDD<Row> rows(List<FieldPlane> planes) {
    List<Part> parts = new ArrayList<>();
    for (int plane = 0; plane < planes.size(); plane++) {
      for (PlaneTile tile :
          tiling.cut(planes.get(plane).field().sizeY(), planes.get(plane).field().sizeX())) {
        parts.add(new Part(plane, tile));
      }
    }
    int cores = Math.max(1, context.defaultParallelism());
    int tasks = tasks(parts.size(), cores);
    SegmentPlanes.Settings predicting = settings.forTasks(context.sc(), tasks);
    Broadcast<List<FieldPlane>> shipped = context.broadcast(List.copyOf(planes));
    found =
        context
            .parallelize(parts, tasks)
            .mapPartitions(new PredictTiles(model, hadoop, shipped, predicting, done))
            .persist(StorageLevel.DISK_ONLY());
    Map<Integer, PlaneState> states =
        new HashMap<>(
            found
                .mapToPair(tile -> new Tuple2<>(tile.part().plane(), PlaneState.of(tile)))
                .reduceByKey(PlaneState::plus)
                .collectAsMap());
    Broadcast<Map<Integer, PlaneState>> shippedStates = context.broadcast(states);
    StarThresholds thresholds = settings.thresholds();
    JavaPairRDD<Integer, Candidates> thinned =
        found.mapToPair(
            tile -> {
              int plane = tile.part().plane();
              PlaneState state = shippedStates.value().get(plane);
              Candidates left =
                  state.failure() == null
                      ? StarDist.thin(
                          tile.candidates(), tile.part().tile(), thresholds, state.largest())
                      : Candidates.of(List.of(), 0);
              return new Tuple2<>(plane, left);
            });
    return thinned
        .partitionBy(new HashPartitioner(planes.size()))
        .mapPartitions(new JoinTiles(shipped, shippedStates, settings, tiling.side()))
        .repartition(tasks)
        .mapPartitions(new MeasureBlocks(hadoop, shipped, settings, nucleus));
  }

  /** Forgets the predictions. */
  @Override
  public void close() {
    if (found != null) {
      found.unpersist(false);
    }
  }
}
