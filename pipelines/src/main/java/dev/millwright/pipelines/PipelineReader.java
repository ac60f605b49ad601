package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.core.Words;
import dev.millwright.data.Contract;
import dev.millwright.data.Layout;
import dev.millwright.data.OnViolation;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.PipelineFile.Command;
import dev.millwright.pipelines.PipelineFile.Deploy;
import dev.millwright.pipelines.PipelineFile.Features;
import dev.millwright.pipelines.PipelineFile.Gate;
import dev.millwright.pipelines.PipelineFile.LearnerChoice;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.MonitorPlan;
import dev.millwright.pipelines.PipelineFile.Source;
import dev.millwright.pipelines.PipelineFile.Split;
import dev.millwright.pipelines.PipelineFile.Train;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.plan.SqlNames;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.rollout.RolloutPlan;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a pipeline file: YAML 1.2, one document. Every mistake of form is found in one look. */
public final class PipelineReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

    private final List<Problem> problems = new ArrayList<>();
    private final YamlSource source;
    private final String file;
    private final String text;
    private boolean unnamed; // a dataset has a name that none can have

    private PipelineReader(String file, String text, Map<String, String> settings) {
        this.file = file;
        this.text = text;
        this.source = new YamlSource(file, settings, problems);
    }

    /**
     * Reads the file's {@code text}.
     *
     * @param file the name used in messages
     * @param settings what {@code ${NAME}} stands for
     * @throws InvalidInputException with every problem of form, in the order of the file
     */
    public static PipelineFile read(String file, String text, Map<String, String> settings) {
        PipelineReader reader = new PipelineReader(file, text, settings);
        Optional<PipelineFile> read = reader.document().map(reader::pipeline);
        if (!reader.problems.isEmpty()) {
            throw new InvalidInputException(Problems.inOrder(reader.problems));
        }
        return read.orElseThrow();
    }

    /**
     * Reads the file's {@code text} and lets {@code check} look at what it names, also where some of its form is wrong.
     *
     * @throws InvalidInputException with the problems of both, in the order of the file
     */
    public static CheckedPipeline readAndCheck(
            String file, String text, Map<String, String> settings, Function<PipelineFile, CheckedPipeline> check) {
        PipelineReader reader = new PipelineReader(file, text, settings);
        Optional<PipelineFile> read = reader.document().map(reader::pipeline).filter(reader::isWhole);
        reader.refuseUnused(settings);
        List<Problem> problems = reader.problems;
        Optional<CheckedPipeline> checked = Optional.empty();
        try {
            checked = read.map(check);
        } catch (InvalidInputException wrong) {
            Set<Integer> known = problems.stream()
                    .flatMap(problem -> problem.where().stream())
                    .map(Position::line)
                    .collect(Collectors.toSet());
            // A line whose form is wrong was read as something else: what else is wrong with it can't be known.
            wrong.problems().stream()
                    .filter(problem -> problem.where()
                            .map(Position::line)
                            .filter(known::contains)
                            .isEmpty())
                    .forEach(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(Problems.inOrder(problems));
        }
        return checked.orElseThrow();
    }

    /** A setting that the file has no use for is one whose name was mistyped. */
    private void refuseUnused(Map<String, String> settings) {
        Set<String> used = Variables.names(text);
        settings.forEach((name, value) -> {
            if (!used.contains(name)) {
                problems.add(Problem.of("--set " + name + "=" + value + ": not used (expected: a variable of " + file
                        + ", written ${" + name + "})." + Words.suggestion(name, used)));
            }
        });
    }

    /** Whether all that the rest is checked against is there. */
    private boolean isWhole(PipelineFile file) {
        return !unnamed
                && !file.data().isEmpty()
                && !file.label().text().isEmpty()
                && !file.features().sql().text().isEmpty();
    }

    private Optional<Section> document() {
        return YamlDocument.compose(file, text, "'pipeline: NAME' and its sections", problems)
                .map(root -> Section.of(source, "", root));
    }

    private PipelineFile pipeline(Section root) {
        Located name = root.requiredText("pipeline");
        checkName(name, "pipeline");
        Optional<String> description = root.text("description").map(Located::text);
        Map<String, Source> data = root.requiredSection("data").map(this::data).orElse(Map.of());
        Features features = root.requiredSection("features")
                .map(section -> features(section, name.text()))
                .orElseGet(() -> new Features(
                        root.position(),
                        name.text(),
                        Optional.empty(),
                        Optional.empty(),
                        ZoneOffset.UTC,
                        new Located("", root.position()),
                        OnlineOptions.DEFAULT,
                        Optional.empty()));
        Label label = label(root);
        Train train = root.section("train")
                .map(this::train)
                .orElseGet(() -> new Train(
                        root.position(),
                        defaultSplit(),
                        defaultLearners(root),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty()));
        List<Gate> gates = root.texts("gate").stream()
                .flatMap(gate -> Values.gate(gate, "gate", source).stream())
                .toList();
        Optional<Deploy> deploy = root.section("deploy").map(section -> deploy(section, name.text()));
        Optional<MonitorPlan> monitor = root.section("monitor").map(MonitorReader::read);
        if (monitor.isPresent() && deploy.isEmpty()) {
            source.report(root.position("monitor"), "monitor: nothing is served (expected: a 'deploy:' section too).");
        }
        root.close();
        return new PipelineFile(
                name.text(),
                file,
                text,
                description,
                data,
                features,
                label.sql(),
                label.knownAfter(),
                train,
                gates,
                deploy,
                monitor);
    }

    private void checkName(Located name, String path) {
        if (!name.text().isEmpty() && !NAME.matcher(name.text()).matches()) {
            source.report(
                    name.position(),
                    path + ": " + name
                            + " (expected: up to 100 letters, digits, '-', '_' and '.', the first a letter or digit).");
        }
    }

    private Map<String, Source> data(Section section) {
        Map<String, Source> sources = new LinkedHashMap<>();
        section.entries().forEach((name, node) -> {
            Position where = section.position(name);
            if (!name.matches("[A-Za-z][A-Za-z0-9_]*") || name.length() > SourceSpec.LONGEST_NAME) {
                unnamed = true;
                source.report(
                        where,
                        "data." + name + ": not a table name (expected: up to " + SourceSpec.LONGEST_NAME
                                + " letters, digits and '_', the first a letter).");
            } else if (!SqlNames.isPlain(name)) {
                source.report(
                        where,
                        "data." + name + ": a reserved word of SQL (expected: another name, such as " + name
                                + "_table).");
            }
            sources.put(
                    name,
                    node instanceof MappingNode
                            ? source(Section.of(source, "data." + name, node), where)
                            : shortSource(node, name, where));
        });
        if (sources.isEmpty()) {
            source.report(section.position(), "data: empty (expected: 'NAME: {from: FILE}').");
        }
        return sources;
    }

    private Source shortSource(Node node, String name, Position where) {
        Located from = source.text(node, "data." + name).orElseGet(() -> new Located("", where));
        return new Source(
                where,
                from,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Contract.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                OnViolation.QUARANTINE,
                Layout.NONE,
                Map.of());
    }

    private Source source(Section section, Position where) {
        OnViolation onViolation =
                section.word("on_violation", OnViolation.class).orElse(OnViolation.QUARANTINE);
        Source read = new Source(
                where,
                section.requiredText("from"),
                section.text("format"),
                section.parsed("zone", (text, at) -> Values.zone(text, at.child("zone"), source)),
                section.texts("missing").stream().map(Located::text).toList(),
                section.text("encoding"),
                section.parsed("delimiter", (text, at) -> Values.delimiter(text, at.child("delimiter"), source)),
                section.parsed("header", (text, at) -> Values.bool(text, at.child("header"), source)),
                section.texts("columns").stream().map(Located::text).toList(),
                ContractReader.read(section),
                section.section("schema").flatMap(ContractReader::file),
                section.text("time"),
                ExpectationReader.read(section, onViolation),
                onViolation,
                LayoutReader.read(section),
                keys(section));
        section.close();
        return read;
    }

    private static Map<String, Position> keys(Section section) {
        Map<String, Position> keys = new LinkedHashMap<>(section.positions());
        section.section("schema")
                .ifPresent(schema ->
                        schema.positions().forEach((column, position) -> keys.put("schema." + column, position)));
        return keys;
    }

    private record Label(Located sql, Optional<Duration> knownAfter) {}

    /** An expression alone, or with when it is known. */
    private static Label label(Section root) {
        Optional<Section> section =
                root.node("label").filter(MappingNode.class::isInstance).flatMap(node -> root.section("label"));
        if (section.isEmpty()) {
            return new Label(root.requiredText("label"), Optional.empty());
        }
        Label label = new Label(
                section.get().requiredText("sql"),
                section.get().text("known_after").flatMap(text -> ContractReader.delay(section.get(), text)));
        section.get().close();
        return label;
    }

    private Features features(Section section, String pipeline) {
        Features features = new Features(
                section.position(),
                section.text("view").map(Located::text).orElse(pipeline),
                section.text("entity"),
                section.text("timestamp"),
                section.<ZoneId>parsed("zone", (text, at) -> Values.zone(text, at.child("zone"), source))
                        .orElse(ZoneOffset.UTC),
                section.requiredText("sql"),
                OnlineOptions.read(section),
                RelatedReader.read(section));
        section.close();
        return features;
    }

    private Train train(Section section) {
        Split split = section.section("split").map(this::split).orElseGet(PipelineReader::defaultSplit);
        List<LearnerChoice> learners = new ArrayList<>();
        for (Node item : section.items("learners")) {
            learner(item).ifPresent(learners::add);
        }
        Optional<Command> command = CommandReader.read(section);
        Train train = new Train(
                section.position(),
                split,
                command.isPresent() ? List.of() : learners.isEmpty() ? defaultLearners(section) : learners,
                command,
                section.text("metric"),
                section.<Double>parsed("seed", (text, at) -> Values.number(text, at.child("seed"), source))
                        .orElse(0.0)
                        .longValue(),
                SelectionReader.read(section));
        section.close();
        return train;
    }

    private static List<LearnerChoice> defaultLearners(Section section) {
        return List.of(new LearnerChoice(new Located("xgboost", section.position()), Map.of()));
    }

    private static Split defaultSplit() {
        return new Split(Split.By.RANDOM, 0.2, 0.2, Optional.empty());
    }

    private Split split(Section section) {
        Split split = new Split(
                section.word("by", Split.By.class).orElse(Split.By.RANDOM),
                share(section, "test"),
                share(section, "validation"),
                Optional.of(new Located("split", section.position())));
        section.close();
        return split;
    }

    private double share(Section section, String key) {
        double share = section.parsed(key, (text, at) -> Values.share(text, at.child(key), source))
                .orElse(0.2);
        if (share >= 1) {
            source.report(
                    section.position(key),
                    section.child(key) + ": 100% (expected: less, so that rows are left to train on).");
            return 0.2;
        }
        return share;
    }

    /** {@code xgboost}, or {@code xgboost: {max_depth: 6}}. */
    private Optional<LearnerChoice> learner(Node item) {
        if (!(item instanceof MappingNode)) {
            return source.text(item, "train.learners").map(name -> new LearnerChoice(name, Map.of()));
        }
        Section section = Section.of(source, "train.learners", item);
        if (section.entries().size() != 1) {
            source.report(
                    item, "train.learners: " + section.entries().keySet() + " (expected: one learner in each entry).");
            return Optional.empty();
        }
        String name = section.entries().keySet().iterator().next();
        Map<String, Object> parameters =
                section.section(name).map(this::parameters).orElse(Map.of());
        return Optional.of(new LearnerChoice(new Located(name, section.position(name)), parameters));
    }

    private Map<String, Object> parameters(Section section) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (String key : section.entries().keySet()) {
            List<Located> texts = section.texts(key);
            boolean many =
                    section.node(key).filter(SequenceNode.class::isInstance).isPresent();
            parameters.put(
                    key,
                    many
                            ? texts.stream().map(Located::text).toList()
                            : texts.stream()
                                    .findFirst()
                                    .map(Located::text)
                                    .map(PipelineReader::scalar)
                                    .orElse(""));
        }
        return parameters;
    }

    private static Object scalar(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        try {
            return text.matches("[-+]?\\d+") ? (Object) Long.valueOf(text) : (Object) Double.valueOf(text);
        } catch (NumberFormatException word) {
            return text;
        }
    }

    private Deploy deploy(Section section, String pipeline) {
        Optional<Located> named = section.text("endpoint");
        named.ifPresent(endpoint -> checkName(endpoint, "deploy.endpoint"));
        RolloutPlan rollout =
                section.section("rollout").map(RolloutReader::read).orElseGet(RolloutPlan::immediate);
        Optional<CacheOptions> cache = section.section("cache").flatMap(CacheReader::read);
        section.close();
        return new Deploy(named.map(Located::text).orElse(pipeline), rollout, cache, section.position("rollout"));
    }
}
