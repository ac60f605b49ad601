package dev.millwright.web.page;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Several runs side by side; every list of values has one entry a run, in the order of {@code runs}.
 *
 * @param curves what the view of curves shows
 * @param values parameters and metrics, from which the other charts are made
 */
public record ComparePage(
        PageHead head,
        View view,
        List<RunMark> runs,
        CurveChoice curves,
        ValueTable values,
        ValueChoice chosen,
        List<MetricLine> metrics,
        List<ParamLine> params) {
    public ComparePage {
        runs = List.copyOf(runs);
        metrics = List.copyOf(metrics);
        params = List.copyOf(params);
    }

    /** The ways to look at them. */
    public enum View {
        CURVES("Curves"),
        PARALLEL("Parallel coordinates"),
        SCATTER("Scatter"),
        PARAMS("Values");

        private final String title;

        View(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        /** As in the address. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<View> find(String label) {
            return Arrays.stream(values())
                    .filter(view -> view.label().equals(label))
                    .findFirst();
        }
    }

    /** What single-value charts show: columns by their keys. */
    public record ValueChoice(Set<String> axes, String colour, String x, String y, Set<String> flags) {
        public ValueChoice {
            axes = Set.copyOf(axes);
            flags = Set.copyOf(flags);
        }

        /** Whether {@code name=1} stood in the address. */
        public boolean has(String flag) {
            return flags.contains(flag);
        }
    }

    /** The runs in an address. */
    public String query() {
        return runs.stream().map(run -> "run=" + Paths.part(run.id())).collect(Collectors.joining("&"));
    }

    public String href(View other) {
        return "/runs/compare?" + query() + "&view=" + other.label();
    }

    public List<ParamLine> differing() {
        return params.stream().filter(ParamLine::differs).toList();
    }

    /** One metric of each run. */
    public record MetricLine(String name, boolean higherIsBetter, List<Optional<Interval>> values) {
        public MetricLine {
            values = List.copyOf(values);
        }

        public IntervalPlot plot() {
            return IntervalPlot.around(present());
        }

        private Collection<Interval> present() {
            return values.stream().flatMap(Optional::stream).toList();
        }

        /** Whether the value is the best of at least two different ones. */
        public boolean isBest(Interval value) {
            double best = higherIsBetter
                    ? present().stream().mapToDouble(Interval::value).max().orElse(Double.NaN)
                    : present().stream().mapToDouble(Interval::value).min().orElse(Double.NaN);
            boolean differ =
                    present().stream().mapToDouble(Interval::value).distinct().count() > 1;
            return differ && value.value() == best;
        }
    }

    /** One parameter of each run; empty text when a run has none of that name. */
    public record ParamLine(String name, List<String> values) {
        public ParamLine {
            values = List.copyOf(values);
        }

        public boolean differs() {
            return values.stream().distinct().count() > 1;
        }

        /** The value that most runs have; among equals, that of the earliest run. */
        public String usual() {
            Map<String, Long> counts =
                    values.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            return values.stream()
                    .distinct()
                    .max(Comparator.<String>comparingLong(value -> counts.getOrDefault(value, 0L))
                            .thenComparing(
                                    Comparator.comparingInt(values::indexOf).reversed()))
                    .orElse("");
        }
    }
}
