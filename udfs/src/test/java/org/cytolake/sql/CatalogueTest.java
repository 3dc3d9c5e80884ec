package org.cytolake.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.execution.HiveResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

final class CatalogueTest {
  static List<SqlFunction> functions() {
    return Catalogue.FUNCTIONS;
  }

  static List<Signature> signatures() {
    return Stream.concat(
            Catalogue.FUNCTIONS.stream().map(SqlFunction::signature),
            Catalogue.AGGREGATES.stream().map(SqlAggregate::signature))
        .toList();
  }

  @Test
  void isFoundByServiceLoading() {
    assertThat(ServiceLoader.load(SparkSessionExtensionsProvider.class))
        .hasAtLeastOneElementOfType(CytolakeExtensions.class);
  }

  @Test
  void namesAreDistinctSnakeCaseAndNoneOfSparks() {
    assertThat(signatures())
        .extracting(Signature::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z]+(_[a-z]+)*"))
        .noneMatch(name -> FunctionRegistry.builtin().functionExists(new FunctionIdentifier(name)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyFormHasAPublicStaticMethod(SqlFunction function) {
    List<Method> methods =
        Arrays.stream(function.owner().getDeclaredMethods())
            .filter(m -> m.getName().equals(function.method()))
            .filter(m -> Modifier.isPublic(m.getModifiers()) && Modifier.isStatic(m.getModifiers()))
            .collect(Collectors.toList());
    assertThat(methods).hasSizeGreaterThanOrEqualTo(function.signature().forms().size());
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void isDescribed(Signature function) {
    String text = lines(SqlSession.sql("DESCRIBE FUNCTION EXTENDED " + function.name()));
    assertThat(text)
        .contains("Function: " + function.name())
        .contains("Usage: " + function.name() + "(")
        .contains("Arguments:")
        .contains("Examples:")
        .doesNotContain("_FUNC_");
    for (List<Argument> form : function.forms()) {
      for (Argument argument : form) {
        assertThat(text).contains("* " + argument.name() + " - " + argument.meaning());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void itsExampleGivesWhatItSays(Signature function) {
    String text = lines(SqlSession.sql("DESCRIBE FUNCTION EXTENDED " + function.name()));
    String[] example = text.substring(text.indexOf("\n      > ") + 9).split("\n", -1);
    assertThat(example[0]).endsWith(";");
    String stated =
        Arrays.stream(example)
            .skip(1)
            .takeWhile(line -> line.startsWith("       "))
            .map(String::strip)
            .collect(Collectors.joining("\n"));
    Dataset<Row> result = SqlSession.sql(example[0].substring(0, example[0].length() - 1));
    String printed =
        CollectionConverters.asJava(
                HiveResult.hiveResultString(result.queryExecution().executedPlan()))
            .stream()
            .collect(Collectors.joining("\n"));
    assertThat(printed).isEqualTo(stated);
  }

  private static String lines(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.joining("\n"));
  }
}
