package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.RunSearch.Choice;
import dev.millwright.registry.RunSearch.Effort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whichever way a search takes, by sorting or by walking along an index, it comes to the same runs in the same order. */
abstract class SearchContract {
    private static final int RUNS = 150;
    private static final List<String> FILTERS = List.of(
            "",
            "metrics.auc > 0.4",
            "metrics.auc != 0.5",
            "metrics.auc = 0.5 AND metrics.loss < 0.9",
            "params.depth = '3'",
            "params.depth != '3'",
            "params.depth IS NULL",
            "params.depth IN ('1', '2')",
            "params.long LIKE 'aaa%'",
            "tags.team LIKE 'te%1'",
            "tags.team ILIKE 'TE%'",
            "tags.team IS NOT NULL AND metrics.loss > 0.1",
            "status = 'FAILED'",
            "status IN ('FAILED', 'RUNNING')",
            "status LIKE 'F%'",
            "run_name LIKE 'try-1%'",
            "run_name = 'try-12'",
            "attributes.start_time > 1700000000003 AND attributes.start_time <= 1700000000005",
            "start_time = 1700000000002",
            "start_time != 1700000000002",
            "user_id = 'u1'");
    private static final List<List<String>> ORDERS = List.of(
            List.of(),
            List.of("start_time ASC"),
            List.of("start_time DESC"),
            List.of("metrics.auc DESC"),
            List.of("metrics.auc"),
            List.of("metrics.loss"),
            List.of("params.depth"),
            List.of("params.long DESC"),
            List.of("tags.team DESC"),
            List.of("run_name"),
            List.of("run_name DESC"),
            List.of("metrics.auc", "params.depth DESC"),
            List.of("end_time"),
            List.of("user_id"));

    final SettableClock clock = new SettableClock();
    private final List<String> experiments = new ArrayList<>();
    private Registry registry;

    abstract Registry open();

    @BeforeEach
    void fill() {
        registry = open();
        experiments.add(registry.experiments().create("one").id());
        experiments.add(registry.experiments().create("two").id());
        Random random = new Random(5);
        for (int i = 0; i < RUNS; i++) {
            log(i, random);
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void log(int i, Random random) {
        String id = registry.tracking()
                .create(new TrackedRun(
                        experiments.get(i % 2),
                        "try-" + random.nextInt(30),
                        "u" + i % 3,
                        Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(7)),
                        random.nextBoolean() ? Map.of("team", "team" + random.nextInt(4)) : Map.of()))
                .id();
        List<ModelMetric> metrics = new ArrayList<>();
        double[] some = {0, 0.25, 0.5, 0.75, 1, Double.NaN, Double.POSITIVE_INFINITY, -3e-300};
        if (i % 5 != 0) {
            metrics.add(ModelMetric.of(new Metric("auc", some[random.nextInt(some.length)], clock.instant(), 0)));
        }
        metrics.add(ModelMetric.of(new Metric("loss", random.nextDouble(), clock.instant(), 0)));
        Map<String, String> params = new LinkedHashMap<>();
        if (i % 4 != 0) {
            params.put("depth", "" + random.nextInt(5));
        }
        params.put("long", "a".repeat(195 + random.nextInt(10)) + random.nextInt(3));
        registry.tracking().log(id, new LogBatch(metrics, params, Map.of()));
        if (i % 7 == 0) {
            registry.tracking()
                    .update(
                            id,
                            new RunChange(
                                    Optional.of(RunStatus.FAILED), Optional.of(clock.instant()), Optional.empty()));
        }
        if (i % 11 == 0) {
            registry.tracking().delete(id);
        }
    }

    private List<String> all(List<String> among, SearchRequest request, Choice choice) {
        Effort effort = new Effort(Duration.ofSeconds(30), choice);
        List<String> ids = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            SearchRequest next = request.after(token);
            Page<Run> page = registry.database().read(session -> RunSearch.run(session, among, next, effort));
            page.items().forEach(run -> ids.add(run.id()));
            token = page.next();
        } while (token.isPresent());
        return ids;
    }

    @Test
    void bothWaysLeadToTheSame() {
        int found = 0;
        for (List<String> among : List.of(experiments, experiments.subList(0, 1))) {
            for (String filter : FILTERS) {
                for (List<String> order : ORDERS) {
                    SearchRequest request = SearchRequest.of(filter, 16).orderedBy(order.toArray(new String[0]));
                    List<String> sorted = all(among, request, Choice.SORT);
                    assertThat(all(among, request, Choice.WALK))
                            .as("%s ORDER BY %s", filter, order)
                            .isEqualTo(sorted)
                            .doesNotHaveDuplicates();
                    found += sorted.size();
                }
            }
        }
        assertThat(found).isGreaterThan(10_000);
    }

    @Test
    void theCheaperWayLeadsThereToo() {
        for (String filter : FILTERS) {
            SearchRequest request = SearchRequest.of(filter, 9).orderedBy("metrics.auc DESC");
            assertThat(all(experiments, request, Choice.CHEAPER)).isEqualTo(all(experiments, request, Choice.SORT));
        }
    }

