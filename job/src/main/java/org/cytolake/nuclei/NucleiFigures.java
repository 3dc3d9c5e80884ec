package org.cytolake.nuclei;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.clusters.ClusterRows;
import org.cytolake.field.PlaneKey;
import org.cytolake.measure.NearestNeighbours;
import org.cytolake.measure.Quantiles;

/**
 * What the nuclei of one field of view say together.
 *
 * @param count nuclei, 0 or more
 * @param seconds that finding and measuring them took
 * @param candidates most that were compared with the limit at once
 * @param areas quantiles {@link #SHARES} of their areas, pixels; NaN without nuclei
 * @param nearestPx mean distance of a centroid to the nearest other one, pixels; NaN where there
 *     are fewer than two
 * @param nearestUm the same in µm; NaN where the pixel size is unknown too
 * @param uncertain nuclei that are hardly more probable than the threshold
 * @param pixels of all nuclei
 * @param intensity summed over those pixels, in the channel that was segmented
 */
public record NucleiFigures(
    long count,
    double seconds,
    long candidates,
    List<Double> areas,
    double nearestPx,
    double nearestUm,
    long uncertain,
    long pixels,
    double intensity) {
  /** The quantiles' shares. */
  public static final List<Double> SHARES = List.of(0.05, 0.25, 0.5, 0.75, 0.95);

  private static final List<String> KEY = List.of("image", "series", "z", "t");

  public NucleiFigures {
    areas = List.copyOf(areas);
  }

  /** Median area, pixels; NaN without nuclei. */
  double medianArea() {
    return areas.get(SHARES.indexOf(0.5));
  }

  /**
   * How to look at nuclei.
   *
   * @param channel that was segmented
   * @param uncertainBelow probability below which a nucleus is uncertain
   * @param pixelSizes by image: height and width of a pixel in µm; images of unknown pixel size are
   *     missing
   */
  record How(String channel, double uncertainBelow, Broadcast<Map<String, double[]>> pixelSizes)
      implements java.io.Serializable {}

  /** By field; a field that was cut has several rows. */
  static Map<PlaneKey, NucleiFigures> perField(Dataset<Row> segmented, How how) {
    Column part =
        expr(
            "struct(nuclei.area_px, nuclei.centroid_y, nuclei.centroid_x, nuclei.prob, nuclei.`sum_"
                + how.channel
                + "`)");
    Iterator<Row> rows =
        segmented
            .groupBy(KEY.stream().map(k -> col(k)).toArray(Column[]::new))
            .agg(sum("seconds"), max("candidates"), collect_list(part))
            .map(
                (MapFunction<Row, Row>)
                    row ->
                        row(row, how.uncertainBelow, how.pixelSizes.value().get(row.getString(0))),
                Encoders.row(schema()))
            .toLocalIterator();
    Map<PlaneKey, NucleiFigures> figures = new HashMap<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      figures.put(
          PlaneKey.of(row),
          new NucleiFigures(
              row.getLong(4),
              row.getDouble(5),
              row.getLong(6),
              row.getList(7),
              row.getDouble(8),
              row.getDouble(9),
              row.getLong(10),
              row.getLong(11),
              row.getDouble(12)));
    }
    return figures;
  }

  private static StructType schema() {
    StructType schema =
        new StructType()
            .add("image", DataTypes.StringType)
            .add("series", DataTypes.IntegerType)
            .add("z", DataTypes.IntegerType)
            .add("t", DataTypes.IntegerType);
    Map<String, DataType> figures = new java.util.LinkedHashMap<>();
    figures.put("count", DataTypes.LongType);
    figures.put("seconds", DataTypes.DoubleType);
    figures.put("candidates", DataTypes.LongType);
    figures.put("areas", DataTypes.createArrayType(DataTypes.DoubleType));
    figures.put("nearest_px", DataTypes.DoubleType);
    figures.put("nearest_um", DataTypes.DoubleType);
    figures.put("uncertain", DataTypes.LongType);
    figures.put("pixels", DataTypes.LongType);
    figures.put("intensity", DataTypes.DoubleType);
    for (Map.Entry<String, DataType> figure : figures.entrySet()) {
      schema = schema.add(figure.getKey(), figure.getValue());
    }
    return schema;
  }

  private static Row row(Row grouped, double uncertainBelow, double[] pixelSize) {
    List<Row> parts = grouped.getList(6);
    double[] areas = values(parts, 0);
    double[] ys = values(parts, 1);
    double[] xs = values(parts, 2);
    double nearestUm =
        pixelSize == null
            ? Double.NaN
            : NearestNeighbours.meanDistance(scaled(ys, pixelSize[0]), scaled(xs, pixelSize[1]));
    double[] shares = SHARES.stream().mapToDouble(s -> s).toArray();
    return RowFactory.create(
        grouped.get(0),
        grouped.get(1),
        grouped.get(2),
        grouped.get(3),
        (long) areas.length,
        grouped.get(4),
        grouped.get(5),
        ClusterRows.seq(Arrays.stream(Quantiles.of(areas, shares)).boxed().toList()),
        NearestNeighbours.meanDistance(ys, xs),
        nearestUm,
        Arrays.stream(values(parts, 3)).filter(p -> p < uncertainBelow).count(),
        (long) Arrays.stream(areas).sum(),
        Arrays.stream(values(parts, 4)).sum());
  }

  private static double[] scaled(double[] values, double by) {
    return Arrays.stream(values).map(v -> v * by).toArray();
  }

  private static double[] values(List<Row> parts, int column) {
    return parts.stream()
        .flatMap(part -> part.<Number>getList(column).stream())
        .mapToDouble(Number::doubleValue)
        .toArray();
  }
}
