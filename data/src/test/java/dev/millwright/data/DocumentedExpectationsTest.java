package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/data-quality.md} shows can be written. */
class DocumentedExpectationsTest {
    private static final Pattern SHOWN = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);
    private static final Schema SCHEMA = new Schema(Stream.of(
                    columns(ColumnType.DOUBLE, "fare", "tip", "rate", "debit", "credit"),
                    columns(ColumnType.VARCHAR, "status", "zip", "currency", "country", "store"),
                    columns(ColumnType.TIMESTAMP, "picked_up_at", "dropped_at", "closed_at", "updated_at", "day"),
                    columns(ColumnType.BIGINT, "id", "month"))
            .flatMap(List::stream)
            .toList());

    private static final Map<String, Schema> TABLES = Map.of(
            "stores", new Schema(columns(ColumnType.VARCHAR, "id")),
            "closed", new Schema(columns(ColumnType.VARCHAR, "id")),
            "openings", Schema.of(new Column("store", ColumnType.VARCHAR), new Column("day", ColumnType.TIMESTAMP)));

    private static List<Column> columns(ColumnType type, String... names) {
        return Arrays.stream(names).map(name -> new Column(name, type)).toList();
    }

    private static List<Expectation> shown(String section) throws IOException {
        String text = Files.readString(Path.of("../docs/data-quality.md"));
        int start = text.indexOf("<!-- " + section + " -->");
        return SHOWN.matcher(text.substring(start, text.indexOf("<!-- end -->", start)))
                .results()
                .map((MatchResult row) -> Workbench.expectation(row.group(1), SCHEMA, TABLES))
                .toList();
    }

    @Test
    void showsChecksOfRows() throws IOException {
        assertThat(shown("rows")).hasSizeGreaterThan(5).allMatch(Expectation.OfRow.class::isInstance);
    }

    @Test
    void showsReferences() throws IOException {
        assertThat(shown("references")).hasSize(3).allMatch(Expectation.Partner.class::isInstance);
    }

    @Test
    void showsChecksOfTheTable() throws IOException {
        assertThat(shown("table")).hasSizeGreaterThan(5).allMatch(Expectation.OfTable.class::isInstance);
        assertThat(shown("drift"))
                .hasSize(2)
                .allMatch(check ->
                        check instanceof Expectation.OfTable table && table.measure() instanceof Measure.Drift);
        assertThat(shown("previous"))
                .hasSizeGreaterThan(2)
                .allMatch(check -> check instanceof Expectation.OfTable table
                        && table.bound().base() == Bound.Base.PREVIOUS);
    }
}
