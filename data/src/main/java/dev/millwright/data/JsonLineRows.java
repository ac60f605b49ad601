package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of JSON, each a row of one cell; whether they are objects is found out later. */
final class JsonLineRows implements TextRows {
    private final SourceFiles source;
    private final SourceSpec spec;
    private final Charset charset;
    private int file = -1;
    private long bytesBefore;
    private @Nullable TextLines lines;
    private TextLines.Line row = new TextLines.Line(0, "");

    JsonLineRows(SourceSpec spec, SourceFiles source) {
        this.spec = spec;
        this.source = source;
        this.charset = TextLines.charset(spec);
    }

    @Override
    public boolean advance() {
        while (true) {
            TextLines open = lines;
            TextLines.Line line = open == null ? null : open.next();
            if (line == null) {
                if (!openNext()) {
                    return false;
                }
            } else if (!line.text().isBlank()) {
                JsonLinesStager.requireNoArray(spec, source.files().get(file), line);
                row = line;
                return true;
            }
        }
    }

    private boolean openNext() {
        TextLines last = lines;
        if (last != null) {
            bytesBefore += last.bytesRead();
            last.close();
            lines = null;
        }
        if (file + 1 >= source.files().size()) {
            return false;
        }
        file++;
        lines = TextLines.open(source.files().get(file), charset);
        return true;
    }

    /** What is wrong with a line that is no object. */
    static InvalidInputException broken(Path file, long line, String reason) {
        return new InvalidInputException(
                file + ", line " + line + ": " + reason + " (expected: one JSON object). Mend the line.");
    }

    @Override
    public int file() {
        return file;
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
        TextLines open = lines;
        return bytesBefore + (open == null ? 0 : open.bytesRead());
    }

    @Override
    public void close() {
        TextLines open = lines;
        if (open != null) {
            open.close();
        }
    }
}
