package dev.millwright.app;

import dev.millwright.core.Progress;
import dev.millwright.data.ReplayReport;
import dev.millwright.pipelines.DatasetRows;
import dev.millwright.pipelines.FeatureVerification;
import dev.millwright.pipelines.FeatureVerification.Subject;
import dev.millwright.pipelines.FeatureVerification.Verdict;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares what views compute for single events with what they compute for training. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Replay the rows that models were trained on through their views, one at a time as an endpoint gets them, and",
            "compare with the features of the training set. Ends with 1 where they differ."
        },
        footer = {
            "",
            "Examples:",
            "  millwright features verify                              the view of each model, as its newest version has it",
            "  millwright features verify departures --day 2013-03-05  rows of that day, after all rows before it",
            "  millwright features verify departures --json"
        })
final class FeaturesVerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(arity = "0..1", paramLabel = "VIEW", description = "A view, or the model that has it (default: all).")
    private @Nullable String view;

    @Option(
            names = "--day",
            paramLabel = "DATE",
            description = "Compare the rows of this day alone, in the view's zone.")
    private @Nullable LocalDate day;

    FeaturesVerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (HomeDatasets home = HomeDatasets.open(options.home())) {
            FeatureVerification verification = new FeatureVerification(
                    home.store().registry(),
                    home.duck(),
                    new DatasetRows(home.duck(), home.store().lake()),
                    InstantSource.system());
            List<Verdict> verdicts = new ArrayList<>();
            for (Subject subject : verification.subjects(Optional.ofNullable(view))) {
                verdicts.add(verification.verify(subject, Optional.ofNullable(day), Progress.NONE));
            }
            return report(verdicts);
        }
    }

    private int report(List<Verdict> verdicts) {
        boolean agree = verdicts.stream()
                .allMatch(verdict -> verdict.report().map(ReplayReport::agrees).orElse(true));
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("views", verdicts, "agree", agree)));
        } else if (verdicts.isEmpty()) {
            terminal.out().println("No views yet. Start with: millwright run FILE");
        } else {
            terminal.table(
                    List.of("VIEW", "MODEL", "DATASET", "ROWS", "COMPARED", "DIFFERENT", "LARGEST DIFFERENCE"),
                    verdicts.stream().map(FeaturesVerifyCommand::row).toList());
            verdicts.forEach(this::explain);
        }
        return (agree ? ExitCode.DONE : ExitCode.UNEXPECTED).number();
    }

    private static List<String> row(Verdict verdict) {
        List<String> row =
                new ArrayList<>(List.of(verdict.view(), verdict.model() + " v" + verdict.version(), verdict.dataset()));
        if (verdict.report().isEmpty()) {
            row.addAll(List.of("", "", "", "not for single events"));
            return row;
        }
        ReplayReport report = verdict.report().get();
        row.addAll(List.of(
                Long.toString(report.rows()),
                Long.toString(report.compared()),
                Long.toString(report.differing()),
                report.largestDifference() == 0
                        ? "0"
                        : String.format(Locale.ROOT, "%.1e", report.largestDifference())));
        return row;
    }

    private void explain(Verdict verdict) {
        verdict.refusal().ifPresent(reason -> terminal.out().println(verdict.view() + ": " + reason));
        verdict.report().ifPresent(report -> {
            if (report.unknownWhenSent() > 0) {
                terminal.out()
                        .printf(
                                "%s: %d of %d rows that share their time with others count some of those that an endpoint"
                                        + " would have got later.%n",
                                verdict.view(), report.unknownWhenSent(), report.sameTime());
            }
            report.examples()
                    .forEach(example -> terminal.out()
                            .printf(
                                    "%s: row %d: %s is %s for training, %s for an endpoint%n",
                                    verdict.view(),
                                    example.row(),
                                    example.feature(),
                                    example.batch().map(Object::toString).orElse("NULL"),
                                    example.online().map(Object::toString).orElse("NULL")));
        });
    }
}
