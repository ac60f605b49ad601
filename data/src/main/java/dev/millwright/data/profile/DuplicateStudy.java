package dev.millwright.data.profile;

import dev.millwright.core.Words;
import dev.millwright.data.Sql;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.ColumnSummary.Trait;
import dev.millwright.data.profile.Duplicates.Example;
import dev.millwright.data.profile.Duplicates.Repeats;
import dev.millwright.data.profile.TableQuery.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds repeated rows by a 64-bit hash of their values: a chance meeting needs billions of rows. */
final class DuplicateStudy {
    private static final int SHOWN = 3;
    private static final int SHOWN_COLUMNS = 8;
    private static final int SHOWN_VALUE = 24;
    private static final String GROUPS = "repeated_values";

    private final TableQuery query;

    DuplicateStudy(TableQuery query) {
        this.query = query;
    }

    /** @param entity names rows, though it may stand in several */
    Duplicates duplicates(List<ColumnSummary> summaries, Optional<Place> entity) {
        List<Place> columns = query.columns();
        Set<Place> ids = columns.stream()
                .filter(column -> isId(summaries.get(column.index()))
                        || entity.filter(column::equals).isPresent())
                .collect(Collectors.toSet());
        List<Place> others =
                columns.stream().filter(column -> !ids.contains(column)).toList();
        return new Duplicates(
                repeats(columns),
                columns.stream().filter(ids::contains).map(Place::name).toList(),
                ids.isEmpty() || others.isEmpty() ? Optional.empty() : Optional.of(repeats(others)));
    }

    static boolean isId(ColumnSummary summary) {
        return summary.is(Trait.ID) || summary.is(Trait.NEARLY_AN_ID);
    }

    private Repeats repeats(List<Place> columns) {
        String values = columns.stream().map(Place::sql).collect(Collectors.joining(", "));
        query.session()
                .execute("CREATE OR REPLACE TEMP TABLE " + GROUPS + " AS SELECT count(*) AS n, min("
                        + TypedTable.PLACE + ") AS first FROM " + query.table().relation() + " GROUP BY hash(" + values
                        + ") HAVING count(*) > 1");
        List<Example> examples = examples(columns);
        return query.session()
                .single(
                        "SELECT count(*), coalesce(sum(n), 0), coalesce(max(n), 0) FROM " + GROUPS,
                        row -> new Repeats(row.getLong(1), row.getLong(2), row.getLong(3), examples));
    }

    private List<Example> examples(List<Place> columns) {
        String shown = columns.stream()
                .limit(SHOWN_COLUMNS)
                .map(column -> Sql.literal(Words.shortened(column.name()) + "=") + " || coalesce(left(CAST(t."
                        + column.sql() + " AS VARCHAR), " + SHOWN_VALUE + "), '')")
                .collect(Collectors.joining(", "));
        return query.session()
                .query(
                        "SELECT g.n, concat_ws(', ', " + shown + ") FROM (SELECT * FROM " + GROUPS
                                + " ORDER BY n DESC, first LIMIT " + SHOWN + ") g JOIN "
                                + query.table().relation() + " t ON t." + TypedTable.PLACE
                                + " = g.first ORDER BY g.n DESC, g.first",
                        row -> new Example(
                                row.getLong(1), row.getString(2) + (columns.size() > SHOWN_COLUMNS ? ", …" : "")));
    }
}
