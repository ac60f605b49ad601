package dev.millwright.app;

import dev.millwright.data.profile.ColumnScore;
import dev.millwright.data.profile.ColumnSummary;
import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.Duplicates.Repeats;
import dev.millwright.data.profile.LeakageStudy;
import dev.millwright.data.profile.LeakageWarning;
import dev.millwright.data.profile.TimeCoverage;
import dev.millwright.pipelines.Text;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints the gist of a profile: its columns, then what is remarkable, and last what gives the label away. */
final class ProfileSummary {
    private static final int MOST_COLUMNS = 60;
    private static final int LONGEST_NAME = 32;
    private static final int LONGEST_RANGE = 48;
    private static final int MOST_SCORES = 3;

    private final Terminal terminal;

    ProfileSummary(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(DataProfile profile) {
        terminal.table(
                List.of("COLUMN", "TYPE", "MISSING", "DISTINCT", "RANGE OR MOST FREQUENT", ""),
                profile.columns().stream()
                        .limit(MOST_COLUMNS)
                        .map(ProfileSummary::row)
                        .toList());
        if (profile.columns().size() > MOST_COLUMNS) {
            say((profile.columns().size() - MOST_COLUMNS) + " more columns are on the page");
        }
        terminal.out().println();
        say(Text.count(profile.rows(), "row")
                + (profile.setAside() == 0 ? "" : "; " + Text.number(profile.setAside()) + " broken ones left out")
                + ", " + repeats(profile.duplicates().whole()) + "; "
                + Text.number(profile.missing().complete()) + " complete");
        profile.duplicates()
                .butForIds()
                .filter(repeats -> repeats.groups() > 0)
                .ifPresent(repeats -> say(Text.number(repeats.rows()) + " rows are equal but for "
                        + String.join(", ", profile.duplicates().ids())));
        profile.times().forEach(time -> say(time(time)));
        profile.leakage().ifPresent(this::print);
    }

    private void say(String text) {
        terminal.out().println(Terminal.printable(text));
    }

    private static List<String> row(ColumnSummary column) {
        return List.of(
                shortened(column.name(), LONGEST_NAME),
                column.type().label(),
                column.missing() == 0 ? "0" : percent((double) column.missing() / column.rows()),
                Text.number(column.distinct()),
                shortened(range(column), LONGEST_RANGE),
                column.traits().stream()
                        .map(trait -> trait.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .collect(Collectors.joining(", ")));
    }

    private static String range(ColumnSummary column) {
        return switch (column.type()) {
            case BIGINT, DOUBLE, TIMESTAMP ->
                column.minimum().orElse("")
                        + (column.distinct() > 1 ? " … " + column.maximum().orElse("") : "");
            case BOOLEAN, VARCHAR ->
                column.frequent().stream()
                        .limit(3)
                        .map(ColumnSummary.ValueCount::value)
                        .collect(Collectors.joining(", "));
        };
    }

    private static String shortened(String text, int most) {
        String line = Terminal.printable(text.replaceAll("\\s+", " "));
        return line.length() <= most ? line : line.substring(0, most - 1) + "…";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.01 ? "%.2f %%" : "%.1f %%", 100 * share);
    }

    private static String repeats(Repeats repeats) {
        return repeats.groups() == 0 ? "none twice" : Text.number(repeats.surplus()) + " of them repeated";
    }

    private static String time(TimeCoverage time) {
        return time.column() + " from " + time.first() + " to " + time.last()
                + (time.allGaps() == 0 ? "" : ", " + Text.count(time.allGaps(), "gap"))
                + (time.outOfOrder().orElse(0) == 0
                        ? ""
                        : ", " + Text.number(time.outOfOrder().getAsLong()) + " out of order")
                + (time.future() == 0 ? "" : ", " + Text.number(time.future()) + " in the future");
    }

    private void print(LeakageStudy study) {
        terminal.out().println();
        terminal.table(
                List.of(
                        "PREDICTS " + shortened(study.label(), LONGEST_NAME),
                        study.metric().toUpperCase(Locale.ROOT)),
                study.scores().stream()
                        .limit(MOST_SCORES)
                        .map(ProfileSummary::score)
                        .toList());
        terminal.out().println();
        if (study.warnings().isEmpty()) {
            say("No column gives " + study.label() + " away.");
        }
        for (LeakageWarning warning : study.warnings()) {
            terminal.out().println(terminal.yellow("leakage: ") + Terminal.printable(warning.message()));
        }
    }

    private static List<String> score(ColumnScore score) {
        return List.of(
                shortened(score.column(), LONGEST_NAME),
                String.format(Locale.ROOT, "%.3f", score.score().value()));
    }
}
