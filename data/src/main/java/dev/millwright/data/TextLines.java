package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The numbered physical lines of a text file, decoded strictly. Lines can be put back. For one thread. */
final class TextLines implements AutoCloseable {

    /** A line without its terminator; numbers count from 1. */
    record Line(long number, String text) {}

    private final Path file;
    private final Charset charset;
    private final Counting counting;
    private final BufferedReader reader;
    private final Deque<Line> returned = new ArrayDeque<>();
    private long number;

    private TextLines(Path file, Charset charset, Counting counting, BufferedReader reader) {
        this.file = file;
        this.charset = charset;
        this.counting = counting;
        this.reader = reader;
    }

    static TextLines open(Path file, Charset charset) {
        try {
            Counting counting = new Counting(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
            InputStream bytes = unzipped(file, counting);
            BufferedReader reader = new BufferedReader(
                    new InputStreamReader(
                            bytes,
                            charset.newDecoder()
                                    .onMalformedInput(CodingErrorAction.REPORT)
                                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
                    1 << 16);
            return new TextLines(file, charset, counting, reader);
        } catch (IOException e) {
            throw SourceFiles.unreadable(file, e);
        }
    }

    /** Lines of a text that is in memory. */
    static TextLines of(String text) {
        return new TextLines(
                Path.of("text"),
                StandardCharsets.UTF_8,
                new Counting(InputStream.nullInputStream()),
                new BufferedReader(new StringReader(text)));
    }

    private static InputStream unzipped(Path file, InputStream raw) throws IOException {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
    }

    /** The charset that a spec names, UTF-8 when it names none. */
    static Charset charset(SourceSpec spec) {
        Optional<String> name = spec.encoding().map(text -> text.toLowerCase(Locale.ROOT));
        try {
            return switch (name.orElse("utf-8")) {
                case "latin-1", "latin1" -> StandardCharsets.ISO_8859_1;
                case "cp1252", "ansi" -> Charset.forName("windows-1252");
                case String other -> Charset.forName(other);
            };
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new InvalidInputException(List.of(Problem.about(
                    "encoding",
                    spec.dataset() + ": encoding: " + spec.encoding().orElse("")
                            + " (expected: utf-8, latin-1, windows-1252, utf-16 or another name of a character set)")));
        }
    }

    /** The next line, or null at the end. */
    @Nullable
    Line next() {
        if (!returned.isEmpty()) {
            return returned.pop();
        }
        try {
            String text = reader.readLine();
            if (text == null) {
                return null;
            }
            number++;
            return new Line(number, number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw undecodable();
        } catch (IOException e) {
            throw SourceFiles.unreadable(file, e);
        }
    }

    /** Makes {@code lines} the next ones, in their order. */
    void putBack(Collection<Line> lines) {
        for (Line line : lines.stream().toList().reversed()) {
            returned.push(line);
        }
    }

    /** Bytes of the file that were read so far; ahead of the lines by what is buffered. */
    long bytesRead() {
        return counting.count;
    }

    private InvalidInputException undecodable() {
        String where = firstUndecodableLine().map(line -> ", line " + line).orElse("");
        String move = charset.equals(StandardCharsets.UTF_8)
                ? "say 'encoding: latin-1' or 'encoding: windows-1252' if it comes from an older program"
                : "say another encoding";
        return new InvalidInputException(List.of(Problem.about(
                "encoding",
                file + where + ": not valid " + charset.name() + " (expected: " + charset.name() + " text); " + move)));
    }

    /** The reader decodes ahead, so the line is looked for again, byte by byte. */
    private Optional<Long> firstUndecodableLine() {
        if (charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32")) {
            return Optional.empty();
        }
        long line = 1;
        try (InputStream bytes = unzipped(file, new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            java.io.ByteArrayOutputStream current = new java.io.ByteArrayOutputStream();
            for (int b = bytes.read(); b >= 0; b = bytes.read()) {
                if (b != '\n') {
                    current.write(b);
                    continue;
                }
                if (!decodes(current.toByteArray())) {
                    return Optional.of(line);
                }
                current.reset();
                line++;
            }
            return Optional.of(line);
        } catch (IOException e) {
            return Optional.empty(); // the message does without the line
        }
    }

    private boolean decodes(byte[] bytes) {
        try {
            charset.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw SourceFiles.unreadable(file, e);
        }
    }

    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            count += Math.max(0, n);
            return n;
        }
    }
}
