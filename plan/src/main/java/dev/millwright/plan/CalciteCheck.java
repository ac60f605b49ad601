package dev.millwright.plan;

import com.google.common.collect.ImmutableSet;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeCoercionRule;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.util.NlsString;

/** Lets Calcite's validator check a query against the schemas: a second opinion on names, types and standard SQL. */
final class CalciteCheck {
    /** Calcite's own, save that INTERVAL '100' DAY needs no DAY(3). */
    static final RelDataTypeSystem TYPE_SYSTEM = new RelDataTypeSystemImpl() {
        @Override
        public int getDefaultPrecision(SqlTypeName type) {
            return type.getFamily() != null && SqlTypeName.INTERVAL_TYPES.contains(type)
                    ? getMaxPrecision(type)
                    : super.getDefaultPrecision(type);
        }
    };

    private static final SqlOperatorTable OPERATORS =
            SqlOperatorTables.chain(SqlStdOperatorTable.instance(), SqlOperatorTables.of(own()));

    /** As lax as it gets, but casts go by {@link #CASTS}. */
    private static final SqlConformance CONFORMANCE = new SqlDelegatingConformance(SqlConformanceEnum.BABEL) {
        @Override
        public boolean allowLenientCoercion() {
            return false;
        }
    };

    /** Calcite's own, save that a condition can be cast to any number. */
    private static final SqlTypeCoercionRule CASTS = casts();

    private CalciteCheck() {}

    /** What standard SQL hasn't, or has for fewer types. */
    private static List<SqlOperator> own() {
        Set<String> standard = SqlStdOperatorTable.instance().getOperatorList().stream()
                .map(SqlOperator::getName)
                .filter(name -> !name.equals("MOD") && !name.equals("PI"))
                .collect(Collectors.toSet());
        List<SqlOperator> own = new ArrayList<>(List.of(SqlLibraryOperators.TRANSLATE3));
        own.add(SqlBasicAggFunction.create(
                "COUNT_IF", SqlKind.OTHER_FUNCTION, ReturnTypes.BIGINT, OperandTypes.BOOLEAN));
        FunctionTable.all().stream()
                .filter(function -> function.isCalled() && !standard.contains(function.name()))
                .map(CalciteCheck::function)
                .forEach(own::add);
        return own;
    }

    /** Its arguments were checked before. */
    private static SqlBasicFunction function(FunctionTable.Function function) {
        SqlReturnTypeInference result = function.type()
                .map(type -> ReturnTypes.explicit(typeName(type.column())).andThen(SqlTypeTransforms.FORCE_NULLABLE))
                .orElse(ReturnTypes.LEAST_RESTRICTIVE);
        return SqlBasicFunction.create(
                function.name(), result, OperandTypes.VARIADIC, SqlFunctionCategory.USER_DEFINED_FUNCTION);
    }

    /**
     * Says in Calcite's words what it has others for: {@code DATE_TRUNC('unit', t)}, PostgreSQL's, is {@code FLOOR(t TO unit)}; and
     * a FILTER, which it knows only without OVER, is left out.
     */
    private static final class StandardForms extends SqlShuttle {
        @Override
        public SqlNode visit(SqlCall call) {
            SqlNode visited = java.util.Objects.requireNonNull(super.visit(call));
            if (visited.getKind() == SqlKind.FILTER) {
                return ((SqlCall) visited).operand(0);
            }
            if (visited instanceof SqlCall truncation
                    && truncation.getKind() == SqlKind.DATE_TRUNC
                    && truncation.operand(0) instanceof SqlLiteral literal
                    && literal.getValue() instanceof NlsString text) {
                SqlParserPos at = truncation.getParserPosition();
                TimeUnit unit = TimeUnit.valueOf(text.getValue().toUpperCase(Locale.ROOT));
                return SqlStdOperatorTable.FLOOR.createCall(
                        at, truncation.operand(1), new SqlIntervalQualifier(unit, null, literal.getParserPosition()));
            }
            return visited;
        }
    }

