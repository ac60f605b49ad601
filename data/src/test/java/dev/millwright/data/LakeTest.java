package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {
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

    @Test
    void doesAStepOnce() {
        SourceSpec spec = bench.file("a.csv", "a\n1\n");
        DatasetVersion first = bench.lake.ingest(spec, "key", Progress.NONE);
        bench.file("a.csv", "a\n2\n");
        assertThat(bench.lake.ingest(spec, "key", Progress.NONE)).isEqualTo(first);
        assertThat(bench.lake.find("things", "key")).contains(first);
        assertThat(bench.lake.find("things", "other")).isEmpty();
        assertThat(bench.lake.find("nothing", "key")).isEmpty();
    }

    @Test
    void keepsOlderVersionsReadable_asColumnsComeGoAndChange() {
        DatasetVersion first = bench.ingest(bench.file("a.csv", "a,b,c\n1,x,2024-01-01\n"));
        DatasetVersion second = bench.ingest(bench.file("a.csv", "c,d,a\n5,true,text\n"));
        DatasetVersion third = bench.ingest(bench.file("a.csv", "a,B,c.d\n7,y,1\n"));

        assertThat(bench.rows(first)).containsExactly("1|x|2024-01-01 00:00:00.0");
        assertThat(bench.rows(second)).containsExactly("5|true|text");
        assertThat(bench.rows(third)).containsExactly("7|y|1");
        assertThat(second.schema().names()).containsExactly("c", "d", "a");
        assertThat(third.schema().names()).containsExactly("a", "B", "c.d");
        assertThat(bench.lake.versions("things")).containsExactly(first, second, third);
        assertThat(bench.lake.load("things", first.snapshot())).isEqualTo(first);
    }

    @Test
    void writesFieldIdsByWhichOtherReadersFindColumns() {
        bench.ingest(bench.file("a.csv", "a,b\n1,x\n"));
        DatasetVersion version = bench.ingest(bench.file("a.csv", "b,n\ny,2\n"));
        String file = Sql.literal(version.files().getFirst());
        assertThat(bench.query("SELECT name, field_id FROM parquet_schema(" + file + ") WHERE field_id IS NOT NULL"))
                .containsExactly("b|2", "n|4", "_row_id|3");
    }

    @Test
    void survivesBeingOpenedAgain() {
        DatasetVersion version = bench.ingest(bench.file("a.csv", "a\n1\n"));
        try (Lake again = new Lake(folder.resolve("lake"), bench.duck)) {
            assertThat(again.versions("things")).containsExactly(version);
            assertThat(again.datasets()).containsExactly("things");
        }
    }

    @Test
    void saysThatAVersionIsUnknown() {
        bench.ingest(bench.file("a.csv", "a\n1\n"));
        assertThatThrownBy(() -> bench.lake.load("thing", 1))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.VERSION_NOT_FOUND))
                .hasMessageContaining("Did you mean 'things'?");
        assertThatThrownBy(() -> bench.lake.load("things", 1)).hasMessageContaining("version 1 (expected: one that");
    }

    @Test
    void tellsWhatDecidesAVersion() {
        SourceSpec spec = bench.file("a.csv", "a\n1\n");
        String before = Lake.fingerprint(spec);
        assertThat(Lake.fingerprint(spec)).isEqualTo(before).hasSize(64);
        assertThat(Lake.fingerprint(spec.withMissing(List.of("NA")))).isNotEqualTo(before);
        bench.file("a.csv", "a\n2\n");
        assertThat(Lake.fingerprint(spec)).isNotEqualTo(before);
    }

    @Test
    void sweepsWhatNothingRefersTo_afterADay() throws IOException {
        DatasetVersion version = bench.ingest(bench.file("a.csv", "a\n1\n"));
        DatasetVersion next = bench.ingest(bench.file("a.csv", "a,b\n1,2\n3\n"));
        Path data = folder.resolve("lake/things/data");
        Path orphan = Files.writeString(data.resolve("orphan.parquet"), "x");
        Path staged = Files.writeString(folder.resolve("temporary/staging1.csv"), "x");
        Files.setLastModifiedTime(staged, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        Path fresh = Files.writeString(data.resolve("fresh.parquet"), "x");
        Instant now = Instant.now();
        try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofDays(3))));
            }
        }
        Files.setLastModifiedTime(fresh, FileTime.from(now));

        try (Lake lake = new Lake(folder.resolve("lake"), bench.duck, InstantSource.fixed(now))) {
            assertThat(lake.sweep()).isEqualTo(2);
            assertThat(staged).doesNotExist();
            assertThat(orphan).doesNotExist();
            assertThat(fresh).exists();
            assertThat(lake.versions("things")).containsExactly(version, next);
            assertThat(lake.quarantine(next, 5)).hasSize(1);
        }
    }

    @Test
    void takesIngestionsOfSeveralDatasetsAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<DatasetVersion>> versions = threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<DatasetVersion>>mapToObj(i -> () -> {
                        SourceSpec spec = bench.file("f" + i + ".csv", "a\n" + i + "\n");
                        return bench.lake.ingest(SourceSpec.of("set" + i % 4, spec.from()), "key" + i, Progress.NONE);
                    })
                    .toList());
            for (Future<DatasetVersion> version : versions) {
                assertThat(bench.rows(version.get())).hasSize(1);
            }
        }
        assertThat(bench.lake.datasets()).containsExactly("set0", "set1", "set2", "set3");
    }

    @Test
    void profilesAVersion() {
        DatasetVersion version = bench.ingest(bench.file("a.csv", "n,s,at\n1,x,2024-01-01\n2,x,\n,y,\n"));
        ColumnProfile number = bench.lake.profile(version).getFirst();
        assertThat(number.missing()).isEqualTo(1);
        assertThat(number.distinct()).isEqualTo(2);
        assertThat(number.minimum()).contains("1");
        assertThat(bench.lake.profile(version).get(1).frequent()).containsExactly("x", "y");
        assertThat(bench.lake.profile(version).get(2).maximum()).contains("2024-01-01T00:00:00Z");
    }
}
