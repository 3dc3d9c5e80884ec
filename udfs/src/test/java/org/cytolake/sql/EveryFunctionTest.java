package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.debug.package$;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all functions, over arguments that are read from rows. */
final class EveryFunctionTest {
  private static final Map<String, List<String>> CALLS = new LinkedHashMap<>();

  static {
    for (String name :
        List.of(
            "histogram_count",
            "histogram_mean",
            "histogram_stddev",
            "histogram_otsu",
            "histogram_equalize")) {
      CALLS.put(name, List.of("h"));
    }
    CALLS.put("histogram_percentile", List.of("h", "v"));
    CALLS.put("equalize", List.of("v", "h"));
    CALLS.put("stained_count", List.of("h", "v"));
    CALLS.put("stained_fraction", List.of("h", "v"));
    CALLS.put("stained_mean", List.of("h", "v - 5"));
    CALLS.put("normalize", List.of("v", "v", "v", "v - 1", "v + 40", "v / 2", "v"));
    CALLS.put("stddev_from_sums", List.of("v", "v", "9 * v"));
    CALLS.put("pearson_from_sums", List.of("v", "v", "2 * v", "9 * v", "8 * v", "7 * v"));
    CALLS.put("slope_from_sums", List.of("v", "v", "2 * v", "9 * v", "7 * v"));
    CALLS.put("overlap_from_sums", List.of("v", "2 * v", "v"));
    CALLS.put("colocalization", List.of("xs", "ys", "counts"));
    CALLS.put("kernel_density", List.of("t", "v", "v"));
    CALLS.put("polygon_area", List.of("p"));
    CALLS.put("polygon_contains", List.of("p", "v", "v"));
    CALLS.put("polygon_wkt", List.of("p"));
  }

  static List<SqlFunction> functions() {
    return Catalogue.FUNCTIONS;
  }

  @BeforeAll
  static void readArguments() {
    SqlSession.sql(
            "SELECT collect_list(struct(v, n)) AS h, collect_list(v) AS xs, collect_list(2 * v % 3) AS ys, collect_list(n) AS"
                + " counts, collect_list(struct(v, 2 * v % 3, n)) AS t,"
                + " collect_list(named_struct('y', v * v, 'x', v)) AS p, max(v) AS v"
                + " FROM VALUES (1, 2L), (2, 1L), (4, 5L), (7, 1L) AS t(v, n)")
        .cache()
        .createOrReplaceTempView("arguments");
  }

  private static String call(String name, List<String> arguments) {
    return "SELECT " + name + "(" + String.join(", ", arguments) + ") FROM arguments";
  }

  @Test
  void noneIsLeftOut() {
    assertThat(CALLS.keySet())
        .containsExactlyInAnyOrderElementsOf(functions().stream().map(SqlFunction::name).toList());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void generatedCodeCallsTheMethod(SqlFunction function) {
    Dataset<Row> called = SqlSession.sql(call(function.name(), CALLS.get(function.name())));
    assertThat(called.queryExecution().optimizedPlan().toString())
        .contains("static_invoke(" + function.owner().getName() + "." + function.method());
    called.collectAsList(); // an adaptive plan is settled by running
    SparkPlan plan = called.queryExecution().executedPlan();
    assertThat(package$.MODULE$.codegenString(plan))
        .contains(function.owner().getName() + "." + function.method() + "(");
    // what falls back hands itself to an interpreted eval
    assertThat(package$.MODULE$.codegenString(plan)).doesNotContain(".eval(");
  }

  @ParameterizedTest
  @MethodSource("functions")
  void interpretedItIsTheSame(SqlFunction function) {
    String query = call(function.name(), CALLS.get(function.name()));
    List<Row> generated = SqlSession.sql(query).collectAsList();
    assertThat(generated).hasSize(1);
    assertThat(generated.get(0).isNullAt(0)).isFalse();
    SqlSession.sql("SET spark.sql.codegen.wholeStage = false");
    SqlSession.sql("SET spark.sql.codegen.factoryMode = NO_CODEGEN");
    try {
      assertThat(SqlSession.sql(query).collectAsList()).isEqualTo(generated);
    } finally {
      SqlSession.sql("RESET spark.sql.codegen.wholeStage");
      SqlSession.sql("RESET spark.sql.codegen.factoryMode");
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theColumnBearsItsName(SqlFunction function) {
    List<String> arguments = CALLS.get(function.name());
    String column = SqlSession.sql(call(function.name(), arguments)).columns()[0];
    assertThat(column).startsWith(function.name() + "(").doesNotContain("invoke");
    if (!column.contains("v")) {
      assertThat(column).isEqualTo(function.name() + "(" + String.join(", ", arguments) + ")");
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void nullInIsNullOut(SqlFunction function) {
    List<String> arguments = CALLS.get(function.name());
    for (int i = 0; i < arguments.size(); i++) {
      for (String missing : List.of("NULL", "if(v > 0, NULL, " + arguments.get(i) + ")")) {
        List<String> with = new ArrayList<>(arguments);
        with.set(i, missing);
        assertThat(SqlSession.value(call(function.name(), with))).as("%s", with).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aWrongNumberOfArgumentsIsExplained(SqlFunction function) {
    assertThatThrownBy(() -> SqlSession.sql("SELECT " + function.name() + "()"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageStartingWith(function.name() + ": it takes " + function.name() + "(")
        .hasMessageContaining("not 0 arguments. For example, SELECT ");
    List<String> many = new ArrayList<>(CALLS.get(function.name()));
    many.addAll(List.of("1", "1", "1"));
    assertThatThrownBy(() -> SqlSession.sql(call(function.name(), many)))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("not " + many.size() + " arguments");
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aWrongTypeIsExplained(SqlFunction function) {
    List<String> arguments = CALLS.get(function.name());
    List<Argument> form =
        function.signature().forms().stream()
            .filter(f -> f.size() == arguments.size())
            .findFirst()
            .get();
    for (int i = 0; i < arguments.size(); i++) {
      for (String wrong : List.of("'five'", "array('five')", "true", "map('a', 1)")) {
        List<String> with = new ArrayList<>(arguments);
        with.set(i, wrong);
        Argument argument = form.get(i);
        assertThatThrownBy(() -> SqlSession.sql(call(function.name(), with)))
            .isInstanceOf(AnalysisException.class)
            .hasMessageStartingWith(
                function.name()
                    + ": the argument "
                    + argument.name()
                    + " must be "
                    + argument.kind().expected()
                    + ", not ")
            .hasMessageContaining(argument.kind().remedy())
            .hasMessageContaining("For example, SELECT ");
      }
    }
  }
}
