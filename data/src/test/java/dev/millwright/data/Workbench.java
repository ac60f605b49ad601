package dev.millwright.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.Problem;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A DuckDB, a lake and small files for a test. */
public final class Workbench implements AutoCloseable {
    final Path folder;
    final DuckDb duck;
    final Lake lake;

    Workbench(Path folder) {
        this(folder, InstantSource.system());
    }

    Workbench(Path folder, InstantSource clock) {
        this.folder = folder;
        this.duck = new DuckDb(new DuckDb.Settings(1000, 2, folder.resolve("temporary")));
        this.lake = new Lake(folder.resolve("lake"), duck, clock);
    }

    SourceSpec file(String name, String content) {
        return file(name, content, StandardCharsets.UTF_8);
    }

    SourceSpec file(String name, String content, Charset charset) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content.getBytes(charset));
            return SourceSpec.of("things", file.toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    DatasetVersion ingest(SourceSpec spec) {
        return lake.ingest(spec, Lake.fingerprint(spec), Progress.NONE);
    }

    /** Rows of a version as the text of its cells, {@code null} for missing; without the row id. */
    List<String> rows(DatasetVersion version) {
        return query("SELECT * EXCLUDE (_row_id) FROM " + lake.tableReference(version));
    }

    List<String> query(String sql) {
        try (Session session = duck.session()) {
            return session.query(sql, row -> {
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    text.append(i == 1 ? "" : "|").append(row.getString(i));
                }
                return text.toString();
            });
        }
    }

    static Expectation expectation(String text, Schema schema) {
        return expectation(text, schema, Map.of());
    }

    static Expectation expectation(String text, Schema schema, Map<String, Schema> tables) {
        return Expectation.parse(
                text,
                new Problem.Position("pipeline.yaml", 7, 9),
                new ExpectationScope(schema, ZoneOffset.UTC, tables));
    }

    SourceSpec expecting(SourceSpec spec, OnViolation action, String... texts) {
        Schema schema = Inspector.inspect(duck, spec).schema();
        return spec.withExpectations(
                List.of(texts).stream()
                        .map(text -> new Expected(expectation(text, schema), action))
                        .toList(),
                action);
    }

    /** A file of the shared test data; the test is skipped when it is not here. */
    public static Path realData(String name) {
        Optional<Path> root = Optional.ofNullable(System.getenv("MILLWRIGHT_TEST_DATA"))
                .map(Path::of)
                .or(Workbench::sharedData);
        assumeTrue(
                root.isPresent() && Files.exists(root.get().resolve(name)),
                "../shared/data/" + name + " is absent: set MILLWRIGHT_TEST_DATA to test with real data");
        return root.get().resolve(name);
    }

    private static Optional<Path> sharedData() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path data = at.resolve("../shared/data").normalize();
            if (Files.isDirectory(data)) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        lake.close();
        duck.close();
    }
}
