package dev.millwright.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.ColumnSummary.Trait;
import dev.millwright.data.profile.ColumnSummary.ValueCount;
import dev.millwright.data.profile.Histogram.Bin;
import dev.millwright.data.profile.TimeCoverage.Gap;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataProfilerTest {
    @TempDir
    Path folder;

    private ProfileBench bench;

    @BeforeEach
    void open() {
        bench = new ProfileBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private DataProfile profile(String sql) {
        return bench.profile(bench.table(sql), ProfileRequest.of("things"));
    }

    private static ColumnSummary column(DataProfile profile, String name) {
        return profile.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysWhatAColumnIs() {
        DataProfile profile =
                profile("SELECT i AS id, 'k' || i % 99 AS almost, 'only' AS one, CAST(NULL AS DOUBLE) AS nothing,"
                        + " CASE WHEN i = 5 THEN 'x' ELSE 'y' END AS nearly, 'name ' || i AS names, 'c' || i % 140 AS city, i * 1.5 AS"
                        + " amount, i % 2 = 0 AS even FROM range(1000) r(i)");
        assertThat(profile.columns())
                .extracting(ColumnSummary::traits)
                .containsExactly(
                        List.of(Trait.ID),
                        List.of(),
                        List.of(Trait.CONSTANT),
                        List.of(Trait.EMPTY),
                        List.of(Trait.NEARLY_CONSTANT),
                        List.of(Trait.HIGH_CARDINALITY),
                        List.of(Trait.HIGH_CARDINALITY),
                        List.of(),
                        List.of());
        assertThat(column(profile, "nothing").minimum()).isEmpty();
        assertThat(column(profile, "nothing").histogram()).isEmpty();
        assertThat(column(profile, "nearly").frequent())
                .containsExactly(new ValueCount("y", 999), new ValueCount("x", 1));
        assertThat(column(profile, "nearly").once()).isEqualTo(1);
        assertThat(profile.missingShare()).isCloseTo(1 / 9.0, within(1e-12));
    }

    @Test
    void findsIdsOfWhichSomeStandTwice() {
        DataProfile profile =
                profile("SELECT 'c' || i AS code, 1000 + i AS number, i * i AS square FROM range(200) r(i)"
                        + " UNION ALL SELECT 'c7', 1007, 49");
        assertThat(column(profile, "code").traits()).containsExactly(Trait.NEARLY_AN_ID);
        assertThat(column(profile, "number").traits()).containsExactly(Trait.NEARLY_AN_ID);
        assertThat(column(profile, "square").traits()).isEmpty();
    }

    @Test
    void countsFewWholeNumbersOneByOne_andOthersInBinsThatATailDoesNotFlatten() {
        DataProfile profile =
                profile("SELECT (i % 3)::BIGINT AS few, CASE WHEN i = 0 THEN 1e9 ELSE i END AS tailed, 7.0 AS same"
                        + " FROM range(1000) r(i)");
        assertThat(column(profile, "few").histogram())
                .contains(new Histogram(
                        List.of(new Bin(-0.5, 0.5, 334), new Bin(0.5, 1.5, 333), new Bin(1.5, 2.5, 333)), 0, 0));
        Histogram tailed = column(profile, "tailed").histogram().orElseThrow();
        assertThat(tailed.above()).isBetween(1L, 10L);
        assertThat(tailed.bins())
                .hasSize(24)
                .allSatisfy(bin -> assertThat(bin.rows()).isBetween(38L, 45L));
        assertThat(column(profile, "same").histogram()).contains(new Histogram(List.of(new Bin(6.5, 7.5, 1000)), 0, 0));
    }

    @Test
    void findsWhatIsMissingTogether_andWhere() {
        MissingPatterns missing = profile(
                        "SELECT i AS id, CASE WHEN i < 250 THEN NULL ELSE i END AS early, CASE WHEN i < 250 THEN NULL ELSE 'x'"
                                + " END AS also, CASE WHEN i % 2 = 0 THEN 1.0 END AS every FROM range(1200) r(i) ORDER BY i")
                .missing();
        assertThat(missing.complete()).isEqualTo(475);
        assertThat(missing.different()).isEqualTo(4);
        assertThat(missing.patterns().getFirst()).isEqualTo(new MissingPatterns.Pattern(List.of("every"), 475));
        assertThat(missing.together()).containsExactly(new MissingPatterns.Together("early", "also", 1));
        MissingPatterns.Slices early = missing.slices().getFirst();
        assertThat(early.column()).isEqualTo("early");
        assertThat(early.shares())
                .hasSize(24)
                .startsWith(1.0, 1.0, 1.0, 1.0, 1.0, 0.0)
                .endsWith(0.0);
    }

    @Test
    void findsRepeatedRows_withAndWithoutTheirIds() {
        Duplicates duplicates = profile(
                        "SELECT 'k' || i AS id, i % 50 AS a, 'b' AS b FROM range(100) r(i) UNION ALL SELECT 'k3', 3, 'b'"
                                + " UNION ALL SELECT 'k3', 3, 'b'")
                .duplicates();
        assertThat(duplicates.whole())
                .isEqualTo(new Duplicates.Repeats(1, 3, 3, List.of(new Duplicates.Example(3, "id=k3, a=3, b=b"))));
        assertThat(duplicates.whole().surplus()).isEqualTo(2);
        assertThat(duplicates.ids()).containsExactly("id");
        Duplicates.Repeats butForIds = duplicates.butForIds().orElseThrow();
        assertThat(List.of(butForIds.groups(), butForIds.rows(), butForIds.largest()))
                .containsExactly(50L, 102L, 4L);
    }

    @Test
    void findsGapsDisorderAndTheFuture() {
        TimeCoverage time = profile(
                        "SELECT TIMESTAMP '2025-03-01' + to_hours(CASE WHEN i >= 300 THEN i + 100 ELSE i END) AS t FROM range(600)"
                                + " r(i) UNION ALL SELECT TIMESTAMP '2025-03-02 00:30:00' UNION ALL SELECT TIMESTAMP '2031-01-01'"
                                + " UNION ALL SELECT NULL")
                .times()
                .getFirst();
        assertThat(time.first()).isEqualTo(Instant.parse("2025-03-01T00:00:00Z"));
        assertThat(time.last()).isEqualTo(Instant.parse("2031-01-01T00:00:00Z"));
        assertThat(time.future()).isEqualTo(1);
        assertThat(time.outOfOrder()).isEqualTo(OptionalLong.of(1));
        assertThat(time.allGaps()).isEqualTo(2);
        assertThat(time.gaps().get(1))
                .isEqualTo(new Gap(Instant.parse("2025-03-13T11:00:00Z"), Instant.parse("2025-03-17T16:00:00Z")));
        assertThat(time.unit()).isEqualTo("quarter");
        assertThat(time.buckets()).hasSize(25);
        assertThat(time.buckets().getFirst())
                .isEqualTo(new TimeCoverage.Bucket(Instant.parse("2025-01-01T00:00:00Z"), 601));
        assertThat(time.buckets().get(3).rows()).isZero();
    }

    @Test
    void holdsAgainstNumbersAtTheEdge() {
        DataProfile profile =
                profile("SELECT * FROM (VALUES (1.7e308::DOUBLE, 1e-320::DOUBLE, 9223372036854775807::BIGINT, 1.0),"
                        + " (-1.7e308, -1e-320, -9223372036854775808, 2.0), (0.0, 0.0, 0, NULL), (1e308, 5e-324, 12, -0.0)) t(huge, tiny, long,"
                        + " plain)");
        assertThat(column(profile, "huge").numbers().orElseThrow().deviation()).isGreaterThan(1e308);
        assertThat(column(profile, "tiny").numbers().orElseThrow().deviation()).isBetween(0.0, 1e-319);
        assertThat(column(profile, "huge").histogram().orElseThrow().bins().stream()
                        .mapToLong(Bin::rows)
                        .sum())
                .isEqualTo(4);
        assertThat(column(profile, "long").maximum()).contains("9223372036854775807");
    }

    @Test
    void takesHostileNamesAndValues() {
        TypedTable table = bench.read(bench.file(
                "hostile.csv",
                "\"a\"\"; DROP TABLE x; --\",select,\"it's <b>\"\n'; --,1,\u202e\n\"x\ny\",2,\uD83D\uDE00\n"));
        DataProfile profile = bench.profile(table, ProfileRequest.of("'; --").withLabel("select"));
        assertThat(profile.columns())
                .extracting(ColumnSummary::name)
                .containsExactly("a\"; DROP TABLE x; --", "select", "it's <b>");
        assertThat(profile.duplicates().whole().rows()).isZero();
    }

    @Test
    void countsRowsThatTheirTypesRefuse() {
        TypedTable table = bench.read(bench.file("broken.csv", "a,b\n1,2\n3\n4,5\n"));
        DataProfile profile = bench.profile(table, ProfileRequest.of("broken"));
        assertThat(profile.rows()).isEqualTo(2);
        assertThat(profile.setAside()).isEqualTo(1);
    }

    @Test
    void takesASample_thatTheSeedDecides() {
        TypedTable table = bench.table("SELECT i AS x, (i * 7) % 1000 AS y FROM range(300000) r(i)");
        TableQuery query = new TableQuery(bench.session(), table);
        Sample sample = Sample.of(query, 1);
        assertThat(sample.rows()).isBetween(198_000, 202_000);
        assertThat(((SampleColumn.Numeric) sample.columns().getFirst()).values())
                .isSorted()
                .isEqualTo(((SampleColumn.Numeric) Sample.of(query, 1).columns().getFirst()).values())
                .isNotEqualTo(
                        ((SampleColumn.Numeric) Sample.of(query, 2).columns().getFirst()).values());
    }

    @Test
    void givesTheSameProfileEachTime() {
        String sql =
                "SELECT i, 'c' || hash(i) % 30 AS c, hash(i, 1) % 1000 / 7.0 AS x, hash(i, 2) % 3 = 0 AS label FROM range(5000)"
                        + " r(i)";
        ProfileRequest request = ProfileRequest.of("things").withLabel("label");
        assertThat(bench.profile(bench.table(sql), request)).isEqualTo(bench.profile(bench.table(sql), request));
    }

    @Test
    void profilesOneRow() {
        DataProfile profile = profile("SELECT 1 AS a, 'x' AS b, TIMESTAMP '2025-01-01' AS c, true AS d");
        assertThat(profile.associations()).isEmpty();
        assertThat(profile.leakage()).isEqualTo(Optional.empty());
        assertThat(profile.times().getFirst().buckets()).hasSize(1);
    }

    @Test
    void refusesATimeThatIsNone() {
        TypedTable table = bench.table("SELECT 1 AS a, 'x' AS b");
        assertThatThrownBy(() -> bench.profile(table, ProfileRequest.of("t").withTime("b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("--time: b is a varchar (expected: a column of timestamps).");
        assertThatThrownBy(() -> bench.profile(table, ProfileRequest.of("t").withEntity("c")))
                .hasMessage("--entity: c (expected: a column of the data). Did you mean 'a'?");
    }

    @Test
    void refusesATestOfOtherColumns() {
        TypedTable train = bench.table("SELECT 1 AS a, 2 AS b");
        TypedTable test = bench.table("SELECT 1 AS a, 2 AS c");
        assertThatThrownBy(() -> bench.profile(
                        train, ProfileRequest.of("t").withParting(new ProfileRequest.Parting.BySource(test))))
                .hasMessage("--test: has no column b (expected: the columns of the data). Did you mean 'a'?");
    }
}
