package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractComparisonTest {
    private static final Schema X = Schema.of(new Column("x", ColumnType.DOUBLE));

    private static List<String> changes(Contract before, Contract after, Schema found) {
        return ContractComparison.compare(before, X, after, found).stream()
                .map(change -> change.column() + " " + change.kind() + ": " + change.before() + " -> " + change.after())
                .toList();
    }

    private static String kinds(ColumnContract before, ColumnContract after) {
        return ContractComparison.compare(Contract.of(before), X, Contract.of(after), X).stream()
                .map(change -> change.kind().name())
                .collect(Collectors.joining(" "));
    }

    private static ColumnContract x(ColumnType type, ValueRule... rules) {
        return ColumnContract.of("x", type).withRules(rules);
    }

    /** Rules as {@code >= 0 & in 1,2 & matches a+ & required}. */
    private static ColumnContract column(ColumnType type, String rules) {
        return x(
                type,
                Stream.of(rules.split(" & "))
                        .filter(rule -> !rule.isBlank())
                        .map(rule -> rule(type, rule))
                        .toArray(ValueRule[]::new));
    }

    private static ValueRule rule(ColumnType type, String text) {
        String[] words = text.split(" ", 2);
        return switch (words[0]) {
            case "required" -> new ValueRule.Required();
            case "matches" -> new ValueRule.Matches(words[1]);
            case "in" ->
                new ValueRule.OneOf(Stream.of(words[1].split(","))
                        .map(value -> constant(type, value))
                        .toList());
            default ->
                new ValueRule.Bound(
                        Stream.of(Comparator.values())
                                .filter(each -> each.sql().equals(words[0]))
                                .findFirst()
                                .orElseThrow(),
                        constant(type, words[1]));
        };
    }

    private static Value constant(ColumnType type, String text) {
        return ValueRule.constant(type, text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            required                        |                            | WIDEN
                                            | required                   | NARROW
            >= 0                            | >= 0.0                     |
            >= 0                            | >= -1                      | WIDEN
            >= 0                            | >= 1e0                     | NARROW
            >= 0                            | > 0                        | NARROW
            > 0                             | >= 0                       | WIDEN
            > -1                            | >= 0                       | NARROW
            <= 10                           | <= 9.5                     | NARROW
            <= 10                           | < 11                       | WIDEN
            < 10                            | <= 10                      | WIDEN
            >= 0 & <= 10                    | >= 1 & <= 11               | NARROW WIDEN
            >= 0                            | <= 0                       | WIDEN NARROW
            in 1,2                          | in 2,1.0                   |
            in 1,2                          | in 1,2,3                   | WIDEN
            in 1,2                          | in 1                       | NARROW
            in 1,2                          | in 1,3                     | WIDEN NARROW
            in 1,2                          |                            | WIDEN
            """)
    void tellsWhichNumbersARuleLetsThroughThatItDidNot(String before, String after, String kinds) {
        assertThat(kinds(column(ColumnType.DOUBLE, text(before)), column(ColumnType.DOUBLE, text(after))))
                .isEqualTo(text(kinds));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            >= 2020-01-01                   | >= 2020-01-01 00:00        |
            >= 2020-01-01                   | >= 2019-12-31T23:59:59.9   | WIDEN
            >= 2020-01-01T00:00:00Z         | >= 2020-01-01 02:00+02:00  |
            >= 2020-01-01T00:00:00Z         | >= 2020-01-01 00:00-0100   | NARROW
            >= 2020-01-01                   | >= 2020-01-01T00:00:00Z    | WIDEN NARROW
            in 2020-01-01                   | in 2020-01-01 00:00:00.0   |
            """)
    void tellsWhichTimes(String before, String after, String kinds) {
        assertThat(kinds(column(ColumnType.TIMESTAMP, text(before)), column(ColumnType.TIMESTAMP, text(after))))
                .isEqualTo(text(kinds));
    }

    @Test
    void takesAChangedPatternForBoth() {
        assertThat(kinds(column(ColumnType.VARCHAR, "matches a+"), column(ColumnType.VARCHAR, "matches a*")))
                .isEqualTo("WIDEN NARROW");
        assertThat(kinds(column(ColumnType.VARCHAR, "matches a+"), column(ColumnType.VARCHAR, "matches a+")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"BIGINT,DOUBLE,WIDEN", "DOUBLE,BIGINT,NARROW", "BIGINT,VARCHAR,RETYPE", "VARCHAR,TIMESTAMP,RETYPE"})
    void tellsTypesThatHoldAnother(ColumnType before, ColumnType after, String kind) {
        assertThat(kinds(x(before), x(after))).isEqualTo(kind);
    }

    @Test
    void comparesRulesAcrossNumbers_butNotAcrossOtherTypes() {
        assertThat(kinds(column(ColumnType.BIGINT, ">= 0"), column(ColumnType.DOUBLE, ">= 1")))
                .isEqualTo("WIDEN NARROW");
        assertThat(kinds(column(ColumnType.BIGINT, ">= 0"), column(ColumnType.VARCHAR, "matches a")))
                .isEqualTo("RETYPE");
    }

    @Test
    void saysWhatWasPromised_andWhatIs() {
        ColumnContract price = ColumnContract.of("x", ColumnType.DOUBLE)
                .withRules(new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, new Value.Numeral("0")))
                .withUnit("EUR");
        assertThat(changes(Contract.of(price), Contract.of(price.withUnit("USD")), X))
                .containsExactly("x UNIT: EUR -> USD");
        assertThat(changes(Contract.of(price), Contract.of(ColumnContract.of("x", ColumnType.DOUBLE)), X))
                .containsExactly("x UNIT: EUR -> no unit", "x WIDEN: 'x >= 0' -> no such rule");
        assertThat(changes(Contract.of(price), Contract.NONE, X))
                .containsExactly("x WIDEN: double, x >= 0, unit: EUR -> nothing is promised");
        assertThat(changes(Contract.of(price), Contract.NONE, Schema.of(new Column("y", ColumnType.BIGINT))))
                .containsExactly(
                        "x DROP: double, x >= 0, unit: EUR -> no column", "y ADD: no column -> a bigint column");
    }

    @Test
    void takesAFirstPromiseForNoChange() {
        assertThat(changes(Contract.NONE, Contract.of(column(ColumnType.VARCHAR, "matches a")), X))
                .isEmpty();
        assertThat(kinds(
                        new ColumnContract(
                                "x",
                                java.util.Optional.empty(),
                                List.of(),
                                java.util.Optional.empty(),
                                java.util.Optional.empty(),
                                Privacy.PERSONAL,
                                java.util.Optional.empty()),
                        x(ColumnType.BIGINT)))
                .isEmpty();
    }

    private static String text(String cell) {
        return cell == null ? "" : cell;
    }
}
