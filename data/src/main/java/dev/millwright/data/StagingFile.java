package dev.millwright.data;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;

/**
 * A temporary file in the one dialect that DuckDB reads in parallel without guessing: what was understood here (records,
 * their lines, quotes, encodings) need not be understood a second time there.
 */
final class StagingFile implements AutoCloseable {
    private static final String PREFIX = "staging";

    private final Session session;
    private final Path file;
    private final BufferedWriter writer;
    private final DuckDBAppender rejects;
    private long rows;
    private long rejected;
    private int longest = 1;

    StagingFile(DuckDb duck, Session session) {
        this.session = session;
        try {
            file = Files.createTempFile(duck.temporary(), PREFIX, ".csv");
            writer = new BufferedWriter(
                    new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8), 1 << 16);
            rejects = session.connection().createAppender("temp", "main", Staged.REJECTED);
        } catch (IOException e) {
            throw failed(e);
        } catch (SQLException e) {
            throw DuckDb.failure("stage rows", e);
        }
    }

    static boolean isOne(Path file) {
        return String.valueOf(file.getFileName()).startsWith(PREFIX);
    }

    void add(int fileIndex, long line, List<String> values) {
        try {
            writer.write(Integer.toString(fileIndex));
            writer.write(',');
            writer.write(Long.toString(line));
            int length = 32;
            for (String value : values) {
                writer.write(',');
                write(value);
                length += 2 * value.length() + 3;
            }
            writer.write('\n');
            longest = Math.max(longest, length);
            rows++;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void write(String value) throws IOException {
        boolean plain = true;
        for (int i = 0; i < value.length() && plain; i++) {
            char c = value.charAt(i);
            plain = c != ',' && c != '"' && c != '\n' && c != '\r';
        }
        if (plain) {
            writer.write(value);
        } else {
            writer.write('"');
            writer.write(value.replace("\"", "\"\""));
            writer.write('"');
        }
    }

    void reject(int fileIndex, long line, String reason, String raw) {
        try {
            rejects.beginRow();
            rejects.append(fileIndex);
            rejects.append(line);
            rejects.append(reason);
            rejects.append(raw.substring(0, Math.min(raw.length(), Quarantine.LONGEST_RAW)));
            rejects.endRow();
            rejected++;
        } catch (SQLException e) {
            throw DuckDb.failure("stage a rejected row", e);
        }
    }

    long rows() {
        return rows;
    }

    long rejected() {
        return rejected;
    }

    /** Loads the rows into a temporary table, and checks that DuckDB saw exactly those that were written. */
    void load(String table, int columns) {
        try {
            writer.close();
            rejects.close();
        } catch (IOException e) {
            throw failed(e);
        } catch (SQLException e) {
            throw DuckDb.failure("stage rejected rows", e);
        }
        session.execute(create(table, columns, "true"));
        if (session.count("SELECT count(*) FROM " + table) != rows) {
            session.execute(create(table, columns, "false")); // a quoted line break on the seam of two threads
        }
        long loaded = session.count("SELECT count(*) FROM " + table);
        if (loaded != rows) {
            throw new MillwrightException(
                    DataError.ENGINE_FAILED, "staged rows: " + loaded + " (expected: the " + rows + " that were read)");
        }
    }

    private String create(String table, int columns, String parallel) {
        String names = IntStream.range(0, columns)
                .mapToObj(i -> ", '" + Staged.cell(i) + "': 'VARCHAR'")
                .collect(Collectors.joining());
        // Bytes, of which a character of Java takes three at most.
        long line = Math.max(2_000_000, 3L * longest);
        return "CREATE OR REPLACE TEMP TABLE " + table + " AS SELECT * FROM read_csv(" + Sql.globLiteral(file)
                + ", auto_detect=false, header=false, delim=',', quote='\"', escape='\"', new_line='\\n', nullstr='',"
                + " max_line_size=" + line + ", parallel=" + parallel
                + ", columns={'_file': 'INTEGER', '_line': 'BIGINT'" + names + "})";
    }

    private MillwrightException failed(IOException e) {
        return new MillwrightException(
                CoreError.IO_FAILED, "temporary file: can't be written (expected: free disk): " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            writer.close();
            rejects.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(e);
        } catch (SQLException e) {
            throw DuckDb.failure("end staging", e);
        }
    }
}
