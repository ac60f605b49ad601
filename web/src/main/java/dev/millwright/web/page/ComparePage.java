package dev.millwright.web.page;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Several runs side by side; every list of values has one entry a run, in the order of {@code runs}. */
public record ComparePage(PageHead head, List<RunRow> runs, List<MetricLine> metrics, List<ParamLine> params) {
    public ComparePage {
        runs = List.copyOf(runs);
        metrics = List.copyOf(metrics);
        params = List.copyOf(params);
    }

    public List<ParamLine> differing() {
        return params.stream().filter(ParamLine::differs).toList();
    }

    public List<ParamLine> same() {
        return params.stream().filter(param -> !param.differs()).toList();
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
    }
}
