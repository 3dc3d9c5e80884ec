package org.cytolake.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InheritAnalysisRules;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.DataType;
import scala.Enumeration;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call by the name and with the arguments that the user wrote. The optimiser puts the replacement
 * in its place; until then it names columns and appears in messages. Public because Spark copies
 * expressions by their constructor.
 */
public final class NamedCall extends Expression
    implements RuntimeReplaceable, InheritAnalysisRules {
  private static final long serialVersionUID = 1;

  private static final Seq<Enumeration.Value> PATTERNS =
      CollectionConverters.asScala(List.of(TreePattern.RUNTIME_REPLACEABLE())).toSeq();

  private final String name;
  private final Seq<Expression> parameters;
  private final Expression replacement;

  public NamedCall(String name, Seq<Expression> parameters, Expression replacement) {
    this.name = name;
    this.parameters = parameters;
    this.replacement = replacement;
  }

  @Override
  public String prettyName() {
    return name;
  }

  @Override
  public Seq<Expression> parameters() {
    return parameters;
  }

  @Override
  public Expression replacement() {
    return replacement;
  }

  @Override
  public Expression child() {
    return replacement;
  }

  @Override
  public Seq<Expression> children() {
    return CollectionConverters.asScala(List.of(replacement)).toSeq();
  }

  @Override
  public Expression withNewChildInternal(Expression child) {
    return new NamedCall(name, parameters, child);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return withNewChildInternal(children.head());
  }

  @Override
  public DataType dataType() {
    return replacement.dataType();
  }

  @Override
  public boolean nullable() {
    return replacement.nullable();
  }

  @Override
  public Expression canonicalized() {
    return replacement.canonicalized();
  }

  @Override
  public Seq<Enumeration.Value> nodePatterns() {
    return PATTERNS;
  }

  /** What a Scala trait calls to set the value above, which is constant here. */
  @Override
  public void
      org$apache$spark$sql$catalyst$expressions$RuntimeReplaceable$_setter_$nodePatterns_$eq(
          Seq<Enumeration.Value> patterns) {}

  @Override
  public Object eval(InternalRow input) {
    return replacement.eval(input);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return replacement.genCode(context);
  }

  @Override
  public Object productElement(int n) {
    return switch (n) {
      case 0 -> name;
      case 1 -> parameters;
      case 2 -> replacement;
      default -> throw new IndexOutOfBoundsException(n);
    };
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof NamedCall;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamedCall call
        && name.equals(call.name)
        && parameters.equals(call.parameters)
        && replacement.equals(call.replacement);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + replacement.hashCode();
  }
}
