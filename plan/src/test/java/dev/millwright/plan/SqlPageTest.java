package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.plan.SqlPage.Example;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs the examples of {@code docs/sql.md} in both engines, and holds what it explains against what there is. */
class SqlPageTest {
    private static final Schema ONE =
            Schema.of(new Column("one", ColumnType.BIGINT), new Column("g", ColumnType.VARCHAR));
    private static final List<Map<String, Object>> ONE_ROW = List.of(Map.of("one", 1L, "g", "a"));

    /** What the parser has a form of its own for, or what isn't a function: not in the table of functions. */
    private static final Set<String> FORMS = Set.of(
            "a BETWEEN b AND c",
            "a BETWEEN SYMMETRIC b AND c",
            "CASE WHEN a THEN b … ELSE c END",
            "CASE a WHEN b THEN c … END",
            "TRIM(text)",
            "EXTRACT(unit FROM timestamp)",
            "FLOOR(timestamp TO unit)",
            "DATE_TRUNC('unit', timestamp)",
            "timestamp + INTERVAL",
            "TIMESTAMPADD(unit, count, timestamp)",
            "TIMESTAMPDIFF(unit, earlier, later)",
            "FILTER (WHERE condition)");

    private static FeaturePlan plan(String sql, Optional<String> timestamp, Map<String, Schema> tables) {
        return FeaturePlanner.plan(
                new FeatureQuery(
                        sql,
                        new Problem.Position("docs/sql.md", 1, 1),
                        ZoneOffset.UTC,
                        Optional.empty(),
                        timestamp,
                        Optional.empty()),
                tables);
    }

