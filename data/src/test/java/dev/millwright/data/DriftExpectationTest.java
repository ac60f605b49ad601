package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code drift(column)} against NumPy and SciPy: {@code src/test/scripts/make_drift.py}. */
class DriftExpectationTest {
    private static final List<String> COLUMNS = List.of("amount", "month", "region", "flag");
    private static final String[] CHECKS = {
        "drift(amount) <= 0.1", "drift(month) < 0.5", "drift(region) <= 0.2", "drift(flag) <= 0.5"
    };

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() {
        bench = new Workbench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static JsonNode fixture() throws IOException {
        try (InputStream json = Objects.requireNonNull(DriftExpectationTest.class.getResourceAsStream("drift.json"))) {
            return new ObjectMapper().readTree(json);
        }
    }

    private static String rows(JsonNode version) {
        return IntStream.range(0, version.get("amount").size())
                .mapToObj(i -> COLUMNS.stream()
                        .map(column -> version.get(column).get(i))
                        .map(value -> value.isNull() ? "" : value.asText())
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n", String.join(",", COLUMNS) + "\n", "\n"));
    }

    private List<ExpectationResult> results(String content, OnViolation severity, String... checks) {
        return bench.lake
                .report(bench.ingest(bench.expecting(bench.file("a.csv", content), severity, checks)))
                .expectations();
    }

    @Test
    void isTheDistanceFromThePreviousVersion() throws IOException {
        JsonNode fixture = fixture();
        assertThat(results(rows(fixture.get("before")), OnViolation.FAIL, CHECKS))
                .allMatch(ExpectationResult::passed)
                .extracting(ExpectationResult::sentence)
                .first()
                .isEqualTo("'drift(amount) <= 0.1' holds: no value (no previous version)");

        List<ExpectationResult> results = results(rows(fixture.get("after")), OnViolation.WARN, CHECKS);

        for (int i = 0; i < COLUMNS.size(); i++) {
            assertThat(results.get(i).measurement().value())
                    .describedAs(COLUMNS.get(i))
                    .isCloseTo(fixture.get("drift").get(COLUMNS.get(i)).asDouble(), within(1e-9));
        }
        assertThat(results).extracting(ExpectationResult::passed).containsExactly(false, false, false, true);
        assertThatThrownBy(() -> results(rows(fixture.get("before")), OnViolation.FAIL, CHECKS[0]))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("things: 'drift(amount) <= 0.1' does not hold: 0.");
    }

    @Test
    void isNothing_forTheSameRowsInAnotherOrder() throws IOException {
        List<String> lines = rows(fixture().get("before")).lines().toList();
        List<String> turned = lines.subList(1, lines.size()).reversed();
        results(String.join("\n", lines) + "\n", OnViolation.FAIL);
        assertThat(results(lines.getFirst() + "\n" + String.join("\n", turned) + "\n", OnViolation.FAIL, CHECKS))
                .extracting(result -> result.measurement().value())
                .containsOnly(0.0);
    }

    @Test
    void holds_whereThePreviousVersionHasNoSuchColumn() {
        results("n\n1\n2\n", OnViolation.FAIL);
        assertThat(results("n,m\nx,1\ny,2\n", OnViolation.FAIL, "drift(n) <= 0.1", "drift(m) <= 0.1"))
                .extracting(ExpectationResult::sentence)
                .containsExactly(
                        "'drift(n) <= 0.1' holds: no value (the previous version has no such column)",
                        "'drift(m) <= 0.1' holds: no value (the previous version has no such column)");
        results("n\n1\n2\n", OnViolation.FAIL);
        assertThat(results("n\n1\n2.5\n", OnViolation.WARN, "drift(n) <= 0.1"))
                .extracting(ExpectationResult::passed)
                .containsExactly(true);
    }
}
