package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.DelimitedRecords.Entry;
import dev.millwright.data.DelimitedRecords.Fields;
import dev.millwright.data.DelimitedRecords.Malformed;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of CSV and TSV. */
final class DelimitedRows implements TextRows {
    private final SourceSpec spec;
    private final SourceFiles source;
    private final Charset charset;
    private final Dialect dialect;
    private final MissingWords missing;
    private final LinesOfFiles files;
    private @Nullable DelimitedRecords records;
    private Fields row = new Fields(0, List.of());

    private DelimitedRows(SourceSpec spec, SourceFiles source, Charset charset, Dialect dialect) {
        this.spec = spec;
        this.source = source;
        this.charset = charset;
        this.files = new LinesOfFiles(source.files(), charset);
        this.dialect = dialect;
        this.missing = new MissingWords(spec.missing());
    }

    static DelimitedRows open(SourceSpec spec, SourceFiles source) {
        Charset charset = TextLines.charset(spec);
        Dialect dialect = Dialect.of(spec, source.format(), source.files().getFirst(), charset);
        return new DelimitedRows(spec, source, charset, dialect);
    }

    List<String> columns() {
        return dialect.columns();
    }

    @Override
    public boolean advance() {
        while (true) {
            DelimitedRecords open = records;
            Entry entry = open == null ? null : open.next();
            if (entry != null) {
                row = accepted(entry);
                return true;
            }
            if (!openNext()) {
                return false;
            }
        }
    }

    private Fields accepted(Entry entry) {
        return switch (entry) {
            case Malformed bad -> throw broken(bad.line(), bad.reason());
            case Fields fields when fields.values().size() == dialect.columns().size() -> fields;
            case Fields fields ->
                throw broken(
                        fields.line(),
                        fields.values().size() + " fields (expected: "
                                + dialect.columns().size() + ")");
        };
    }

    private InvalidInputException broken(long line, String reason) {
        return new InvalidInputException(
                files.path() + ", line " + line + ": " + reason + ". Mend the row; nothing is left out silently.");
    }

    private boolean openNext() {
        records = null;
        TextLines opened = files.openNext();
        if (opened == null) {
            return false;
        }
        DelimitedStager.requireSame(spec, source, dialect, files.path(), charset);
        DelimitedRecords found = new DelimitedRecords(opened, dialect.delimiter());
        records = found;
        if (dialect.header() == Header.PRESENT) {
            DelimitedStager.requireHeader(spec, files.path(), found.next());
        }
        return true;
    }

    @Override
    public int file() {
        return files.file();
    }

    @Override
    public long line() {
        return row.line();
    }

    @Override
    public List<String> cells() {
        return row.values().stream()
                .map(cell -> missing.contains(cell) ? "" : cell)
                .toList();
    }

    @Override
    public long bytesRead() {
        return files.bytesRead();
    }

    @Override
    public void close() {
        files.close();
    }
}
