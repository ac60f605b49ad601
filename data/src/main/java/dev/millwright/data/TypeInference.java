package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a type for each staged column: the declared one, else that of the file, else the narrowest of BOOLEAN, BIGINT,
 * DOUBLE and TIMESTAMP that <em>every</em> value has, else VARCHAR. A look at the head rules out most types for most
 * columns; what is left is then counted over all rows, so the head can't mislead.
 */
final class TypeInference {
    private static final int HEAD = 1000;

    private final Session session;
    private final SourceSpec spec;
    private final Staged staged;

    TypeInference(Session session, SourceSpec spec, Staged staged) {
        this.session = session;
        this.spec = spec;
        this.staged = staged;
    }

    /** Values of a text column that have each type; a count is 0 when the type was ruled out. */
    private record Counts(
            long values, long booleans, long integers, long numbers, long notFinite, long longs, long times) {}

    List<TypedColumn> columns() {
        ContractCheck.requireNames(
                session, spec, staged.columns().stream().map(Staged.Found::name).toList());
        List<String> undeclared = new ArrayList<>();
        for (int i = 0; i < staged.columns().size(); i++) {
            boolean text = !(staged.columns().get(i) instanceof Staged.Found.Typed);
            if (text && declared(staged.columns().get(i).name()).isEmpty()) {
                undeclared.add(Staged.cell(i));
            }
        }
        Map<String, Counts> counts = count(undeclared);
        List<TypedColumn> typed = new ArrayList<>();
        for (int i = 0; i < staged.columns().size(); i++) {
            typed.add(column(Staged.cell(i), staged.columns().get(i), Optional.ofNullable(counts.get(Staged.cell(i)))));
        }
        ContractCheck.requireTypes(session, spec, typed);
        return typed;
    }

    private Optional<ColumnType> declared(String name) {
        return spec.contract().find(name).flatMap(ColumnContract::type);
    }

    private TypedColumn column(String cell, Staged.Found found, Optional<Counts> counts) {
        Optional<ColumnType> declared = declared(found.name());
        return switch (found) {
            case Staged.Found.Typed typed -> {
                ColumnType type = declared.orElse(typed.type());
                yield type == typed.type()
                        ? asFound(cell, typed)
                        : ofText(asText(cell, typed.type(), type), found.name(), type, TypedColumn.Facts.DECLARED);
            }
            case Staged.Found.Text text ->
                declared.map(type -> ofText(cell, text.name(), type, TypedColumn.Facts.DECLARED))
                        .orElseGet(() -> inferred(cell, text, counts.orElseThrow()));
            case Staged.Found.Quoted text ->
                declared.map(type -> ofText(cell, text.name(), type, TypedColumn.Facts.DECLARED))
                        .orElseGet(() ->
                                ofText(cell, text.name(), ofStrings(counts.orElseThrow()), TypedColumn.Facts.DECLARED));
        };
    }

    private TypedColumn asFound(String cell, Staged.Found.Typed found) {
        String present = found.type() == ColumnType.VARCHAR ? Cells.present(cell, spec.missing()) : cell;
        return new TypedColumn(
                found.name(), found.type(), present, present, TypedColumn.Check.NONE, TypedColumn.Facts.DECLARED);
    }

    private String asText(String cell, ColumnType from, ColumnType to) {
        String text = "CAST(" + cell + " AS VARCHAR)";
        String exact = from == ColumnType.DOUBLE && to == ColumnType.BIGINT
                ? "CASE WHEN " + cell + " = trunc(" + cell + ") AND abs(" + cell + ") < 9e18 THEN CAST(CAST(" + cell
                        + " AS BIGINT) AS VARCHAR) ELSE " + text + " END"
                : text;
        return from == ColumnType.VARCHAR ? Cells.present(exact, spec.missing()) : exact;
    }

    private TypedColumn inferred(String cell, Staged.Found.Text found, Counts counts) {
        TypedColumn.Facts facts = new TypedColumn.Facts(
                Cells.Origin.INFERRED, counts.values(), counts.numbers(), counts.notFinite(), found.blanks());
        return ofText(cell, found.name(), ofText(counts), facts);
    }

