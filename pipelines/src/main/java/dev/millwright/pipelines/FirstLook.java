package dev.millwright.pipelines;

import dev.millwright.core.ColumnType;
import dev.millwright.core.CoreError;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Format;
import dev.millwright.data.Header;
import dev.millwright.data.Inspection;
import dev.millwright.data.Inspector;
import dev.millwright.data.SourceSpec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a file turned out to be that nobody has described: its format where its name doesn't tell, its encoding where it is
 * not UTF-8, and words that stand for a missing value.
 *
 * @param source says what was found, as far as a pipeline file must say it
 */
public record FirstLook(SourceSpec source, Inspection inspection) {
    private static final int HEAD = 8192;
    private static final int FIRST_CONTROL = 0x80;
    private static final int LAST_CONTROL = 0x9f;

    /** Words by which people say that there is no value, and that are hardly ever a value themselves. */
    private static final Set<String> MISSING = Set.of("?", "na", "n/a", "#n/a", "nan", "null");

    /**
     * Looks at a file.
     *
     * @throws InvalidInputException when it can't be read as a table
     */
    public static FirstLook at(DuckDb duck, Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        SourceSpec named = SourceSpec.of("data", absolute.toString());
        SourceSpec source = FileHead.of(absolute).describe(named);
        FirstLook look = decoded(duck, source, absolute);
        List<String> missing = missing(look.inspection());
        return missing.isEmpty() ? look : of(duck, look.source().withMissing(missing));
    }

    private static FirstLook of(DuckDb duck, SourceSpec source) {
        SourceSpec distinct = Inspector.distinctNames(source)
                .map(names -> source.withHeader(Header.PRESENT).withColumnNames(names))
                .orElse(source);
        return new FirstLook(distinct, Inspector.inspect(duck, distinct));
    }

    private static FirstLook decoded(DuckDb duck, SourceSpec source, Path file) {
        try {
            return of(duck, source);
        } catch (InvalidInputException unreadable) {
            if (source.encoding().isPresent() || isCompressed(file) || isUtf8(file)) {
                throw unreadable;
            }
            return of(duck, source.withEncoding(usesControls(file) ? "windows-1252" : "latin-1"));
        }
    }

    private static boolean isCompressed(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz")
                || Format.ofFile(file).filter(Format.PARQUET::equals).isPresent();
    }

    private static boolean isUtf8(Path file) {
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            char[] buffer = new char[HEAD];
            while (reader.read(buffer) >= 0) {
                // only to see whether it can be decoded
            }
            return true;
        } catch (java.nio.charset.CharacterCodingException notUtf8) {
            return false;
        } catch (IOException failed) {
            throw unreadable(file, failed);
        }
    }

    /** Whether there are bytes that are control characters in Latin-1, and quotation marks and dashes in Windows-1252. */
    private static boolean usesControls(Path file) {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            for (int next = stream.read(); next >= 0; next = stream.read()) {
                if (next >= FIRST_CONTROL && next <= LAST_CONTROL) {
                    return true;
                }
            }
            return false;
        } catch (IOException failed) {
            throw unreadable(file, failed);
        }
    }

    private static List<String> missing(Inspection inspection) {
        return inspection.columns().stream()
                .filter(column -> column.type() == ColumnType.VARCHAR)
                .flatMap(column -> column.frequent().stream())
                .map(String::strip)
                .filter(value -> MISSING.contains(value.toLowerCase(Locale.ROOT)))
                .distinct()
                .toList();
    }

    static MillwrightException unreadable(Path file, IOException cause) {
        return new MillwrightException(CoreError.IO_FAILED, file + ": can't be read: " + cause.getMessage(), cause);
    }
}
