package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.ScanColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;

/** Turns a FROM clause into a relation and the scope of its columns. */
final class FromTranslator {
    /** The name of the hidden column that numbers a dataset's rows. */
    static final String ROW_ID = "_row_id";

    private final QueryTranslator queries;
    private final Ctes ctes;
    private final Reporter reporter;

    record From(Relation relation, Scope scope) {}

    FromTranslator(QueryTranslator queries, Ctes ctes) {
        this.queries = queries;
        this.ctes = ctes;
        this.reporter = queries.reporter();
    }

    From translate(SqlNode node) {
        return switch (node) {
            case SqlIdentifier name -> named(name, name.names.getLast());
            case SqlJoin join -> join(join);
            case SqlSelect select -> subquery(select, "");
            case SqlWith with -> subquery(with, "");
            case SqlCall call when call.getKind() == SqlKind.AS -> aliased(call);
            default -> {
                reporter.report(node, "FROM: " + node.getKind().sql + " (expected: tables, subqueries and joins)");
                yield unknown("");
            }
        };
    }

    private From aliased(SqlCall call) {
        String alias = ((SqlIdentifier) call.operand(1)).getSimple();
        if (call.operandCount() > 2) {
            reporter.report(call.operand(2), "columns after " + alias + ": not supported (expected: AS in its SELECT)");
        }
        SqlNode source = call.operand(0);
        return switch (source) {
            case SqlIdentifier name -> named(name, alias);
            case SqlNode query -> subquery(query, alias);
        };
    }

    private From join(SqlJoin join) {
        From left = translate(join.getLeft());
        From right = translate(join.getRight());
        for (Scope.Entry entry : right.scope().entries()) {
            if (!entry.alias().isEmpty() && left.scope().entry(entry.alias()).isPresent()) {
                reporter.report(
                        join.getRight(),
                        entry.alias()
                                + ": twice in FROM (expected: different names). Write AS and another name after one.");
            }
        }
        return new JoinTranslator(queries, join, left, right).translate();
    }

    private From subquery(SqlNode query, String alias) {
        return queries.translate(query, ctes, Optional.empty())
                .map(selected -> from(selected.relation(), alias, selected.open()))
                .orElseGet(() -> unknown(alias));
    }

    private From named(SqlIdentifier name, String alias) {
        if (name.names.size() > 1) {
            reporter.report(name, reporter.text(name) + ": too many parts (expected: a dataset of this file)");
            return unknown(alias);
        }
        Optional<Ctes.Cte> cte = ctes.find(name.getSimple());
        if (cte.isPresent()) {
            return queries.translate(cte.get().query(), cte.get().visible(), Optional.empty())
                    .map(selected -> from(selected.relation(), alias, selected.open()))
                    .orElseGet(() -> unknown(alias));
        }
        for (Map.Entry<String, Schema> table : queries.tables().entrySet()) {
            if (table.getKey().equalsIgnoreCase(name.getSimple())) {
                return from(scan(table.getKey(), table.getValue()), alias, false);
            }
        }
        List<String> known = new ArrayList<>(ctes.names());
        known.addAll(queries.tables().keySet());
        reporter.report(
                name,
                name + ": unknown table (expected: a dataset of this file)."
                        + Words.suggestion(name.getSimple(), known));
        return unknown(alias);
    }

    private Scan scan(String dataset, Schema schema) {
        List<ScanColumn> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            if (!column.name().equalsIgnoreCase(ROW_ID)) {
                columns.add(new ScanColumn(
                        queries.fields().make(column.name(), ValueType.of(column.type())), column.name()));
            }
        }
        return new Scan(dataset, columns, queries.fields().make(ROW_ID, ValueType.BIGINT));
    }

    private From from(Relation relation, String alias, boolean open) {
        return new From(relation, new Scope(List.of(new Scope.Entry(alias, relation.fields(), open))));
    }

    /** Stands for a table that was reported. */
    private From unknown(String alias) {
        return from(new Scan(alias, List.of(), queries.fields().make(ROW_ID, ValueType.BIGINT)), alias, true);
    }
}
