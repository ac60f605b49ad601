package dev.millwright.pipelines;

import dev.millwright.core.Problem.Position;
import dev.millwright.data.Contract;
import dev.millwright.data.Expected;
import dev.millwright.data.Layout;
import dev.millwright.data.OnViolation;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.rollout.RolloutPlan;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pipeline file as it was written, with variables filled in: what {@link PipelineReader} found well formed. Whether the
 * names in it mean something is found by {@link PipelineCheck}.
 *
 * @param name of the pipeline, also of its experiment and its model
 * @param file the name used in messages
 * @param text the file's own text, before variables
 * @param labelKnownAfter how long after the view's timestamp the label is known, when the file says so of the label itself
 */
public record PipelineFile(
        String name,
        String file,
        String text,
        Optional<String> description,
        Map<String, Source> data,
        Features features,
        Located label,
        Optional<Duration> labelKnownAfter,
        Train train,
        List<Gate> gates,
        Optional<Deploy> deploy,
        Optional<MonitorPlan> monitor) {
    public PipelineFile {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        gates = List.copyOf(gates);
    }

    PipelineFile withData(Map<String, Source> value) {
        return new PipelineFile(
                name, file, text, description, value, features, label, labelKnownAfter, train, gates, deploy, monitor);
    }

    /** The same, but with another SELECT in its view. */
    PipelineFile withSql(String sql) {
        Features old = features;
        Features changed = new Features(
                old.position(),
                old.view(),
                old.entity(),
                old.timestamp(),
                old.zone(),
                new Located(sql, old.sql().position()),
                old.online(),
                old.related());
        return new PipelineFile(
                name, file, text, description, data, changed, label, labelKnownAfter, train, gates, deploy, monitor);
    }

    /** Whether models may do without some features of the view. */
    boolean chooses() {
        return train.selection().isPresent() || features.related().isPresent();
    }

    /** A piece of text and where it stands. */
    public record Located(String text, Position position) {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * One entry of {@code data:}.
     *
     * @param contract what is written in the pipeline file itself
     * @param schemaFile where the rest of the contract is written: {@link SchemaFiles} adds it
     * @param time the column that says when a row happened
     * @param keys where each of its keys stands, and each column of {@code schema} as {@code schema.COLUMN}
     */
    public record Source(
            Position position,
            Located from,
            Optional<Located> format,
            Optional<ZoneId> zone,
            List<String> missing,
            Optional<Located> encoding,
            Optional<String> delimiter,
            Optional<Boolean> header,
            List<String> columns,
            Contract contract,
            Optional<Located> schemaFile,
            Optional<Located> time,
            List<WrittenExpectation> expectations,
            OnViolation onViolation,
            Layout layout,
            Map<String, Position> keys) {
        /** The same source with a contract, and where what it says stands. */
        Source withContract(Contract value, Map<String, Position> places) {
            return new Source(
                    position,
                    from,
                    format,
                    zone,
                    missing,
                    encoding,
                    delimiter,
                    header,
                    columns,
                    value,
                    Optional.empty(),
                    time,
                    expectations,
                    onViolation,
                    layout,
                    places);
        }

        /** Where to point for what {@code key} says; at the file's name when the key isn't there. */
        Position position(String key) {
            return key.equals("from")
                    ? from.position()
                    : Optional.ofNullable(keys.get(key)).orElse(from.position());
        }
    }

    /**
     * One entry of {@code expect:}.
     *
     * @param said where it says its severity; empty when it has that of the source
     */
    public record WrittenExpectation(Located check, OnViolation severity, Optional<Position> said) {
        public Expected.Unread unread() {
            return new Expected.Unread(check.text().strip(), severity);
        }
    }

    /** The {@code features:} section. */
    public record Features(
            Position position,
            String view,
            Optional<Located> entity,
            Optional<Located> timestamp,
            ZoneId zone,
            Located sql,
            OnlineOptions online,
            Optional<Related> related) {}

    /**
     * Features from related tables that are looked for.
     *
     * @param windows whole hours, over which rows are summed up beside all that came before
     * @param depth how many references lie between a row and what is summed up, at most
     * @param limit how many features are looked at
     */
    public record Related(Position position, List<Duration> windows, int depth, int limit) {
        static final int DEEPEST = 2;
        static final int LIMIT = 100;

        public Related {
            windows = List.copyOf(windows);
        }
    }

    /**
     * The {@code train:} section.
     *
     * @param learners empty when a command trains
     */
    public record Train(
            Position position,
            Split split,
            List<LearnerChoice> learners,
            Optional<Command> command,
            Optional<Located> metric,
            long seed,
            Optional<Selection> selection) {
        public Train {
            learners = List.copyOf(learners);
            if (learners.isEmpty() == command.isEmpty()) {
                throw new IllegalArgumentException(
                        "learners: " + learners + " beside " + command + " (expected: either learners or a command)");
            }
        }
    }

    /**
     * How features are chosen among.
     *
     * @param by what is done, in this order
     * @param correlation of features that go together so closely one is kept
     * @param keep features that aren't left out
     * @param rows that are looked at, of the training rows and of the validation rows each
     */
    public record Selection(Position position, List<Method> by, double correlation, List<Located> keep, int rows) {
        static final double CORRELATION = 0.95;
        static final int ROWS = 50_000;

        public Selection {
            by = List.copyOf(by);
            keep = List.copyOf(keep);
        }

        /** The ways to choose, the cheaper ones first. */
        public enum Method {
            CORRELATION,
            MUTUAL_INFORMATION,
            IMPORTANCE
        }
    }

    /**
     * Any program that trains.
     *
     * @param line as {@code sh -c} takes it
     * @param memoryLimit bytes, and where it stands
     * @param files what it needs beside the files that it names: paths and globs from the pipeline file's folder
     */
    public record Command(
            Located line,
            Duration timeLimit,
            Optional<MemoryLimit> memoryLimit,
            Map<String, String> environment,
            List<Located> files) {
        public Command {
            environment = Collections.unmodifiableMap(new TreeMap<>(environment));
            files = List.copyOf(files);
        }
    }

    /** What all processes of a command may hold together, in bytes. */
    public record MemoryLimit(long bytes, Position position) {}

    /**
     * How rows are parted.
     *
     * @param test share of all rows, in (0, 1)
     * @param validation share of the rest, in (0, 1)
     */
    public record Split(By by, double test, double validation, Optional<Located> position) {
        /** The kinds of split. */
        public enum By {
            RANDOM,
            TIME
        }
    }

    /** A learner and the parameters that the file sets. */
    public record LearnerChoice(Located name, Map<String, Object> parameters) {}

    /** A condition that a model version must meet before it is deployed. */
    public sealed interface Gate {
        Located text();

        String metric();

        /** {@code metric >= bound} or {@code metric <= bound}, on the test rows. */
        record Bound(Located text, String metric, Comparison comparison, double bound) implements Gate {}

        /**
         * {@code metric > champion}, or {@code <} for an error: better than the champion, paired, on rows that neither
         * trained on.
         */
        record Champion(Located text, String metric, Comparison comparison) implements Gate {}
    }

    /** The comparisons that a gate may make. */
    public enum Comparison {
        AT_LEAST(">="),
        AT_MOST("<="),
        ABOVE(">"),
        BELOW("<");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }

        /** Whether {@code value} meets {@code bound}; never for NaN. */
        public boolean holds(double value, double bound) {
            return switch (this) {
                case AT_LEAST -> value >= bound;
                case AT_MOST -> value <= bound;
                case ABOVE -> value > bound;
                case BELOW -> value < bound;
            };
        }
    }

    /**
     * The {@code deploy:} section.
     *
     * @param cache how the endpoint keeps answers; empty leaves that as it is
     * @param position where it says how versions are rolled out
     */
    public record Deploy(String endpoint, RolloutPlan rollout, Optional<CacheOptions> cache, Position position) {}

    /** The {@code monitor:} section. */
    public record MonitorPlan(
            Window window,
            double psi,
            Optional<Quality> quality,
            OnBreach onBreach,
            Optional<Located> webhook,
            Duration cooldown) {}

    /** What a monitor looks at: the predictions of the last while, or the last so many. */
    public sealed interface Window {
        record Time(Duration duration) implements Window {}

        record Count(int predictions) implements Window {}
    }

    /**
     * The quality that labelled predictions must keep.
     *
     * @param bound where {@code atLeast} stands
     */
    public record Quality(Located metric, double atLeast, Position bound, int minimumLabels) {}

    /** What a breach leads to. */
    public enum OnBreach {
        ALERT,
        RETRAIN
    }
}
