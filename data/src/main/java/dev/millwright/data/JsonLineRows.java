package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of JSON, each a row of one cell; whether they are objects is found out later. */
final class JsonLineRows implements TextRows {
    private final SourceSpec spec;
    private final LinesOfFiles files;
    private @Nullable TextLines lines;
    private TextLines.Line row = new TextLines.Line(0, "");

    JsonLineRows(SourceSpec spec, SourceFiles source) {
        this.spec = spec;
        this.files = new LinesOfFiles(source.files(), TextLines.charset(spec));
    }

    @Override
    public boolean advance() {
        while (true) {
            TextLines open = lines;
            TextLines.Line line = open == null ? null : open.next();
            if (line == null) {
                lines = files.openNext();
                if (lines == null) {
                    return false;
                }
            } else if (!line.text().isBlank()) {
                JsonLinesStager.requireNoArray(spec, files.path(), line);
                row = line;
                return true;
            }
        }
    }

    /** What is wrong with a line that is no object. */
    static InvalidInputException broken(Path file, long line, String reason) {
        return new InvalidInputException(
                file + ", line " + line + ": " + reason + " (expected: one JSON object). Mend the line.");
    }

    @Override
    public int file() {
        return files.file();
    }

    @Override
    public long line() {
        return row.number();
    }

    @Override
    public List<String> cells() {
        return List.of(row.text());
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
