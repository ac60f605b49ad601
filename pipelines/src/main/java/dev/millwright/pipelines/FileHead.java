package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.Format;
import dev.millwright.data.SourceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The first bytes of a file, unzipped: they tell its format where its name doesn't, and an encoding of wide characters. */
record FileHead(Path file, byte[] bytes) {
    private static final int LENGTH = 8192;

    static FileHead of(Path file) {
        try (InputStream raw = Files.newInputStream(file);
                InputStream stream =
                        file.toString().toLowerCase(Locale.ROOT).endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            return new FileHead(file, stream.readNBytes(LENGTH));
        } catch (IOException failed) {
            throw FirstLook.unreadable(file, failed);
        }
    }

    /** The source with what a pipeline file must say of it. */
    SourceSpec describe(SourceSpec named) {
        Optional<Format> byName = Format.ofFile(file);
        if (byName.filter(Format.PARQUET::equals).isPresent()
                || text(StandardCharsets.ISO_8859_1).startsWith("PAR1")) {
            return byName.isPresent() ? named : named.withFormat(Format.PARQUET);
        }
        Optional<String> encoding = encoding();
        SourceSpec decoded = encoding.map(named::withEncoding).orElse(named);
        Charset charset = encoding.map(Charset::forName).orElse(StandardCharsets.ISO_8859_1);
        return byName.isPresent() ? decoded : decoded.withFormat(format(text(charset)));
    }

    private String text(Charset charset) {
        return new String(bytes, charset);
    }

    private static Format format(String text) {
        String start = text.replaceFirst("^\\uFEFF?\\s*", "");
        if (start.startsWith("{") || start.matches("(?s)\\[\\s*\\{.*")) {
            return Format.JSONL;
        }
        return text.lines().findFirst().orElse("").contains("\t") ? Format.TSV : Format.CSV;
    }

    /** By the byte order mark, or by which half of the characters is zero; empty for what may be UTF-8. */
    private Optional<String> encoding() {
        if (startsWith(0xff, 0xfe, 0, 0) || startsWith(0, 0, 0xfe, 0xff)) {
            return Optional.of("utf-32");
        }
        if (startsWith(0xff, 0xfe) || startsWith(0xfe, 0xff)) {
            return Optional.of("utf-16");
        }
        int high = zeros(0);
        int low = zeros(1);
        if (high == 0 && low == 0) {
            return Optional.empty();
        }
        int most = bytes.length / 4;
        if (low > most && high == 0) {
            return Optional.of("utf-16le");
        }
        if (high > most && low == 0) {
            return Optional.of("utf-16be");
        }
        throw new InvalidInputException(file + ": holds NUL bytes (expected: text, or Parquet)."
                + " If it is text of another encoding, convert it: iconv -f ENCODING -t UTF-8 " + file.getFileName());
    }

    private boolean startsWith(int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || Byte.toUnsignedInt(bytes[i]) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /** Zero bytes at even places, or at odd ones. */
    private int zeros(int from) {
        int zeros = 0;
        for (int i = from; i < bytes.length; i += 2) {
            zeros += bytes[i] == 0 ? 1 : 0;
        }
        return zeros;
    }
}
