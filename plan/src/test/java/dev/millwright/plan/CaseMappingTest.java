package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Java and DuckDB follow different versions of Unicode, so each code point's other case is compared. */
class CaseMappingTest {
    @Test
    void everyCharacterHasTheSameOtherCaseInBothEngines() throws SQLException {
        assertThat(inJava(ScalarText::upper)).hasSizeGreaterThan(1400).isEqualTo(inDuckDb("upper"));
        assertThat(inJava(ScalarText::lower)).hasSizeGreaterThan(1400).isEqualTo(inDuckDb("lower"));
    }

    /** Of those that change. */
    private static Map<Long, String> inJava(UnaryOperator<String> mapping) {
        return IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .boxed()
                .filter(point -> !mapping.apply(Character.toString(point)).equals(Character.toString(point)))
                .collect(Collectors.toMap(
                        Integer::longValue,
                        point -> mapping.apply(Character.toString(point)),
                        (a, b) -> a,
                        TreeMap::new));
    }

    private static Map<Long, String> inDuckDb(String function) throws SQLException {
        try (DuckDb duck = new DuckDb()) {
            List<Map<String, @Nullable Object>> rows = duck.query("SELECT point, " + function
                    + "(chr(CAST(point AS INTEGER))) AS mapped FROM range(1, 1114112) t(point)"
                    + " WHERE point NOT BETWEEN 55296 AND 57343 AND mapped <> chr(CAST(point AS INTEGER))");
            Map<Long, String> mapped = new TreeMap<>();
            rows.forEach(row -> mapped.put(Replay.cast(row.get("point")), Replay.cast(row.get("mapped"))));
            return mapped;
        }
    }
}
