package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.cytolake.field.Field;
import org.cytolake.stardist.Candidates;
import org.cytolake.stardist.Star;
import org.cytolake.stardist.StarDist;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Selects the nuclei of whole planes among the candidates of their tiles and divides them into
 * blocks: the function of a {@code mapPartitions} over partitions that have all tiles of a plane.
 *
 * @param side of the blocks, pixels
 */
record JoinTiles(
    Broadcast<List<FieldPlane>> planes,
    Broadcast<Map<Integer, TiledPlanes.PlaneState>> states,
    SegmentPlanes.Settings settings,
    int side)
    implements FlatMapFunction<Iterator<Tuple2<Integer, Candidates>>, NucleiBlock> {

  @Override
  public Iterator<NucleiBlock> call(Iterator<Tuple2<Integer, Candidates>> tiles) {
    Map<Integer, List<Candidates>> byPlane = new TreeMap<>();
    Map<Integer, Long> counts = new TreeMap<>();
    while (tiles.hasNext()) {
      Tuple2<Integer, Candidates> tile = tiles.next();
      List<Candidates> ofPlane = byPlane.computeIfAbsent(tile._1(), k -> new ArrayList<>());
      if (counts.merge(tile._1(), (long) tile._2().size(), Long::sum) > settings.maxCandidates()) {
        ofPlane.clear(); // it fails: nothing is kept in memory
      } else {
        ofPlane.add(tile._2());
      }
    }
    Iterator<Map.Entry<Integer, List<Candidates>>> entries = byPlane.entrySet().iterator();
    Iterator<Iterator<NucleiBlock>> blocks =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public Iterator<NucleiBlock> next() {
            Map.Entry<Integer, List<Candidates>> plane = entries.next();
            return blocks(plane.getKey(), plane.getValue(), counts.get(plane.getKey())).iterator();
          }
        };
    return CollectionConverters.asJava(
        CollectionConverters.asScala(blocks).flatMap(CollectionConverters::asScala));
  }

  private List<NucleiBlock> blocks(int plane, List<Candidates> tiles, long count) {
    long start = System.nanoTime();
    TiledPlanes.PlaneState state = states.value().get(plane);
    if (state.failure() != null) {
      return List.of(NucleiBlock.none(plane, state.seconds(), state.failure()));
    }
    Field field = planes.value().get(plane).field();
    List<NucleiBlock> blocks = new ArrayList<>();
    String failure = null;
    try {
      if (count > settings.maxCandidates()) {
        throw StarDist.tooMany(settings.maxCandidates(), settings.thresholds().prob());
      }
      List<Star> stars = StarDist.select(tiles, settings.thresholds());
      blocks.addAll(
          NucleiBlock.divide(plane, stars, field.sizeY(), field.sizeX(), settings.ring(), side));
    } catch (RuntimeException e) {
      failure = PlaneRow.failure(field, e);
      blocks.clear();
    }
    double seconds = state.seconds() + (System.nanoTime() - start) / 1e9;
    if (blocks.isEmpty()) {
      return List.of(NucleiBlock.none(plane, seconds, failure).with(count, seconds));
    }
    blocks.set(0, blocks.get(0).with(count, seconds));
    return blocks;
  }
}
