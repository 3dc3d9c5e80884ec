package org.cytolake.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Draws a query over the view {@code $p} of pixels with the columns image, well, series, z, t, y,
 * x, corrupt, the integers dna, actin and wide, and the floats heat and heap. Its rows do not
 * depend on the order in which pixels are added up.
 */
final class RandomQuery {
  private static final List<String> TEXTS = List.of("image", "well");
  private static final List<String> PLACES = List.of("z", "t", "series");
  private static final List<String> POSITIONS = List.of("x", "y");
  private static final List<String> INTEGERS = List.of("dna", "actin", "wide");
  private static final List<String> NARROW = List.of("dna", "actin"); // their products stay exact
  private static final List<String> FLOATS = List.of("heat", "heap");

  private final Random random;

  RandomQuery(Random random) {
    this.random = random;
  }

  String sql() {
    return switch (random.nextInt(6)) {
      case 0 -> pixels();
      case 1 -> whole();
      case 2 -> nested();
      case 3 -> joined();
      default -> grouped();
    };
  }

  @SafeVarargs
  private <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  private String of(List<String> some) {
    return some.get(random.nextInt(some.size()));
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private String some(int most, String separator, Supplier<String> part) {
    return IntStream.rangeClosed(0, random.nextInt(most))
        .mapToObj(i -> part.get())
        .distinct()
        .collect(Collectors.joining(separator));
  }

  private String column() {
    return of(one(TEXTS, PLACES, POSITIONS, INTEGERS, FLOATS, List.of("corrupt")));
  }

  private String number() {
    return of(one(PLACES, POSITIONS, POSITIONS, INTEGERS, INTEGERS, FLOATS));
  }

  private String literal() {
    return one(
        String.valueOf(random.nextInt(40)),
        String.valueOf(random.nextInt(300)),
        "-" + random.nextInt(5),
        "0",
        random.nextInt(40) + ".5",
        "0.25",
        "-0.0",
        "double('NaN')",
        "double('Infinity')",
        "double('-Infinity')",
        "2000000001",
        "NULL");
  }

  private String comparison() {
    String operator = one("=", "<>", "<", "<=", ">", ">=", "<=>");
    return one(
        number() + " " + operator + " " + literal(),
        literal() + " " + operator + " " + number(),
        of(POSITIONS) + " " + one(">=", "<", ">", "<=") + " " + random.nextInt(50),
        of(POSITIONS) + " BETWEEN " + random.nextInt(20) + " AND " + (20 + random.nextInt(40)),
        of(POSITIONS) + " >= 0",
        "well " + operator + " '" + well() + "'",
        number() + " " + operator + " " + number());
  }

  private String well() {
    return one("A01", "A02", "B01", "C01", "C02", "C03", "", "Z");
  }

  private String predicate(int depth) {
    if (depth > 0 && chance(0.5)) {
      return one(
          "(" + predicate(depth - 1) + " AND " + predicate(depth - 1) + ")",
          "(" + predicate(depth - 1) + " OR " + predicate(depth - 1) + ")",
          "NOT (" + predicate(depth - 1) + ")");
    }
    return one(
        comparison(),
        comparison(),
        comparison(),
        column() + " IS " + one("", "NOT ") + "NULL",
        number() + one("", " NOT") + " IN (" + some(3, ", ", this::literal) + ")",
        "well" + one("", " NOT") + " LIKE '" + one("A%", "%1", "%0%", "C03") + "'",
        "well IN ('" + well() + "', '" + well() + "')",
        "CAST(" + number() + " AS " + one("STRING", "DOUBLE", "FLOAT") + ") IS NOT NULL",
        of(INTEGERS) + " % " + (2 + random.nextInt(3)) + " = 0",
        "upper(image) < 'B'");
  }

  private String where() {
    return chance(0.25)
        ? ""
        : " WHERE "
            + IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(i -> predicate(2))
                .collect(Collectors.joining(" AND "));
  }

  private String pixels() {
    String columns = some(4, ", ", this::column);
    return chance(0.3)
        ? "SELECT DISTINCT " + columns + " FROM $p" + where()
        : "SELECT " + columns + ", count(*) OVER () FROM $p" + where();
  }

  private String key() {
    return one(
        of(TEXTS),
        of(TEXTS),
        of(PLACES),
        of(INTEGERS),
        of(FLOATS),
        "corrupt",
        of(POSITIONS),
        "dna % 7",
        "CAST(heat AS DOUBLE)",
        "corrupt IS NULL");
  }

  private String aggregate() {
    String plain =
        one(
            "count(*)",
            "count(" + column() + ")",
            "sum(" + number() + ")",
            "avg(" + of(one(INTEGERS, FLOATS)) + ")",
            "sum(dna * 2 + actin)",
            "sum(CAST(actin AS DOUBLE))",
            "count(DISTINCT " + of(one(INTEGERS, TEXTS)) + ")");
    return one(
        plain,
        plain,
        plain,
        plain + " FILTER (WHERE " + predicate(1) + ")",
        extreme(column()) + one("", "", " FILTER (WHERE " + predicate(1) + ")"),
        one("bool_and", "bool_or", "count_if") + "(" + predicate(1) + ")",
        spread(of(one(NARROW, FLOATS))),
        together(of(NARROW), of(NARROW)),
        "percentile("
            + of(INTEGERS)
            + ", "
            + one("0.5", "0", "1", "0.998", "array(0.1, 0.9)")
            + ")",
        "percentile_cont("
            + one("0.25", "0.5")
            + ") WITHIN GROUP (ORDER BY "
            + of(INTEGERS)
            + one("", " DESC")
            + ")",
        "median(" + of(INTEGERS) + ")",
        "histogram(" + of(one(INTEGERS, FLOATS)) + ")",
        "joint_histogram(" + of(INTEGERS) + ", " + of(one(INTEGERS, FLOATS)) + ")");
  }

  /** The least or the greatest: of 0.0 and -0.0, which are equal, Spark returns either. */
  private String extreme(String of) {
    return one("min(", "max(") + (FLOATS.contains(of) ? of + " + 0" : of) + ")";
  }

  /** Of a channel where it varies: the spread of one value is 0 or Spark's rounding error. */
  private String spread(String of) {
    String spread = one("stddev_pop", "stddev_samp", "var_pop", "var_samp");
    return "CASE WHEN min(" + of + ") < max(" + of + ") THEN " + spread + "(" + of + ") END";
  }

  /**
   * Of two channels of small integers, on the scale of their spread, since it may be next to
   * nothing; the correlation where both vary. Elsewhere Spark's own figures differ with the order
   * of the pixels.
   */
  private String together(String a, String b) {
    String vary = "min(" + a + ") < max(" + a + ") AND min(" + b + ") < max(" + b + ")";
    return one(
        "CASE WHEN " + vary + " THEN round(corr(" + a + ", " + b + "), 9) + 0 END",
        "round("
            + one("covar_pop", "covar_samp")
            + "("
            + a
            + ", "
            + b
            + ") / (1 + stddev_pop("
            + a
            + ") * stddev_pop("
            + b
            + ")), 9) + 0");
  }

  private String aggregates() {
    return some(4, ", ", this::aggregate);
  }

  private String grouped() {
    List<String> keys = new ArrayList<>();
    if (chance(0.3)) {
      keys.addAll(List.of("image", "z", "t"));
    }
    for (String key : some(3, "|", this::key).split("\\|", -1)) {
      if (!keys.contains(key)) {
        keys.add(key);
      }
    }
    String having =
        chance(0.2)
            ? " HAVING "
                + one(
                    "count(*) > 5",
                    "max(dna) IS NULL",
                    "var_pop(dna) > 100",
                    "count(corrupt) = 0 AND min(x) < 20",
                    "median(actin) <= 11")
            : "";
    String by = String.join(", ", keys);
    return "SELECT "
        + by
        + ", "
        + aggregates()
        + " FROM $p"
        + where()
        + " GROUP BY "
        + (chance(0.1) ? "ROLLUP (" + by + ")" : by)
        + having;
  }

  private String whole() {
    return "SELECT " + aggregates() + " FROM $p" + where();
  }

  private String nested() {
    return one(
        "SELECT count(*), sum(n) FROM (SELECT image, count(*) AS n FROM $p"
            + where()
            + " GROUP BY image) WHERE n "
            + one("> 1", "= 1", "< 2000"),
        "SELECT image, max(actin) FROM (SELECT image, actin FROM $p"
            + where()
            + ") WHERE actin > 3 GROUP BY image",
        "SELECT count(*) FROM $p WHERE dna = (SELECT max(dna) FROM $p" + where() + ")",
        "SELECT count(*) FROM $p WHERE image IN (SELECT image FROM $p" + where() + ")",
        "SELECT well, count(*) FROM $p o WHERE "
            + one("", "NOT ")
            + "EXISTS (SELECT 1 FROM (SELECT well AS w, z AS d, dna AS n FROM $p"
            + where()
            + ") WHERE w = o.well AND d = o.z AND n > 250) GROUP BY well",
        "SELECT image, n, (SELECT max(actin) FROM $p"
            + where()
            + ") FROM (SELECT image, z, median(dna) AS n FROM $p GROUP BY image, z, t)",
        "SELECT CAST(n AS STRING), count(*) FROM (SELECT image, z, t, CAST(avg(dna) AS INT) AS n"
            + " FROM $p"
            + where()
            + " GROUP BY image, z, t) GROUP BY CAST(n AS STRING)");
  }

  private String joined() {
    if (chance(0.3)) {
      String keys = one("image", "image, z", "image, z, t", "well");
      return "SELECT a.*, b.* FROM (SELECT "
          + keys
          + ", "
          + aggregate()
          + " AS f FROM $p"
          + where()
          + " GROUP BY "
          + keys
          + ") a "
          + one("", "LEFT ", "FULL ")
          + "JOIN (SELECT "
          + keys
          + ", "
          + aggregate()
          + " AS g FROM $p"
          + where()
          + " GROUP BY "
          + keys
          + ") b USING ("
          + keys
          + ")";
    }
    if (chance(0.3)) {
      return "SELECT count(*), min(dna), max(wide) FROM (SELECT * FROM $p"
          + where()
          + ") "
          + one("", "LEFT ", "LEFT SEMI ", "LEFT ANTI ")
          + "JOIN (SELECT * FROM doses WHERE dose "
          + one("= 2", "> 1", "< 0", "<> 3")
          + ") ON well = place"
          + one("", " AND z < dose");
    }
    return "SELECT well, dose, "
        + aggregates()
        + " FROM (SELECT * FROM $p"
        + where()
        + ") JOIN (VALUES ('A01', 1), ('C03', 2), ('C02', 3)) AS m(place, dose) ON well = place"
        + " GROUP BY well, dose";
  }
}
