package dev.millwright.web.page;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Something that runs have a value of, and that a list of runs can show, search and sort by. */
public record RunColumn(Source source, String key) {
    private static final Pattern PLAIN =
            Pattern.compile("[\\p{L}_][\\p{L}\\p{Nd}_/:-]*(\\.[\\p{L}_][\\p{L}\\p{Nd}_/:-]*)*");

    /** Where the value comes from. */
    public enum Source {
        METRIC("metrics", "metric"),
        PARAM("params", "param"),
        TAG("tags", "tag"),
        ATTRIBUTE("attributes", "attribute");

        private final String prefix;
        private final String label;

        Source(String prefix, String label) {
            this.prefix = prefix;
            this.label = label;
        }

        /** What filters write before the dot. */
        public String prefix() {
            return prefix;
        }

        public String label() {
            return label;
        }

        private static Optional<Source> find(String written) {
            String word = written.toLowerCase(Locale.ROOT);
            return Arrays.stream(values())
                    .filter(source -> word.equals(source.prefix) || word.equals(source.label))
                    .findFirst();
        }
    }

    /** Reads {@code metrics.auc}, {@code params.`a key`}; what has no such beginning is a metric. */
    public static RunColumn parse(String text) {
        int dot = text.indexOf('.');
        Optional<Source> source = dot < 0 ? Optional.empty() : Source.find(text.substring(0, dot));
        String key = source.isPresent() ? text.substring(dot + 1) : text;
        boolean quoted = key.length() > 1 && key.startsWith("`") && key.endsWith("`");
        return new RunColumn(
                source.orElse(Source.METRIC),
                quoted ? key.substring(1, key.length() - 1).replace("``", "`") : key);
    }

    /** The columns of an address: separated by commas, but for those in backquotes, each once. */
    public static List<RunColumn> parseAll(List<String> texts) {
        return texts.stream()
                .flatMap(text -> Arrays.stream(text.split(",(?=(?:[^`]*`[^`]*`)*[^`]*$)", -1)))
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.endsWith("."))
                .map(RunColumn::parse)
                .distinct()
                .toList();
    }

    /** As filters write it. */
    public String name() {
        return source.prefix() + "." + (PLAIN.matcher(key).matches() ? key : "`" + key.replace("`", "``") + "`");
    }

    /** Its values are numbers. */
    public boolean isNumber() {
        return source == Source.METRIC;
    }
}
