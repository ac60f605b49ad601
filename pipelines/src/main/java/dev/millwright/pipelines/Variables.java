package dev.millwright.pipelines;

import dev.millwright.core.Words;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fills in {@code ${NAME}} and {@code ${NAME:-default}}. */
final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private Variables() {}

    /** The names that the text of a file uses. */
    static Set<String> names(String text) {
        return VARIABLE.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    static String fill(String text, Map<String, String> settings, Consumer<String> problem) {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
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