    private TypedColumn ofText(String text, String name, ColumnType type, TypedColumn.Facts facts) {
        // What was inferred holds for every value, and a text is never refused.
        boolean checked = facts.origin() == Cells.Origin.DECLARED && type != ColumnType.VARCHAR;
        return new TypedColumn(
                name,
                type,
                text,
                Cells.typed(text, type, facts.origin(), spec.zone()),
                checked ? TypedColumn.Check.NEEDED : TypedColumn.Check.NONE,
                facts);
    }

    private static ColumnType ofText(Counts counts) {
        long values = counts.values();
        if (values == 0) {
            return ColumnType.VARCHAR;
        }
        if (counts.booleans() == values) {
            return ColumnType.BOOLEAN;
        }
        if (counts.integers() == values) {
            return ColumnType.BIGINT;
        }
        if (counts.numbers() > 0 && counts.longs() == 0 && counts.numbers() + counts.notFinite() == values) {
            return ColumnType.DOUBLE;
        }
        return ofStrings(counts);
    }

    private static ColumnType ofStrings(Counts counts) {
        return counts.values() > 0 && counts.times() == counts.values() ? ColumnType.TIMESTAMP : ColumnType.VARCHAR;
    }

    private Map<String, Counts> count(List<String> cells) {
        Map<String, Counts> head = count(cells, "(SELECT * FROM " + staged.relation() + " LIMIT " + HEAD + ")", null);
        return count(cells, staged.relation(), head);
    }

    /** @param hints counts from the head, which say what need not be counted; all is when there are none */
    private Map<String, Counts> count(List<String> cells, String relation, @Nullable Map<String, Counts> hints) {
        if (cells.isEmpty()) {
            return Map.of();
        }
        List<String> sums = new ArrayList<>();
        for (String cell : cells) {
            Counts hint = hints == null ? null : hints.get(cell);
            sums.addAll(sums(cell, hint));
        }
        return session.single("SELECT " + String.join(", ", sums) + " FROM " + relation, row -> read(row, cells));
    }

    private List<String> sums(String cell, @Nullable Counts hint) {
        Set<ColumnType> open = new TreeSet<>(Set.of(ColumnType.values()));
        if (hint != null && hint.values() > 0) {
            open.removeIf(type -> 2 * likely(hint, type) < hint.values());
        }
        return List.of(
                "count(" + cell + ")",
                open.contains(ColumnType.BOOLEAN) ? countOf(cell, ColumnType.BOOLEAN) : "0",
                open.contains(ColumnType.BIGINT) ? countOf(cell, ColumnType.BIGINT) : "0",
                open.contains(ColumnType.DOUBLE) ? countOf(cell, ColumnType.DOUBLE) : "0",
                open.contains(ColumnType.DOUBLE) ? "count(*) FILTER (WHERE " + Cells.notFinite(cell) + ")" : "0",
                open.contains(ColumnType.DOUBLE) ? "count(*) FILTER (WHERE " + Cells.longInteger(cell) + ")" : "0",
                open.contains(ColumnType.TIMESTAMP) ? countOf(cell, ColumnType.TIMESTAMP) : "0");
    }

    private static long likely(Counts counts, ColumnType type) {
        return switch (type) {
            case BOOLEAN -> counts.booleans();
            case BIGINT -> counts.integers();
            case DOUBLE -> counts.numbers() + counts.notFinite();
            case TIMESTAMP -> counts.times();
            case VARCHAR -> 0;
        };
    }

    private String countOf(String cell, ColumnType type) {
        return "count(" + Cells.typed(cell, type, Cells.Origin.INFERRED, spec.zone()) + ")";
    }

    private static Map<String, Counts> read(ResultSet row, List<String> cells) throws SQLException {
        Map<String, Counts> counts = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            int at = 7 * i;
            counts.put(
                    cells.get(i),
                    new Counts(
                            row.getLong(at + 1),
                            row.getLong(at + 2),
                            row.getLong(at + 3),
                            row.getLong(at + 4),
                            row.getLong(at + 5),
                            row.getLong(at + 6),
                            row.getLong(at + 7)));
        }
        return counts;
    }
}
