package dev.millwright.app;

import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a command prints: its result on {@code out}, everything else on {@code err}. Colour appears only on a terminal,
 * and never when {@code NO_COLOR} is set.
 */
final class Terminal {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f&&[^\n\t]]");

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final boolean colour;
    private final TerminalWindow window;

    Terminal(PrintStream out, PrintStream err, boolean interactive, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.window = new TerminalWindow(environment);
        this.colour = interactive
                && !environment.containsKey("NO_COLOR")
                && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    }

    static Terminal ofProcess() {
        boolean interactive = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        interactive &= TerminalWindow.takesErrors().orElse(true);
        return new Terminal(System.out, System.err, interactive, System.getenv());
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** Whether a person watches: bars may be redrawn. */
    boolean isInteractive() {
        return interactive;
    }

    /** How many characters fit in a line, as of now. */
    int columns() {
        return window.columns();
    }

    String bold(String text) {
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    String green(String text) {
        return styled("32", text);
    }

    String yellow(String text) {
        return styled("33", text);
    }

    /** The text without what would steer a terminal: control characters are written as {@code \\u0000}. */
    static String printable(String text) {
        return CONTROL.matcher(text)
                .replaceAll(found -> String.format(
                        Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
    }

    private String styled(String code, String text) {
        return colour ? "\033[" + code + "m" + text + "\033[0m" : text;
    }

    /** Prints rows under their headings, columns aligned, numbers to the right. */
    void table(List<String> headings, List<List<String>> rows) {
        int[] widths = headings.stream().mapToInt(String::length).toArray();
        boolean[] numeric = new boolean[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            int at = column;
            numeric[at] = !rows.isEmpty()
                    && rows.stream().allMatch(row -> row.get(at).matches("[-+]?[0-9][0-9,.]*( ?(%|s|ms))?|—|"));
            for (List<String> row : rows) {
                widths[at] = Math.max(widths[at], row.get(at).length());
            }
        }
        out.println(bold(line(headings, widths, numeric)));
        rows.forEach(row -> out.println(line(row, widths, numeric)));
    }

    private static String line(List<String> cells, int[] widths, boolean[] numeric) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - cells.get(column).length());
            line.append(column == 0 ? "" : "  ")
                    .append(numeric[column] ? padding + cells.get(column) : cells.get(column) + padding);
        }
        return line.toString().stripTrailing();
    }
}
