package dev.millwright.pipelines;

import dev.millwright.core.Words;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fills in {@code ${NAME}} and {@code ${NAME:-default}}; <code>$${</code> stands for the two characters themselves. */
final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private static final String OPENING = "${";
    private static final String ESCAPED = "$" + OPENING;

    private Variables() {}

    /** The names that the text of a file uses. */
    static Set<String> names(String text) {
        return VARIABLE.matcher(text)
                .results()
                .flatMap(match -> Optional.ofNullable(match.group(1)).stream())
                .collect(Collectors.toSet());
    }

    /** The text so written that {@link #fill} gives it back. */
    static String escape(String text) {
        return text.replace(OPENING, ESCAPED);
    }

    static String fill(String text, Map<String, String> settings, Consumer<String> problem) {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            if (matcher.group().equals(ESCAPED)) {
                matcher.appendReplacement(filled, Matcher.quoteReplacement(OPENING));
                continue;
            }
            String name = matcher.group(1);
            String value = settings.get(name);
            if (value == null) {
                value = matcher.group(2);
            }
            if (value == null) {
                problem.accept("${" + name + "}: not set (expected: --set " + name + "=VALUE)."
                        + (settings.isEmpty() ? "" : Words.suggestion(name, settings.keySet())));
                value = "";
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }
}
