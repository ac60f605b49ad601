package dev.millwright.plan;

import dev.millwright.core.Schema;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;

/** Turns a parsed query into a relation. Each use of a CTE is translated anew, so that its columns are told apart. */
final class QueryTranslator {
    private final Map<String, Schema> tables;
    private final ZoneId zone;
    private final Reporter reporter;
    private final Fields fields;
    private final Places places = new Places();

    QueryTranslator(Map<String, Schema> tables, ZoneId zone, Reporter reporter, Fields fields) {
        this.tables = tables;
        this.zone = zone;
        this.reporter = reporter;
        this.fields = fields;
    }

    Map<String, Schema> tables() {
        return tables;
    }

    ZoneId zone() {
        return zone;
    }

    Reporter reporter() {
        return reporter;
    }

    Fields fields() {
        return fields;
    }

    Places places() {
        return places;
    }

    /** The query, or empty after a problem was reported. */
    Optional<SelectTranslator.Selected> translate(SqlNode node, Ctes ctes, Optional<LabelExpression> label) {
        return switch (node) {
            case SqlWith with -> with(with, ctes, label);
            case SqlSelect select -> Optional.of(new SelectTranslator(this, select, ctes).translate(label));
            default -> unsupported(node);
        };
    }

    private Optional<SelectTranslator.Selected> with(SqlWith with, Ctes outer, Optional<LabelExpression> label) {
        Ctes visible = outer;
        for (SqlNode node : with.withList) {
            SqlWithItem item = (SqlWithItem) node;
            if (item.columnList != null) {
                reporter.report(
                        item.columnList, "columns after " + item.name + ": not supported (expected: AS in its SELECT)");
            }
            if (item.recursive.booleanValue()) {
                reporter.report(item, "RECURSIVE: not supported (expected: WITH)");
            }
            translate(item.query, visible, Optional.empty()); // reports what is wrong even where nothing uses it
            visible = visible.with(item.name.getSimple(), item.query);
        }
        return translate(with.body, visible, label);
    }

    private Optional<SelectTranslator.Selected> unsupported(SqlNode node) {
        String what = node.getKind() == SqlKind.ORDER_BY ? "ORDER BY or LIMIT" : node.getKind().sql;
        reporter.report(node, what + ": not supported here (expected: one SELECT, after WITH if needed)");
        return Optional.empty();
    }

    /** The dataset whose rows, or groups of whose rows, are the relation's. */
    static Relation.Scan base(Relation relation) {
        return switch (relation) {
            case Relation.Scan scan -> scan;
            case Relation.Project project -> base(project.input());
            case Relation.Filter filter -> base(filter.input());
            case Relation.Windowed windowed -> base(windowed.input());
            case Relation.Lookup lookup -> base(lookup.left());
            case Relation.Aggregate aggregate -> base(aggregate.input());
        };
    }

    /** Whether the rows are groups. */
    static boolean areGroups(Relation relation) {
        return switch (relation) {
            case Relation.Scan scan -> false;
            case Relation.Project project -> areGroups(project.input());
            case Relation.Filter filter -> areGroups(filter.input());
            case Relation.Windowed windowed -> areGroups(windowed.input());
            case Relation.Lookup lookup -> areGroups(lookup.left());
            case Relation.Aggregate aggregate -> true;
        };
    }

    static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::name).toList();
    }
}
