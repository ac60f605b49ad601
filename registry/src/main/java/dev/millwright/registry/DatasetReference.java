package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person calls a version of a dataset: {@code flights}, {@code flights@v3}, {@code flights@audited} or {@code
 * flights@2026-11-01T12:00Z}.
 */
public record DatasetReference(String dataset, Choice choice) {
    private static final Pattern NUMBER = Pattern.compile("v?([1-9][0-9]{0,8})");

    /** Which of its versions. */
    public sealed interface Choice {
        /** The one that a run would read now. */
        record Newest() implements Choice {
            @Override
            public String toString() {
                return "newest";
            }
        }

        /** The one of this number. */
        record Numbered(int version) implements Choice {
            @Override
            public String toString() {
                return "v" + version;
            }
        }

        /** The one that has this tag. */
        record Tagged(String tag) implements Choice {
            @Override
            public String toString() {
                return tag;
            }
        }

        /** The one that was newest at this moment. */
        record AsOf(Instant time) implements Choice {
            @Override
            public String toString() {
                return time.toString();
            }
        }
    }

    /**
     * Reads {@code DATASET}, {@code DATASET@v3}, {@code DATASET@TAG}, {@code DATASET@2026-11-01} (its beginning) or {@code
     * DATASET@2026-11-01T12:00}; a time without an offset is in UTC.
     *
     * @throws InvalidInputException when it is none of these
     */
    public static DatasetReference parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            return new DatasetReference(text, new Choice.Newest());
        }
        String version = text.substring(at + 1);
        return new DatasetReference(
                text.substring(0, at),
                choice(version)
                        .orElseThrow(() -> new InvalidInputException("version: '" + version + "' in '" + text
                                + "' (expected: a number, as in v3, a tag, or a time, as in 2026-11-01T12:00Z).")));
    }

    private static Optional<Choice> choice(String version) {
        Matcher number = NUMBER.matcher(version);
        if (number.matches()) {
            return Optional.of(new Choice.Numbered(Integer.parseInt(number.group(1))));
        }
        return DatasetTags.isOne(version)
                ? Optional.of(new Choice.Tagged(version))
                : time(version).map(Choice.AsOf::new);
    }

    /** The newest version of a dataset. */
    public static DatasetReference newest(String dataset) {
        return new DatasetReference(dataset, new Choice.Newest());
    }

    /** The version of this number. */
    public static DatasetReference numbered(String dataset, int version) {
        return new DatasetReference(dataset, new Choice.Numbered(version));
    }

    private static Optional<Instant> time(String text) {
        return attempt(() -> OffsetDateTime.parse(text).toInstant())
                .or(() -> attempt(() -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)))
                .or(() -> attempt(() -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)));
    }

    private static Optional<Instant> attempt(Supplier<Instant> parsed) {
        try {
            return Optional.of(parsed.get());
        } catch (DateTimeParseException another) {
            return Optional.empty();
        }
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return choice instanceof Choice.Newest ? dataset : dataset + "@" + choice;
    }
}