    @Test
    void showsDeletedRunsWhenAskedTo() {
        SearchRequest deleted = SearchRequest.of("", 5).view(SearchRequest.View.DELETED_ONLY);
        assertThat(all(experiments, deleted, Choice.WALK))
                .hasSize(14)
                .isEqualTo(all(experiments, deleted, Choice.SORT));
        assertThat(all(experiments, SearchRequest.of("", 5).view(SearchRequest.View.ALL), Choice.WALK))
                .hasSize(RUNS);
    }

    @Test
    void searchesManyExperiments_asItDoesFew() {
        int many = 40_000;
        registry.database().write(transaction -> {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (long id = 1_000; id < 1_000 + many; id++) {
                rows.add(new @Nullable Object[] {id, "generated-" + id, Instant.EPOCH, Instant.EPOCH});
            }
            return transaction.updateAll(
                            "INSERT INTO experiments (experiment_id, name, created, updated) VALUES (?, ?, ?, ?)", rows)
                    .length;
        });
        List<String> among = new ArrayList<>(experiments);
        LongStream.range(1_000, 1_000 + many).mapToObj(Long::toString).forEach(among::add);
        for (String filter : List.of("", "metrics.auc > 0.4", "params.depth IS NULL", "run_name LIKE 'try-1%'")) {
            for (List<String> order : List.of(List.<String>of(), List.of("metrics.auc DESC"), List.of("run_name"))) {
                SearchRequest request = SearchRequest.of(filter, 100).orderedBy(order.toArray(new String[0]));
                List<String> few = all(experiments, request, Choice.CHEAPER);
                for (Choice choice : Choice.values()) {
                    assertThat(all(among, request, choice))
                            .as("%s ORDER BY %s, %s", filter, order, choice)
                            .isEqualTo(few);
                }
            }
        }
        SearchRequest newest = SearchRequest.of("", 1_000);
        assertThat(registry.runs().search(RunFilter.ALL, newest).items()).hasSize(136);
        assertThat(registry.loggedModels()
                        .search(LoggedModelRequest.of(among, "", 10))
                        .items())
                .isEmpty();
    }

    @Test
    void takesListsOfAnyLength() {
        String ids = IntStream.range(0, 40_000).mapToObj(i -> "'x" + i + "'").collect(Collectors.joining(", "));
        String known = all(experiments, SearchRequest.of("", 1), Choice.WALK).getFirst();
        for (Choice choice : Choice.values()) {
            assertThat(all(experiments, SearchRequest.of("run_id IN (" + ids + ", '" + known + "')", 9), choice))
                    .containsExactly(known);
            assertThat(all(experiments, SearchRequest.of("params.depth IN (" + ids + ", '3')", 100), choice))
                    .isEqualTo(all(experiments, SearchRequest.of("params.depth = '3'", 100), choice));
            assertThat(all(experiments, SearchRequest.of("run_name NOT IN (" + ids + ", 'try-12')", 100), choice))
                    .isEqualTo(all(experiments, SearchRequest.of("run_name != 'try-12'", 100), choice));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x!",
                "e30=", // {}
                "eyJvZmZzZXQiOi0xfQ==", // {"offset":-1}
                "eyJydW4iOiIiLCJzZWdtZW50Ijo5OSwic3RhcnRlZCI6MSwidmFsdWUiOiIifQ==", // segment 99
                "eyJydW4iOiIiLCJzZWdtZW50IjowLCJzdGFydGVkIjoxLCJ2YWx1ZSI6IngifQ==", // value x
                "eyJydW4iOiIiLCJzZWdtZW50Ijp7fSwic3RhcnRlZCI6MSwidmFsdWUiOiIifQ==" // segment {}
            })
    void refusesAForgedToken(String token) {
        SearchRequest request = SearchRequest.of("", 3).orderedBy("metrics.auc").after(Optional.of(token));
        assertThatThrownBy(() -> registry.tracking().search(experiments, request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Invalid page token");
    }

    @Test
    void stopsASearchThatTakesTooLong_andSaysWhichIndexIsMissing() {
        String slowly = String.join(" AND ", Collections.nCopies(900, "user_id != 'x'"));
        SearchRequest slow =
                SearchRequest.of("tags.team ILIKE '%m%' AND " + slowly, 3).orderedBy("end_time");
        Effort none = new Effort(Duration.ofNanos(1), Choice.CHEAPER);
        assertThatThrownBy(() -> registry.database().read(session -> RunSearch.run(session, experiments, slow, none)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("search: stopped after")
                .hasMessageContaining(
                        "No index leads to order_by end_time, nor to filter tags.team ILIKE, nor to filter user_id !=: leave");
        assertThat(all(experiments, slow, Choice.CHEAPER))
                .as("later searches have time again")
                .isNotEmpty();
    }
}