    @Test
    void everyExampleHasTheResultThatIsWritten_inBothEngines() throws Exception {
        Map<String, List<Example>> examples = SqlPage.read().examples();
        List<Example> alone = examples.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("Aggregates"))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        assertThat(alone).hasSizeGreaterThan(120);
        String sql = "SELECT "
                + IntStream.range(0, alone.size())
                        .mapToObj(i -> comparison(alone.get(i)) + " AS e" + i)
                        .collect(Collectors.joining(",\n"))
                + " FROM one";
        assertTrue(plan(sql, Optional.empty(), Map.of("one", ONE)), Map.of(), alone);
    }

    private static String comparison(Example example) {
        return "((" + example.expression() + ") IS NOT DISTINCT FROM (" + example.result() + "))";
    }

    @Test
    void everyAggregateHasTheResultThatIsWritten_inBothEngines() throws Exception {
        SqlPage page = SqlPage.read();
        List<Example> examples = Objects.requireNonNull(page.examples().get("Aggregates"));
        SqlPage.Table readings = Objects.requireNonNull(page.data().get("readings"));
        assertThat(examples).hasSizeGreaterThan(12);
        String grouped = IntStream.range(0, examples.size())
                .mapToObj(i -> examples.get(i).expression() + " AS a" + i)
                .collect(Collectors.joining(", "));
        String compared = IntStream.range(0, examples.size())
                .mapToObj(i -> comparison(new Example("r.a" + i, examples.get(i).result())) + " AS e" + i)
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + compared + " FROM one LEFT JOIN (SELECT g, " + grouped
                + " FROM readings GROUP BY g) r ON one.g = r.g";
        assertTrue(
                plan(sql, Optional.empty(), Map.of("one", ONE, "readings", readings.schema())),
                Map.of("readings", readings),
                examples);
    }

    private static void assertTrue(FeaturePlan plan, Map<String, SqlPage.Table> lookups, List<Example> examples)
            throws Exception {
        List<Map<String, @Nullable Object>> batch;
        try (DuckDb duck = new DuckDb()) {
            duck.table("one", ONE, ONE_ROW);
            for (Map.Entry<String, SqlPage.Table> table : lookups.entrySet()) {
                duck.table(
                        table.getKey(),
                        table.getValue().schema(),
                        table.getValue().rows());
            }
            batch = duck.rows(plan);
        }
        assertThat(batch).hasSize(1);
        Map<String, List<Map<String, @Nullable Object>>> rows = new HashMap<>();
        lookups.forEach((name, table) -> rows.put(name, table.rows()));
        Map<String, Object> online =
                plan.onlineView().newState(Replay.cast(rows)).evaluate(ONE_ROW.getFirst());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            if (!Boolean.TRUE.equals(batch.getFirst().get("e" + i))) {
                wrong.add("DuckDB: " + examples.get(i));
            }
            if (!Boolean.TRUE.equals(online.get("e" + i))) {
                wrong.add("Java: " + examples.get(i));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** {@code 7 / 2} is said to be 3.5, not 3: the types are those that are written. */
    @Test
    void everyExampleHasTheTypeThatIsWritten() throws IOException {
        List<String> wrong = new ArrayList<>();
        Map<String, List<Example>> examples = SqlPage.read().examples();
        examples.forEach((heading, listed) -> {
            if (!heading.equals("Aggregates")) {
                listed.stream()
                        .filter(example -> !example.result().equals("NULL"))
                        .filter(example -> type(example.expression()) != type(example.result()))
                        .forEach(example -> wrong.add(example + " is " + type(example.expression())));
            }
        });
        assertThat(wrong).isEmpty();
    }

    private static ValueType type(String expression) {
        SqlSource source = new SqlSource(expression, new Problem.Position("docs/sql.md", 1, 1));
        Reporter reporter = new Reporter(source, new ArrayList<>());
        ExpressionTranslator translator = new ExpressionTranslator(
                new Scope(List.of()), ZoneOffset.UTC, reporter, CallHandler.refusing("an example", reporter));
        return translator
                .translate(source.parseExpression(reporter).orElseThrow())
                .type();
    }

    @Test
    void everyViewGivesTheTableThatFollowsIt() throws Exception {
        SqlPage page = SqlPage.read();
        assertThat(page.views()).hasSize(3);
        Map<String, Schema> schemas = new HashMap<>();
        page.data().forEach((name, table) -> schemas.put(name, table.schema()));
        for (SqlPage.View view : page.views()) {
            String timestamp = view.result().schema().columns().stream()
                    .filter(column -> column.type() == ColumnType.TIMESTAMP)
                    .map(Column::name)
                    .findFirst()
                    .orElseThrow();
            FeaturePlan plan = plan(view.sql(), Optional.of(timestamp), schemas);
            List<Map<String, @Nullable Object>> batch;
            try (DuckDb duck = new DuckDb()) {
                for (Map.Entry<String, SqlPage.Table> table : page.data().entrySet()) {
                    duck.table(
                            table.getKey(),
                            table.getValue().schema(),
                            table.getValue().rows());
                }
                batch = duck.rows(plan);
            }
            assertThat(batch.stream().map(SqlPageTest::withoutRowId))
                    .isEqualTo(view.result().rows());
            replay(plan, page, batch, timestamp);
        }
    }

    private static Map<String, @Nullable Object> withoutRowId(Map<String, @Nullable Object> row) {
        Map<String, @Nullable Object> without = new LinkedHashMap<>(row);
        without.remove("_row_id");
        return without;
    }

    /** Event by event, unless the view's rows are groups. */
    private static void replay(
            FeaturePlan plan, SqlPage page, List<Map<String, @Nullable Object>> batch, String timestamp) {
        OnlineView online;
        try {
            online = plan.onlineView();
        } catch (MillwrightException groups) {
            assertThat(groups).hasMessageContaining("rows that are groups of rows");
            return;
        }
        Map<String, List<Map<String, @Nullable Object>>> lookups = new HashMap<>();
        online.lookupTables()
                .keySet()
                .forEach(name -> lookups.put(
                        name, Objects.requireNonNull(page.data().get(name)).rows()));
        List<Map<String, @Nullable Object>> events =
                Objects.requireNonNull(page.data().get(plan.baseTable())).rows();
        assertThat(events)
                .isSortedAccordingTo(
                        (a, b) -> ((Instant) Replay.cast(a.get("at"))).compareTo((Instant) Replay.cast(b.get("at"))));
        Replay.inTimeOrder(online, lookups, events, batch, timestamp);
    }

    @Test
    void thePageExplainsWhatThereIs_andNothingElse() throws IOException {
        Set<String> explained = new TreeSet<>(SqlPage.read().names());
        Set<String> functions =
                FunctionTable.all().stream().map(FunctionTable.Function::usage).collect(Collectors.toSet());
        assertThat(explained).containsAll(functions).containsAll(FORMS);

        Set<String> others = new TreeSet<>(explained);
        others.removeAll(functions);
        others.removeAll(FORMS);
        Set<String> units = Stream.of(CalendarField.values()).map(Enum::name).collect(Collectors.toSet());
        assertThat(others).containsAll(units);
        others.removeAll(units);
        Set<String> aggregates = others.stream()
                .filter(name -> AggregateSyntax.isName(name.split("\\(")[0]))
                .collect(Collectors.toSet());
        assertThat(aggregates)
                .extracting(name -> name.split("\\(")[0])
                .containsOnly(AggregateFunction.names().toArray(String[]::new));
        others.removeAll(aggregates);
        assertThat(others)
                .as("neither a function nor a form of one")
                .allMatch(name -> name.startsWith("CAST(") || name.contains("JOIN t "));
    }
}