    private static SqlTypeCoercionRule casts() {
        Map<SqlTypeName, ImmutableSet<SqlTypeName>> rules =
                new HashMap<>(SqlTypeCoercionRule.lenientInstance().getTypeMapping());
        for (SqlTypeName number :
                List.of(SqlTypeName.BIGINT, SqlTypeName.INTEGER, SqlTypeName.FLOAT, SqlTypeName.DOUBLE)) {
            ImmutableSet<SqlTypeName> sources = rules.getOrDefault(number, ImmutableSet.of());
            rules.put(
                    number,
                    ImmutableSet.<SqlTypeName>builder()
                            .addAll(sources)
                            .add(SqlTypeName.BOOLEAN)
                            .build());
        }
        return SqlTypeCoercionRule.instance(rules);
    }

    /** Reports what Calcite objects to, if anything. */
    static void check(SqlNode query, Map<String, Schema> tables, Reporter reporter) {
        JavaTypeFactoryImpl types = new JavaTypeFactoryImpl(TYPE_SYSTEM);
        CalciteSchema root = CalciteSchema.createRootSchema(false, false);
        tables.forEach((name, schema) -> root.add(name, new Table(schema)));
        Properties properties = new Properties();
        properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
        CalciteCatalogReader catalog =
                new CalciteCatalogReader(root, List.of(), types, new CalciteConnectionConfigImpl(properties));
        SqlValidator validator = SqlValidatorUtil.newValidator(
                OPERATORS,
                catalog,
                types,
                SqlValidator.Config.DEFAULT
                        .withConformance(CONFORMANCE)
                        .withCallRewrite(false)
                        .withTypeCoercionRules(CASTS));
        query.accept(new PlainMatches());
        try {
            validator.validate(java.util.Objects.requireNonNull(query.accept(new StandardForms())));
        } catch (CalciteContextException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            reporter.report(new SqlParserPos(e.getPosLine(), e.getPosColumn()), "sql: " + cause.getMessage());
        } catch (CalciteException e) {
            reporter.report(query, "sql: " + e.getMessage());
        }
    }

    /** Calcite matches columns of as-of joins alone; puts a column, as a timestamp, in the place of what is computed from it. */
    private static final class PlainMatches extends SqlBasicVisitor<Void> {
        @Override
        public Void visit(SqlCall call) {
            if (call instanceof SqlAsofJoin join && join.getMatchCondition() instanceof SqlCall condition) {
                for (int i = 0; i < condition.operandCount(); i++) {
                    if (!(condition.operand(i) instanceof SqlIdentifier)) {
                        condition.setOperand(i, column(condition.operand(i)));
                    }
                }
            }
            return super.visit(call);
        }

        private static SqlNode column(SqlNode computed) {
            SqlIdentifier[] found = new SqlIdentifier[1];
            computed.accept(new SqlBasicVisitor<Void>() {
                @Override
                public Void visit(SqlIdentifier column) {
                    found[0] = column;
                    return null;
                }
            });
            SqlParserPos place = computed.getParserPosition();
            return found[0] == null
                    ? computed
                    : SqlStdOperatorTable.CAST.createCall(
                            place,
                            found[0],
                            new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP, place), place));
        }
    }

    private static final class Table extends AbstractTable {
        private final Schema schema;

        Table(Schema schema) {
            this.schema = schema;
        }

        @Override
        public RelDataType getRowType(RelDataTypeFactory types) {
            RelDataTypeFactory.Builder row = types.builder();
            schema.columns()
                    .forEach(column ->
                            row.add(column.name(), typeName(column.type())).nullable(true));
            return row.build();
        }
    }

    private static SqlTypeName typeName(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> SqlTypeName.BOOLEAN;
            case BIGINT -> SqlTypeName.BIGINT;
            case DOUBLE -> SqlTypeName.DOUBLE;
            case VARCHAR -> SqlTypeName.VARCHAR;
            case TIMESTAMP -> SqlTypeName.TIMESTAMP;
        };
    }
}
