package dev.millwright.web.page;

import java.util.List;
import java.util.Locale;

/**
 * A run as charts show it.
 *
 * @param name told from those of the other runs of the page
 * @param place its place among them, from 0, which decides its colour
 */
public record RunMark(String id, String name, int place, Badge status, Moment started) {
    public String href() {
        return Paths.run(id);
    }

    /** What the chart scripts read: an array of objects with {@code id}, {@code name} and {@code place}. */
    public static String json(List<RunMark> runs) {
        StringBuilder text = new StringBuilder("[");
        for (RunMark run : runs) {
            text.append(text.length() > 1 ? "," : "")
                    .append("{\"id\":")
                    .append(quoted(run.id))
                    .append(",\"name\":")
                    .append(quoted(run.name))
                    .append(",\"place\":")
                    .append(run.place)
                    .append('}');
        }
        return text.append(']').toString();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c -> quoted.append(
                        c < ' ' || c == '"' || c == '\\'
                                ? String.format(Locale.ROOT, "\\u%04x", c)
                                : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }
}
