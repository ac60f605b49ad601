package dev.millwright.plan;

import com.google.common.collect.ImmutableSet;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeCoercionRule;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;

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

    private static final SqlOperatorTable OPERATORS = SqlOperatorTables.chain(
            SqlStdOperatorTable.instance(),
            SqlOperatorTables.of(
                    SqlLibraryOperators.GREATEST,
                    SqlLibraryOperators.LEAST,
                    SqlLibraryOperators.LENGTH,
                    SqlLibraryOperators.CONCAT_FUNCTION,
                    function(
                            "MOD",
                            OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.NUMERIC),
                            ReturnTypes.LEAST_RESTRICTIVE),
                    function(
                            "MAKE_TIMESTAMP",
                            OperandTypes.VARIADIC,
                            ReturnTypes.explicit(SqlTypeName.TIMESTAMP).andThen(SqlTypeTransforms.FORCE_NULLABLE))));

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

    private static SqlBasicFunction function(
            String name, SqlOperandTypeChecker operands, SqlReturnTypeInference result) {
        return SqlBasicFunction.create(name, result, operands, SqlFunctionCategory.USER_DEFINED_FUNCTION);
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
            validator.validate(query);
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
                            row.add(column.name(), type(column.type())).nullable(true));
            return row.build();
        }

        private static SqlTypeName type(ColumnType type) {
            return switch (type) {
                case BOOLEAN -> SqlTypeName.BOOLEAN;
                case BIGINT -> SqlTypeName.BIGINT;
                case DOUBLE -> SqlTypeName.DOUBLE;
                case VARCHAR -> SqlTypeName.VARCHAR;
                case TIMESTAMP -> SqlTypeName.TIMESTAMP;
            };
        }
    }
}
