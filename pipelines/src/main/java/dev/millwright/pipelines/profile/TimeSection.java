package dev.millwright.pipelines.profile;

import dev.millwright.data.profile.ColumnSummary;
import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.TimeCoverage;
import dev.millwright.evaluation.Axis;
import dev.millwright.evaluation.Block;
import dev.millwright.evaluation.Blocks;
import dev.millwright.evaluation.Chart;
import dev.millwright.evaluation.Figures;
import dev.millwright.evaluation.Mark;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which time the rows cover. */
final class TimeSection {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private TimeSection() {}

    static Section of(DataProfile profile) {
        return new Section(
                "time",
                "Time",
                Section.grid(profile.times().stream()
                        .map(time -> figure(time, profile))
                        .toList()));
    }

    private static String figure(TimeCoverage time, DataProfile profile) {
        List<Mark.Bar> bars = new ArrayList<>();
        List<TimeCoverage.Bucket> buckets = time.buckets();
        for (int i = 0; i < buckets.size(); i++) {
            double from = buckets.get(i).from().getEpochSecond();
            double to = i + 1 < buckets.size()
                    ? buckets.get(i + 1).from().getEpochSecond()
                    : Math.max(
                            from + 1, from + (i == 0 ? 1 : from - bars.getLast().from()));
            bars.add(new Mark.Bar(
                    from,
                    to,
                    buckets.get(i).rows(),
                    "from " + STAMP.format(buckets.get(i).from()) + ": "
                            + Figures.count(buckets.get(i).rows()) + " rows"));
        }
        Chart chart = new Chart(
                "Rows by " + time.column(),
                Axis.time(time.column() + ", UTC"),
                Axis.number("rows a " + time.unit()).startingAt(0),
                List.of(new Mark.Bars(bars, Mark.Tone.ACCENT)));
        int place = profile.columns().stream().map(ColumnSummary::name).toList().indexOf(time.column());
        return Section.figure(
                        time.column(),
                        "From " + STAMP.format(time.first()) + " to " + STAMP.format(time.last()) + " UTC."
                                + disorder(time),
                        chart.svg(),
                        gaps(time))
                .replaceFirst("<figure", "<figure id=\"column-" + place + "\"");
    }

    private static String disorder(TimeCoverage time) {
        String order = time.outOfOrder().isEmpty()
                ? ""
                : time.outOfOrder().getAsLong() == 0
                        ? " The rows are in its order."
                        : " " + Figures.count(time.outOfOrder().getAsLong()) + " rows are earlier than the row before.";
        return order + (time.future() == 0 ? "" : " " + Figures.count(time.future()) + " lie in the future.");
    }

    private static String gaps(TimeCoverage time) {
        if (time.allGaps() == 0) {
            return "";
        }
        return Section.paragraph(Figures.count(time.allGaps()) + (time.allGaps() == 1 ? " gap" : " gaps, the longest:"))
                + Blocks.html(new Block.Table(
                        List.of("After", "Before", "#Long"),
                        time.gaps().stream()
                                .map(gap -> List.of(
                                        STAMP.format(gap.after()),
                                        STAMP.format(gap.before()),
                                        length(gap.after(), gap.before())))
                                .toList()));
    }

    private static String length(Instant after, Instant before) {
        Duration gap = Duration.between(after, before);
        return gap.toDays() > 2
                ? Figures.count(gap.toDays()) + "\u00a0d"
                : gap.toHours() > 2
                        ? gap.toHours() + "\u00a0h"
                        : gap.toMinutes() > 2 ? gap.toMinutes() + "\u00a0min" : gap.toSeconds() + "\u00a0s";
    }
}
