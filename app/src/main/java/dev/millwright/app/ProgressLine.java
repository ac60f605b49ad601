package dev.millwright.app;

import dev.millwright.pipelines.RunEvent.StepProgress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The line of work under way: bar, share, count, rate and time left. It fits its width: first the count gets shorter, then
 * the bar; rate and time left stay the longest.
 *
 * @param before what was done when the work was first heard of; the rate doesn't count it
 * @param elapsed since then
 */
record ProgressLine(String step, StepProgress progress, long before, Duration elapsed) {
    private static final int STEP_COLUMNS = 26;
    private static final int BAR_COLUMNS = 24;
    private static final int SHORT_BAR_COLUMNS = 10;
    /** Of a shorter time a rate says nothing. */
    private static final Duration RATED_AFTER = Duration.ofMillis(500);

    /** How much room the parts take. */
    private record Layout(int step, int bar, Count count) {}

    private enum Count {
        FULL,
        BRIEF,
        NUMBERS,
        NONE
    }

    private static final List<Layout> WIDEST_FIRST = List.of(
            new Layout(STEP_COLUMNS, BAR_COLUMNS, Count.FULL),
            new Layout(STEP_COLUMNS, BAR_COLUMNS, Count.BRIEF),
            new Layout(STEP_COLUMNS, SHORT_BAR_COLUMNS, Count.BRIEF),
            new Layout(STEP_COLUMNS, SHORT_BAR_COLUMNS, Count.NUMBERS),
            new Layout(0, SHORT_BAR_COLUMNS, Count.NUMBERS),
            new Layout(0, SHORT_BAR_COLUMNS, Count.NONE),
            new Layout(0, 0, Count.NONE));

    /** The widest form that takes at most so many columns. */
    String within(int columns) {
        return WIDEST_FIRST.stream()
                .map(this::laidOut)
                .filter(line -> line.length() <= columns)
                .findFirst()
                .orElseGet(() -> cut(laidOut(WIDEST_FIRST.getLast()), columns));
    }

    private static String cut(String line, int columns) {
        return columns < 1 ? "" : line.substring(0, Math.min(line.length(), columns - 1)) + "…";
    }

    private String laidOut(Layout layout) {
        String counts = Stream.of(count(layout.count()), rate(), left())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        String name = step + " ".repeat(Math.max(0, layout.step() - step.length()));
        return ("  … " + name + " " + bar(layout.bar()) + counts).stripTrailing();
    }

    private boolean isMeasurable() {
        return progress.total() > 0;
    }

    private String bar(int columns) {
        if (!isMeasurable()) {
            return "";
        }
        double share = Math.min(1.0, (double) progress.done() / progress.total());
        int filled = (int) Math.round(share * columns);
        return "█".repeat(filled)
                + "░".repeat(columns - filled)
                + String.format(Locale.ROOT, columns == 0 ? "%.0f %%  " : " %3.0f %%  ", share * 100);
    }

    private Optional<String> count(Count form) {
        String what = progress.what();
        return switch (form) {
            case FULL -> Optional.of(exact() + " " + what);
            case BRIEF -> Optional.of(brief() + " " + what.split(" of ", 2)[0]);
            case NUMBERS -> Optional.of(brief());
            case NONE -> Optional.empty();
        };
    }

    private String exact() {
        return isMeasurable()
                ? String.format(Locale.ROOT, "%,d/%,d", progress.done(), progress.total())
                : String.format(Locale.ROOT, "%,d", progress.done());
    }

    private String brief() {
        String done = brief((double) progress.done());
        return isMeasurable() ? done + "/" + brief((double) progress.total()) : done;
    }

    /** {@code 950}, {@code 84.9k}, {@code 1.6G}. */
    private static String brief(double number) {
        String units = " kMGT";
        int unit = 0;
        double value = number;
        while (value >= 999.95 && unit < units.length() - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f%c", value, units.charAt(unit));
    }

    private double perSecond() {
        return (progress.done() - before) / (elapsed.toMillis() / 1000.0);
    }

    private boolean isRated() {
        return elapsed.compareTo(RATED_AFTER) >= 0 && progress.done() > before;
    }

    private Optional<String> rate() {
        double rate = isRated() ? perSecond() : 0;
        return isRated()
                ? Optional.of((rate < 10 ? String.format(Locale.ROOT, "%.1f", rate) : brief(rate)) + "/s")
                : Optional.empty();
    }

    private Optional<String> left() {
        return isRated() && isMeasurable()
                ? Optional.of(duration((progress.total() - progress.done()) / perSecond()) + " left")
                : Optional.empty();
    }

    private static String duration(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
