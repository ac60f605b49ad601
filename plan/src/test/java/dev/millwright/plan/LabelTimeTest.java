package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which rows have a label yet. Visits are a day apart, from the 1st to the 20th of January. */
class LabelTimeTest {
    private static final Schema VISITS = Schema.of(
            new Column("who", ColumnType.VARCHAR),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("left", ColumnType.BOOLEAN),
            new Column("left_at", ColumnType.TIMESTAMP));
    private static final Schema OUTCOMES = Schema.of(
            new Column("who", ColumnType.VARCHAR),
            new Column("written", ColumnType.TIMESTAMP),
            new Column("churned", ColumnType.BOOLEAN));
    private static final KnownAfter FIVE_DAYS = new KnownAfter.After(Duration.ofDays(5));

    private static TableShape visits(Optional<String> time, Map<String, KnownAfter> known) {
        return new TableShape("visits", VISITS, time, known);
    }

    private static TableShape outcomes(Map<String, KnownAfter> known) {
        return new TableShape("outcomes", OUTCOMES, Optional.of("written"), known);
    }

    private static FeaturePlan plan(String sql, String label, TableShape... tables) {
        return plan(sql, new LabelExpression(label, new Problem.Position("p.yaml", 90, 8)), tables);
    }

    private static FeaturePlan plan(String sql, LabelExpression label, TableShape... tables) {
        return FeaturePlanner.plan(
                new FeatureQuery(
                        sql,
                        new Problem.Position("p.yaml", 10, 5),
                        ZoneOffset.UTC,
                        Optional.of("who"),
                        Optional.of("at"),
                        Optional.of(label)),
                List.of(tables));
    }

