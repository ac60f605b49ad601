package dev.millwright.data.profile;

import dev.millwright.core.Progress;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Session;
import dev.millwright.data.SourceSpec;
import dev.millwright.data.TypedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/** A session, small files and profiles of them, as of the first day of 2026. */
final class ProfileBench implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Path folder;
    private final DuckDb duck;
    private final Session session;
    private int tables;

    ProfileBench(Path folder) {
        this.folder = folder;
        this.duck = new DuckDb(new DuckDb.Settings(1000, 2, folder.resolve("temporary")));
        this.session = duck.session();
    }

    Session session() {
        return session;
    }

    SourceSpec file(String name, String content) {
        try {
            return SourceSpec.of(
                    "things", Files.writeString(folder.resolve(name), content).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TypedTable read(SourceSpec spec) {
        return TypedTable.read(duck, session, spec, "table_" + tables++, Progress.NONE);
    }

    /** The rows of a query, as Parquet: columns are what SQL makes them. */
    TypedTable table(String sql) {
        Path file = folder.resolve("table_" + tables + ".parquet");
        session.execute("COPY (" + sql + ") TO '" + file + "' (FORMAT parquet)");
        return read(SourceSpec.of("things", file.toString()));
    }

    DataProfile profile(TypedTable table, ProfileRequest request) {
        return new DataProfiler(session, InstantSource.fixed(NOW)).profile(table, request);
    }

    @Override
    public void close() {
        session.close();
        duck.close();
    }
}
