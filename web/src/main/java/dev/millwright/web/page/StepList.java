package dev.millwright.web.page;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps of a run as they stand.
 *
 * @param live whether more is to come, so that the page asks again
 * @param status of the run
 * @param total how many steps there will be; 0 when nobody knows
 */
public record StepList(String run, boolean live, Badge status, List<StepRow> steps, int total, Optional<String> error) {
    public StepList {
        steps = List.copyOf(steps);
    }

    public long done() {
        return steps.stream().filter(step -> step.seconds().isPresent()).count();
    }

    /**
     * One step.
     *
     * @param seconds how long it took, once it is done
     * @param reused whether an earlier result was taken
     * @param summary what came of it, in one line
     * @param printed the last lines that a command of it printed, while it runs
     */
    public record StepRow(
            int ordinal,
            String name,
            Badge status,
            Optional<Double> seconds,
            boolean reused,
            String summary,
            Optional<Work> work,
            List<Output> outputs,
            List<String> printed) {
        private static final int LINES = 60;

        public StepRow {
            outputs = List.copyOf(outputs);
            printed = List.copyOf(printed.subList(Math.max(0, printed.size() - LINES), printed.size()));
        }

        /** A step of which nothing was printed. */
        public StepRow(
                int ordinal,
                String name,
                Badge status,
                Optional<Double> seconds,
                boolean reused,
                String summary,
                Optional<Work> work,
                List<Output> outputs) {
            this(ordinal, name, status, seconds, reused, summary, work, outputs, List.of());
        }

        /** The same, as far as it is now. */
        public StepRow withWork(Work now) {
            return new StepRow(ordinal, name, status, seconds, reused, summary, Optional.of(now), outputs, printed);
        }

        /** The same, with more lines. */
        public StepRow withPrinted(List<String> more) {
            List<String> all = Stream.concat(printed.stream(), more.stream()).toList();
            return new StepRow(ordinal, name, status, seconds, reused, summary, work, outputs, all);
        }

        /** The same, over. */
        public StepRow withSummary(String line) {
            return new StepRow(ordinal, name, status, seconds, reused, line, Optional.empty(), outputs);
        }
    }

    /** What a step left behind. */
    public record Output(String name, String value) {}

    /** How far a step is; {@code total} is 0 when nobody knows. */
    public record Work(String what, long done, long total) {
        public String share() {
            return String.format(Locale.ROOT, "%.1f", total <= 0 ? 0 : Math.min(100, 100.0 * done / total));
        }
    }
}
