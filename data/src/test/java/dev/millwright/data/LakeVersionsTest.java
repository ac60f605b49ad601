package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be done to versions once they are there: tagged, brought back, given up. */
class LakeVersionsTest {
    @TempDir
    Path folder;

    private Workbench bench;
    private DatasetVersion first;
    private DatasetVersion second;

    @BeforeEach
    void ingestTwice() {
        bench = new Workbench(folder);
        first = bench.ingest(bench.file("a.csv", "a,b\n1,x\nbroken\n"));
        second = bench.ingest(bench.file("a.csv", "b,a,c\n7,y,1\n"));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("lake/things"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".parquet"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void tagsVersions_inTheTableItself() {
        bench.lake.tag(first, "audited");
        bench.lake.tag(second, "current");
        bench.lake.tag(second, "audited");
        assertThat(bench.lake.tags("things"))
                .isEqualTo(Map.of("audited", second.snapshot(), "current", second.snapshot()));

        bench.lake.untag("things", "current");
        bench.lake.untag("things", "current");
        assertThat(bench.lake.tags("things")).isEqualTo(Map.of("audited", second.snapshot()));
        assertThat(bench.lake.tags("nothing")).isEmpty();
        assertThat(bench.lake.versions("things")).containsExactly(first, second);
    }

    @Test
    void bringsAnEarlierVersionBack_withItsColumnsItsChecksAndWhatWasSetAside() {
        DatasetVersion back = bench.lake.restore(first, "rollback", "it was better");

        assertThat(back.snapshot()).isNotEqualTo(first.snapshot());
        assertThat(back.schema()).isEqualTo(first.schema());
        assertThat(back.files()).isEqualTo(first.files());
        assertThat(back.rowsRead()).isEqualTo(2);
        assertThat(bench.rows(back)).isEqualTo(bench.rows(first)).containsExactly("1|x");
        assertThat(bench.lake.quarantine(back, 10))
                .isEqualTo(bench.lake.quarantine(first, 10))
                .hasSize(1);
        assertThat(bench.lake.report(back)).isEqualTo(bench.lake.report(first));
        assertThat(bench.lake.versions("things")).containsExactly(first, second, back);
        assertThat(bench.lake.rollbacks("things"))
                .containsExactly(new Lake.Rollback(back.snapshot(), first.snapshot(), "it was better"));
        assertThat(bench.lake.restore(first, "rollback", "it was better")).isEqualTo(back);

        DatasetVersion third = bench.ingest(bench.file("a.csv", "a,b,c\n2,z,5\n"));
        assertThat(bench.rows(third)).containsExactly("2|z|5");
        assertThat(bench.rows(second)).containsExactly("7|y|1");
        assertThat(bench.rows(back)).containsExactly("1|x");
    }

    @Test
    void givesVersionsUp_withTheFilesThatNoOtherOneHas() throws IOException {
        DatasetVersion back = bench.lake.restore(first, "rollback", "");
        bench.lake.tag(second, "bad");
        Set<Path> before = files();
        assertThat(before).hasSize(3); // two versions and the rows that the first one set aside

        Lake.Freed none = bench.lake.expire("things", List.of(first.snapshot()));
        assertThat(files()).isEqualTo(before);
        assertThat(none.files()).isPositive(); // its manifest list
        Lake.Freed freed = bench.lake.expire("things", List.of(second.snapshot(), first.snapshot()));

        assertThat(files())
                .containsExactlyInAnyOrderElementsOf(before.stream()
                        .filter(file -> !second.files().contains(file))
                        .toList());
        assertThat(freed.bytes()).isGreaterThan(0);
        assertThat(bench.lake.tags("things")).isEmpty();
        assertThat(bench.lake.versions("things")).containsExactly(back);
        assertThat(bench.rows(back)).containsExactly("1|x");
        assertThat(bench.lake.quarantine(back, 10)).hasSize(1);
        assertThatThrownBy(() -> bench.lake.load("things", second.snapshot()))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.VERSION_NOT_FOUND));
        assertThatThrownBy(() -> bench.lake.expire("things", List.of(back.snapshot())))
                .hasMessageContaining("(expected: not the newest)");
        assertThat(bench.rows(bench.ingest(bench.file("a.csv", "a\n3\n")))).containsExactly("3");
    }
}
