package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Progress;
import dev.millwright.data.DelimitedRecords.Entry;
import dev.millwright.data.DelimitedRecords.Fields;
import dev.millwright.data.DelimitedRecords.Malformed;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stages CSV and TSV. */
final class DelimitedStager {
    private static final String TABLE = "staged_rows";
    private static final int REPORT_EVERY = 10_000;

    private final DuckDb duck;
    private final Session session;
    private final Progress progress;

    DelimitedStager(DuckDb duck, Session session, Progress progress) {
        this.duck = duck;
        this.session = session;
        this.progress = progress;
    }

    Staged stage(SourceSpec spec, SourceFiles source, long limit) {
        Charset charset = TextLines.charset(spec);
        Dialect dialect = Dialect.of(spec, source.format(), source.files().getFirst(), charset);
        int width = dialect.columns().size();
        Missing missing = new Missing(new MissingWords(spec.missing()), new long[width]);
        long read = 0;
        Staged.Extent extent = Staged.Extent.WHOLE;
        try (StagingFile staging = new StagingFile(duck, session)) {
            for (int i = 0; i < source.files().size() && extent == Staged.Extent.WHOLE; i++) {
                Path file = source.files().get(i);
                requireSame(spec, source, dialect, file, charset);
                try (TextLines lines = TextLines.open(file, charset)) {
                    extent = copy(spec, source, i, lines, dialect, missing, staging, new Budget(read, limit));
                    read += lines.bytesRead();
                }
            }
            staging.load(TABLE, width);
            return new Staged(
                    source.format(),
                    TABLE,
                    source.files(),
                    missing.columns(dialect),
                    staging.rows(),
                    staging.rejected(),
                    extent,
                    read);
        }
    }

    private record Budget(long readBefore, long limit) {}

    /** Empties missing cells, and counts by column those that are blank. */
    private record Missing(MissingWords words, long[] blanks) {
        List<String> emptied(List<String> cells) {
            List<String> emptied = new ArrayList<>(cells.size());
            for (int i = 0; i < cells.size(); i++) {
                String cell = cells.get(i);
                emptied.add(words.contains(cell) ? "" : cell);
                if (!cell.isEmpty() && cell.isBlank()) {
                    blanks[i]++;
                }
            }
            return emptied;
        }

        List<Staged.Found> columns(Dialect dialect) {
            List<Staged.Found> columns = new ArrayList<>();
            for (int i = 0; i < blanks.length; i++) {
                columns.add(new Staged.Found.Text(dialect.columns().get(i), blanks[i]));
            }
            return columns;
        }
    }

    /** Refuses a file whose columns are not those of the first. */
    static void requireSame(SourceSpec spec, SourceFiles source, Dialect dialect, Path file, Charset charset) {
        if (file.equals(source.files().getFirst())) {
            return;
        }
        List<String> columns = Dialect.of(
                        spec.withDelimiter(dialect.delimiter()).withHeader(dialect.header()),
                        source.format(),
                        file,
                        charset)
                .columns();
        if (!columns.equals(dialect.columns())) {
            throw new InvalidInputException(spec.dataset() + ": " + file + " has the columns " + columns
                    + " (expected: " + dialect.columns() + ", as in "
                    + source.files().getFirst() + ")");
        }
    }

    private Staged.Extent copy(
            SourceSpec spec,
            SourceFiles source,
            int fileIndex,
            TextLines lines,
            Dialect dialect,
            Missing missing,
            StagingFile staging,
            Budget budget) {
        int width = dialect.columns().size();
        long total = source.bytes();
        DelimitedRecords records = new DelimitedRecords(lines, dialect.delimiter());
        Entry entry = records.next();
        if (dialect.header() == Header.PRESENT) {
            requireHeader(spec, source.files().get(fileIndex), entry);
            entry = records.next();
        }
        for (; entry != null; entry = records.next()) {
            switch (entry) {
                case Malformed bad -> staging.reject(fileIndex, bad.line(), bad.reason(), bad.raw());
                case Fields row
                when row.values().size() == width -> staging.add(fileIndex, row.line(), missing.emptied(row.values()));
                case Fields row ->
                    staging.reject(
                            fileIndex,
                            row.line(),
                            row.values().size() + " fields (expected: " + width + ")",
                            String.join(dialect.delimiter(), row.values()));
            }
            if ((staging.rows() + staging.rejected()) % REPORT_EVERY == 0) {
                long read = budget.readBefore() + lines.bytesRead();
                progress.report("bytes of " + spec.dataset(), read, total);
                if (read > budget.limit()) {
                    return Staged.Extent.HEAD;
                }
            }
        }
        return Staged.Extent.WHOLE;
    }

    static void requireHeader(SourceSpec spec, Path file, @Nullable Entry entry) {
        if (entry instanceof Malformed bad) {
            throw new InvalidInputException(List.of(Problem.about(
                    "header",
                    spec.dataset() + ": " + file + ", line " + bad.line() + ": " + bad.reason()
                            + " (expected: a header row)")));
        }
    }
}
