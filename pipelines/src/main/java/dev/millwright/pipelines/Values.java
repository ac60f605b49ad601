package dev.millwright.pipelines;

import dev.millwright.core.Words;
import dev.millwright.pipelines.PipelineFile.Comparison;
import dev.millwright.pipelines.PipelineFile.Gate;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Window;
import dev.millwright.pipelines.Section.YamlSource;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the small notations of the pipeline file: shares, durations, windows, gates. Each reports what it expected. */
final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");
    private static final Pattern SHARE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(%?)(?:\\s+of\\s+the\\s+rest)?");
    private static final Pattern BYTES = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kKMGT])(i?)B");
    private static final Pattern COUNT = Pattern.compile("([\\d_]+)\\s*predictions?");
    private static final Pattern CONDITION = Pattern.compile(
            "([A-Za-z_][A-Za-z0-9_]*)\\s*(>=|<=|>|<)\\s*(champion|[-+]?[0-9.]+(?:[eE][-+]?\\d+)?\\s*(?:%|ms|s)?)");

    private Values() {}

    static Optional<Duration> duration(Located text, String path, YamlSource source) {
        Matcher matcher = DURATION.matcher(text.text().strip());
        if (!matcher.matches()) {
            return wrong(text, path, "a duration such as 30s, 10m, 2h or 1d", source);
        }
        try {
            long amount = Long.parseLong(matcher.group(1));
            return Optional.of(
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        } catch (ArithmeticException | NumberFormatException tooLong) {
            return wrong(text, path, "a duration of less than a century", source);
        }
    }

    /** An amount of memory in bytes: {@code 4 GB}, {@code 512 MiB}. */
    static Optional<Long> bytes(Located text, String path, YamlSource source) {
        Matcher matcher = BYTES.matcher(text.text().strip());
        if (!matcher.matches()) {
            return wrong(text, path, "an amount of memory such as 512 MB or 4 GB", source);
        }
        int thousands = " KMGT".indexOf(Character.toUpperCase(matcher.group(2).charAt(0)));
        double unit = Math.pow(matcher.group(3).isEmpty() ? 1000 : 1024, thousands);
        double bytes = Double.parseDouble(matcher.group(1)) * unit;
        return bytes >= 1 && bytes < Long.MAX_VALUE
                ? Optional.of((long) bytes)
                : wrong(text, path, "an amount of memory above nothing", source);
    }

    /** A share between 0 and 1, exclusive of 0: {@code 30%}, {@code 0.3}, {@code 20% of the rest}. */
    static Optional<Double> share(Located text, String path, YamlSource source) {
        Matcher matcher = SHARE.matcher(text.text().strip());
        if (!matcher.matches()) {
            return wrong(text, path, "a share such as 30% or 0.3", source);
        }
        double value = Double.parseDouble(matcher.group(1)) / (matcher.group(2).isEmpty() ? 1 : 100);
        return value > 0 && value <= 1
                ? Optional.of(value)
                : wrong(text, path, "a share above 0% and at most 100%", source);
    }

    static Optional<Double> number(Located text, String path, YamlSource source) {
        try {
            String stripped = text.text().strip();
            boolean percent = stripped.endsWith("%");
            double value = Double.parseDouble(percent ? stripped.substring(0, stripped.length() - 1) : stripped);
            return Double.isFinite(value)
                    ? Optional.of(percent ? value / 100 : value)
                    : wrong(text, path, "a finite number", source);
        } catch (NumberFormatException notANumber) {
            return wrong(text, path, "a number", source);
        }
    }

    static Optional<Integer> count(Located text, String path, YamlSource source) {
        try {
            int value = Integer.parseInt(text.text().strip().replace("_", ""));
            return value > 0 ? Optional.of(value) : wrong(text, path, "a whole number above 0", source);
        } catch (NumberFormatException notANumber) {
            return wrong(text, path, "a whole number above 0", source);
        }
    }

    static Optional<Boolean> bool(Located text, String path, YamlSource source) {
        return switch (text.text().toLowerCase(Locale.ROOT)) {
            case "true", "yes" -> Optional.of(true);
            case "false", "no" -> Optional.of(false);
            default -> wrong(text, path, "true or false", source);
        };
    }

    static Optional<String> delimiter(Located text, String path, YamlSource source) {
        String delimiter = text.text().equals("\\t") ? "\t" : text.text();
        return delimiter.isEmpty() || delimiter.contains("\"") || delimiter.contains("\n")
                ? wrong(text, path, "a character or a few, such as ';', other than quotes and line breaks", source)
                : Optional.of(delimiter);
    }

    static Optional<ZoneId> zone(Located text, String path, YamlSource source) {
        try {
            return Optional.of(ZoneId.of(text.text().strip()));
        } catch (DateTimeException unknown) {
            source.report(
                    text.position(),
                    path + ": " + text + " (expected: a time zone such as UTC or America/New_York)."
                            + Words.nearest(text.text(), ZoneId.getAvailableZoneIds())
                                    .map(near -> " Did you mean '" + near + "'?")
                                    .orElse(""));
            return Optional.empty();
        }
    }

    static Optional<Window> window(Located text, String path, YamlSource source) {
        Matcher matcher = COUNT.matcher(text.text().strip());
        if (matcher.matches()) {
            return count(new Located(matcher.group(1), text.position()), path, source)
                    .map(Window.Count::new);
        }
        if (!DURATION.matcher(text.text().strip()).matches()) {
            return wrong(text, path, "a duration such as 1d, or a number such as 2000 predictions", source);
        }
        return duration(text, path, source).map(Window.Time::new);
    }

    /** The bound in {@code psi > 0.2}, {@code error_rate > 1%}. */
    record Condition(String name, Comparison comparison, String bound, Located text) {}

    static Optional<Condition> condition(Located text, String path, YamlSource source) {
        Matcher matcher = CONDITION.matcher(text.text().strip());
        if (!matcher.matches()) {
            return wrong(text, path, "a condition such as 'roc_auc >= 0.8' or 'roc_auc > champion'", source);
        }
        Comparison comparison = Arrays.stream(Comparison.values())
                .filter(each -> each.symbol().equals(matcher.group(2)))
                .findFirst()
                .orElseThrow();
        return Optional.of(new Condition(matcher.group(1), comparison, matcher.group(3), text));
    }

    static Optional<Gate> gate(Located text, String path, YamlSource source) {
        return condition(text, path, source).flatMap(condition -> {
            if (condition.bound().equals("champion")) {
                return switch (condition.comparison()) {
                    case ABOVE, BELOW -> Optional.of(new Gate.Champion(text, condition.name(), condition.comparison()));
                    case AT_LEAST, AT_MOST ->
                        wrong(
                                text,
                                path,
                                condition.name() + " > champion, which means better than the champion",
                                source);
                };
            }
            return number(new Located(condition.bound(), text.position()), path, source)
                    .map(bound -> new Gate.Bound(text, condition.name(), condition.comparison(), bound));
        });
    }

    static <E extends Enum<E>> Optional<E> word(Located text, String path, Class<E> type, YamlSource source) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text.text().strip())) {
                return Optional.of(constant);
            }
        }
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        source.report(
                text.position(),
                path + ": " + text + " (expected: " + String.join(" or ", names) + ")."
                        + Words.nearest(text.text(), names)
                                .map(near -> " Did you mean '" + near + "'?")
                                .orElse(""));
        return Optional.empty();
    }

    private static <T> Optional<T> wrong(Located text, String path, String expected, YamlSource source) {
        source.report(text.position(), path + ": " + text + " (expected: " + expected + ").");
        return Optional.empty();
    }
}