    private static Instant day(int day) {
        return Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(day - 1));
    }

    /** Those of the first days left on the day after; of the others nothing is written down. */
    private static List<Map<String, @Nullable Object>> rows(FeaturePlan plan) throws Exception {
        List<Map<String, @Nullable Object>> visits = new ArrayList<>();
        List<Map<String, @Nullable Object>> outcomes = new ArrayList<>();
        for (int day = 1; day <= 20; day++) {
            Map<String, @Nullable Object> visit = new HashMap<>();
            visit.put("who", "v" + day);
            visit.put("at", day(day));
            visit.put("left", day % 2 == 0);
            visit.put("left_at", day % 4 == 0 ? null : day(day + 2));
            visits.add(visit);
            outcomes.add(Map.of("who", "v" + day, "written", day(day + 2), "churned", day % 2 == 0));
        }
        try (DuckDb duck = new DuckDb()) {
            duck.table("visits", VISITS, visits);
            duck.table("outcomes", OUTCOMES, outcomes);
            return duck.rows(plan);
        }
    }

    private static List<Long> pending(List<Map<String, @Nullable Object>> rows) {
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.get("_label") != null)
                        .as("a row has a label when that is known: %s", row)
                        .isEqualTo(row.get("_label_time") != null && Boolean.FALSE.equals(row.get("_pending"))));
        return rows.stream()
                .filter(row -> Boolean.TRUE.equals(row.get("_pending")))
                .map(row -> 1 + (Long) Objects.requireNonNull(row.get("_row_id")))
                .toList();
    }

    @Test
    void aRowHasNoLabelYetWhereThatIsKnownAfterTheLatestRow_evenThoughTheColumnSaysNo() throws Exception {
        FeaturePlan plan = plan(
                "SELECT who, at, EXTRACT(DAY FROM at) AS day FROM visits",
                "COALESCE(\"left\", FALSE)",
                visits(Optional.of("at"), Map.of("left", FIVE_DAYS)));

        List<Map<String, @Nullable Object>> rows = rows(plan);

        assertThat(plan.labelComesLater()).isTrue();
        assertThat(plan.isRowByRow())
                .as("the latest row decides over the others' labels")
                .isFalse();
        assertThat(pending(rows)).containsExactly(16L, 17L, 18L, 19L, 20L);
        assertThat(rows).extracting(row -> row.get("_label_time")).startsWith(day(6), day(7));
        assertThat(rows.get(1)).containsEntry("_label", true).containsEntry("day", 2L);
        assertThat(rows.get(2)).containsEntry("_label", false);
    }

    @Test
    void theViewsTimestampStandsForTheTimeOfItsRows_whereTheDatasetHasNone() throws Exception {
        FeaturePlan plan = plan(
                "WITH v AS (SELECT *, at + INTERVAL '1' HOUR AS seen FROM visits) SELECT who, seen AS at, EXTRACT(DAY FROM seen) AS day FROM v",
                "\"left\"",
                visits(Optional.empty(), Map.of("left", FIVE_DAYS)));

        assertThat(pending(rows(plan))).containsExactly(16L, 17L, 18L, 19L, 20L);
        assertThat(pending(rows(plan.labelOnly().orElseThrow()))).containsExactly(16L, 17L, 18L, 19L, 20L);
    }

    @Test
    void aRowWhoseMomentIsMissingHasNoLabel_norOneWhoseMomentIsStillToCome() throws Exception {
        FeaturePlan plan = plan(
                "SELECT who, at, EXTRACT(DAY FROM at) AS day FROM visits",
                "\"left\"",
                visits(Optional.of("at"), Map.of("left", new KnownAfter.At("left_at"))));

        List<Map<String, @Nullable Object>> rows = rows(plan);

        assertThat(pending(rows)).containsExactly(19L);
        assertThat(rows.stream().filter(row -> row.get("_label") == null)).hasSize(6);
    }

    @Test
    void aLabelThatIsLookedUpIsKnownByTheTimeOfItsOwnRow_whichMayBeDroppedOnTheWay() throws Exception {
        FeaturePlan plan = plan(
                "SELECT v.who, v.at, EXTRACT(DAY FROM v.at) AS day FROM visits v LEFT JOIN (SELECT who, churned FROM outcomes WHERE who <> 'x') o ON v.who = o.who",
                "o.churned",
                visits(Optional.of("at"), Map.of()),
                outcomes(Map.of("churned", FIVE_DAYS)));

        // The latest outcome was written on the 22nd, so what was written by the 17th is known.
        assertThat(pending(rows(plan))).containsExactly(16L, 17L, 18L, 19L, 20L);
        assertThat(plan.labelOnly().orElseThrow().tables()).containsExactly("outcomes", "visits");
    }

    @Test
    void aLabelOfTwoColumnsIsKnownWhenBothAre() throws Exception {
        FeaturePlan plan = plan(
                "SELECT who, at, EXTRACT(DAY FROM at) AS day FROM visits",
                "\"left\" AND left_at IS NOT NULL",
                visits(Optional.of("at"), Map.of("left", FIVE_DAYS, "left_at", new KnownAfter.At("left_at"))));

        List<Map<String, @Nullable Object>> rows = rows(plan);

        assertThat(pending(rows)).containsExactly(17L, 18L, 19L);
        assertThat(rows.stream().filter(row -> row.get("_label") == null)).hasSize(8);
    }

    @Test
    void aLabelMayBeKnownSomeTimeAfterTheViewsTimestamp_asOneThatIsOnlyThereWhenSomethingHappened() throws Exception {
        FeaturePlan plan = plan(
                "SELECT v.who, v.at, EXTRACT(DAY FROM v.at) AS day FROM visits v LEFT JOIN outcomes o ON v.who = o.who AND o.churned",
                new LabelExpression(
                        "o.who IS NOT NULL", new Problem.Position("p.yaml", 90, 8), Optional.of(Duration.ofDays(5))),
                visits(Optional.of("at"), Map.of()),
                TableShape.of("outcomes", OUTCOMES));

        List<Map<String, @Nullable Object>> rows = rows(plan);

        assertThat(pending(rows)).containsExactly(16L, 17L, 18L, 19L, 20L);
        assertThat(rows.subList(0, 4)).extracting(row -> row.get("_label")).containsExactly(false, true, false, true);
    }

    @Test
    void nothingIsWaitedForOfARowThatWasLookedUpAndNotFound() throws Exception {
        FeaturePlan plan = plan(
                "SELECT v.who, v.at, EXTRACT(DAY FROM v.at) AS day FROM visits v LEFT JOIN outcomes o ON v.who = o.who AND o.who <> 'v2'",
                "COALESCE(o.churned, FALSE)",
                visits(Optional.of("at"), Map.of()),
                outcomes(Map.of("churned", FIVE_DAYS)));

        List<Map<String, @Nullable Object>> rows = rows(plan);

        assertThat(rows.get(1)).containsEntry("_label", false).containsEntry("_label_time", null);
        assertThat(rows.get(3)).containsEntry("_label", true).containsEntry("_label_time", day(11));
        assertThat(rows.getLast()).containsEntry("_label", null).containsEntry("_pending", true);
    }

    @Test
    void refusesALabelThatIsKnownSomeTimeAfterARowWithoutATimestamp() {
        assertThatThrownBy(() -> FeaturePlanner.plan(
                        new FeatureQuery(
                                "SELECT who, at FROM visits".replace("at FROM", "\"left\" IS NULL AS x FROM"),
                                new Problem.Position("p.yaml", 10, 5),
                                ZoneOffset.UTC,
                                Optional.of("who"),
                                Optional.empty(),
                                Optional.of(new LabelExpression(
                                        "who = 'v1'",
                                        new Problem.Position("p.yaml", 90, 8),
                                        Optional.of(Duration.ofDays(5))))),
                        Map.of("visits", VISITS)))
                .hasMessage(
                        "p.yaml:90:8: label: known_after some time of the row (expected: 'timestamp: COLUMN' under features, which says when that is)");
    }

    @Test
    void aLabelThatIsKnownAtOnceIsLeftAsItIs() throws Exception {
        FeaturePlan plan = plan(
                "SELECT who, at, EXTRACT(DAY FROM at) AS day FROM visits",
                "\"left\"",
                visits(Optional.of("at"), Map.of("left_at", new KnownAfter.At("left_at"))));

        assertThat(plan.labelComesLater()).isFalse();
        assertThat(rows(plan).getFirst().keySet()).containsExactly("who", "at", "day", "_row_id", "_label");
    }

    @Test
    void refusesALabelOfWhichNobodyCanTellWhenItIsKnown() {
        assertThatThrownBy(() -> plan(
                        "SELECT v.who, v.at, EXTRACT(DAY FROM v.at) AS day FROM visits v LEFT JOIN (SELECT who, MAX(churned) AS churned FROM outcomes GROUP BY who) o ON v.who = o.who",
                        "o.churned",
                        visits(Optional.of("at"), Map.of()),
                        outcomes(Map.of("churned", FIVE_DAYS))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "p.yaml:90:8: label: made of churned of several rows, of which each is known at another time");
    }

    @Test
    void refusesALabelThatIsKnownSomeTimeAfterNobodyKnowsWhat() {
        assertThatThrownBy(() -> plan(
                        "SELECT v.who, v.at, o.written IS NULL AS silent FROM visits v LEFT JOIN outcomes o ON v.who = o.who",
                        "o.churned",
                        visits(Optional.of("at"), Map.of()),
                        new TableShape("outcomes", OUTCOMES, Optional.empty(), Map.of("churned", FIVE_DAYS))))
                .hasMessage(
                        "p.yaml:90:8: label: computed from churned, which is known only some time after its row, and outcomes doesn't say when its rows happen (expected: 'time: COLUMN' under data.outcomes)");
    }

    @Test
    void refusesShapesThatMakeNoSense() {
        assertThatThrownBy(() ->
                        visits(Optional.of("who"), Map.of("lefd", FIVE_DAYS, "left", new KnownAfter.At("left_on"))))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        wrong -> assertThat(Set.copyOf(wrong.problems()))
                                .extracting(Problem::message)
                                .containsExactlyInAnyOrder(
                                        "time: who is varchar (expected: a timestamp column).",
                                        "known_after of lefd: unknown column (expected: one of the dataset). Did you mean 'left'?",
                                        "known_after: left_on (expected: a duration such as 7d, or a timestamp column of the dataset). Did you mean 'left_at'?"));
        assertThatThrownBy(() -> visits(Optional.of("at"), Map.of("at", FIVE_DAYS)))
                .hasMessageContaining("known_after of at: the time of its row (expected: another column)");
        assertThatThrownBy(() -> new KnownAfter.After(Duration.ofDays(40_000)))
                .hasMessage("duration: PT960000H (expected: from zero to a century)");
    }
}
