package dev.millwright.pipelines;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.core.Schema;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Expected;
import dev.millwright.data.Format;
import dev.millwright.data.Header;
import dev.millwright.data.SourceSpec;
import dev.millwright.learn.Learner;
import dev.millwright.learn.Learners;
import dev.millwright.learn.ParameterSpec;
import dev.millwright.pipelines.CheckedPipeline.ChosenLearner;
import dev.millwright.pipelines.PipelineFile.Command;
import dev.millwright.pipelines.PipelineFile.LearnerChoice;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Source;
import dev.millwright.pipelines.PipelineFile.Split;
import dev.millwright.pipelines.PipelineFile.WrittenExpectation;
import dev.millwright.pipelines.process.ShellProcess;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.plan.FeatureQuery;
import dev.millwright.plan.JoinedView;
import dev.millwright.plan.LabelExpression;
import dev.millwright.plan.TableShape;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.serving.rollout.RolloutCheck;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks up everything that a pipeline file names, before any work starts, and reports all that is wrong at once. */
public final class PipelineCheck {
    private final SourceLook look;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, List<String>> warnings = new LinkedHashMap<>();

    private PipelineCheck(SourceLook look) {
        this.look = look;
    }

    /**
     * Checks {@code file}.
     *
     * @param folder where relative paths in the file start
     * @param store with the versions that the file names, and those that its sources follow; empty when there is no home
     * @throws InvalidInputException with every problem that can be found without work
     */
    public static CheckedPipeline check(PipelineFile file, Path folder, DuckDb duck, Optional<DatasetStore> store) {
        try (SourceLook look = SourceLook.reading(duck, store)) {
            return check(file, folder, look);
        }
    }

    static CheckedPipeline check(PipelineFile file, Path folder, SourceLook look) {
        return new PipelineCheck(look).check(file, folder);
    }

    private CheckedPipeline check(PipelineFile written, Path folder) {
        SchemaFiles schemaFiles = new SchemaFiles(folder);
        PipelineFile file = schemaFiles.fill(written);
        problems.addAll(schemaFiles.problems());
        Map<String, SourceSpec> sources = new LinkedHashMap<>();
        Map<String, RecordedDataset> versions = new LinkedHashMap<>();
        Map<String, Schema> schemas = new LinkedHashMap<>();
        ReadingOrder order = ReadingOrder.of(file);
        problems.addAll(order.problems());
        order.tables().forEach(dataset -> {
            Source source = Objects.requireNonNull(file.data().get(dataset));
            if (VersionSource.isOne(source)) {
                located(source::position, () -> look.look(VersionSource.of(dataset, source)))
                        .ifPresent(version -> {
                            schemas.put(dataset, version.schema());
                            versions.put(dataset, version);
                        });
                return;
            }
            if (source.schemaFile().isPresent()) {
                return; // of which the problems are known
            }
            SourceSpec bare = specification(dataset, source, folder);
            List<Expected.Unread> expectations = source.expectations().stream()
                    .map(WrittenExpectation::unread)
                    .toList();
            located(source::position, () -> look.look(bare, expectations)).ifPresent(outline -> {
                warnings.put(dataset, schemaFiles.warnings(dataset, outline.warnings()));
                schemas.put(dataset, outline.schema());
                sources.put(dataset, bare);
            });
        });
        ExpectationCheck expectations = new ExpectationCheck(order, schemas, problems);
        sources.replaceAll((dataset, bare) -> bare.withExpectations(
                expectations.parse(dataset, Objects.requireNonNull(file.data().get(dataset)), bare.zone()),
                bare.onViolation()));
        List<ChosenLearner> learners = file.train().learners().stream()
                .flatMap(choice -> learner(choice).stream())
                .toList();
        Optional<FeaturePlan> plan = schemas.size() == file.data().size() ? plan(file, schemas) : Optional.empty();
        plan.ifPresent(found -> checkLabel(file, found));
        plan.flatMap(found -> file.features()
                        .online()
                        .problem(found.baseTable(), Objects.requireNonNull(schemas.get(found.baseTable()))))
                .ifPresent(problems::add);
        if (file.features().related().isEmpty()) {
            plan.ifPresent(found -> checkSelection(file, found));
        }
        checkSplit(file);
        Set<Task> tasks =
                plan.flatMap(FeaturePlan::labelType).map(PipelineCheck::tasks).orElse(Set.of(Task.values()));
        problems.addAll(MetricCheck.problems(file, tasks));
        checkTasks(learners, file, tasks);
        file.train().command().ifPresent(command -> checkCommand(command, folder));
        plan.ifPresent(found -> checkRollout(file, found, tasks));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(Problems.inOrder(problems));
        }
        Optional<RelatedFeatures> related = related(file, plan.orElseThrow(), schemas);
        PipelineFile extended =
                related.map(found -> file.withSql(found.sql(found.names()))).orElse(file);
        Optional<FeaturePlan> whole = related.isEmpty() ? plan : extendedPlan(extended, schemas);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(Problems.inOrder(problems));
        }
        return new CheckedPipeline(
                extended, folder, sources, versions, schemas, whole.orElseThrow(), learners, warnings, related);
    }

    /** The plan with what there could be: each candidate is held to all that features are held to. */
    private Optional<FeaturePlan> extendedPlan(PipelineFile extended, Map<String, Schema> schemas) {
        try {
            FeaturePlan plan = FeaturePlanner.plan(query(extended), TableShapes.of(extended, schemas));
            checkSelection(extended, plan);
            return Optional.of(plan);
        } catch (InvalidInputException refused) {
            Position where = extended.features().related().orElseThrow().position();
            refused.problems()
                    .forEach(problem -> problems.add(
                            Problem.at(where, "features.related: can't be added to this view: " + problem.message())));
            return Optional.empty();
        }
    }

    private Optional<RelatedFeatures> related(PipelineFile file, FeaturePlan plan, Map<String, Schema> schemas) {
        Optional<RelatedFeatures> related = file.features()
                .related()
                .flatMap(how -> new RelatedCheck(file, how, plan, TableShapes.of(file, schemas), problems).find());
        related.filter(found -> found.count() > found.names().size())
                .ifPresent(found -> warnings.merge(
                        plan.baseTable(),
                        List.of("of " + found.count() + " features from related tables the first "
                                + found.names().size() + " are looked at, as features.related.limit says"),
                        (old, added) ->
                                Stream.concat(old.stream(), added.stream()).toList()));
        return related;
    }

    private SourceSpec specification(String dataset, Source source, Path folder) {
        return new SourceSpec(
                dataset,
                folder.resolve(source.from().text()).normalize().toString(),
                source.format().flatMap(text -> format(dataset, text)),
                source.zone().orElse(ZoneOffset.UTC),
                source.missing(),
                source.encoding().map(Located::text),
                source.delimiter(),
                source.header().map(header -> header ? Header.PRESENT : Header.ABSENT),
                source.columns(),
                source.contract(),
                List.of(),
                source.onViolation(),
                source.layout());
    }

    private Optional<Format> format(String dataset, Located text) {
        Optional<Format> format = Arrays.stream(Format.values())
                .filter(each -> each.label().equals(text.text().toLowerCase(Locale.ROOT)))
                .findFirst();
        if (format.isEmpty()) {
            problems.add(Problem.at(
                    text.position(),
                    "data." + dataset + ".format: " + text + ": unknown format."
                            + Words.suggestion(
                                    text.text(),
                                    Arrays.stream(Format.values())
                                            .map(Format::label)
                                            .toList())));
        }
        return format;
    }

    private Optional<ChosenLearner> learner(LearnerChoice choice) {
        Located name = choice.name();
        Optional<Learner> learner = Learners.find(name.text());
        if (learner.isEmpty()) {
            problems.add(Problem.at(
                    name.position(),
                    "train.learners: " + name + ": unknown learner."
                            + Words.suggestion(name.text(), Learners.names())));
            return Optional.empty();
        }
        checkParameters(learner.get(), choice);
        return Optional.of(new ChosenLearner(learner.get(), choice.parameters()));
    }

    private void checkParameters(Learner learner, LearnerChoice choice) {
        Map<String, ParameterSpec> known = new LinkedHashMap<>();
        learner.parameters().forEach(spec -> known.put(spec.name(), spec));
        choice.parameters().forEach((name, value) -> {
            Optional<String> problem = known.containsKey(name)
                    ? known.get(name).problem(value)
                    : Optional.of(name + ": unknown parameter." + Words.suggestion(name, known.keySet()));
            problem.ifPresent(text -> problems.add(
                    Problem.at(choice.name().position(), "train.learners." + learner.name() + "." + text)));
        });
    }

    private void checkTasks(List<ChosenLearner> learners, PipelineFile file, Set<Task> tasks) {
        for (ChosenLearner chosen : learners) {
            if (chosen.learner().tasks().stream().noneMatch(tasks::contains)) {
                problems.add(Problem.at(
                        file.train().position(),
                        "train.learners: " + chosen.learner().name() + " does not fit a " + labels(tasks)
                                + " label (expected: one of "
                                + Learners.names().stream()
                                        .filter(name -> Learners.find(name).orElseThrow().tasks().stream()
                                                .anyMatch(tasks::contains))
                                        .collect(Collectors.joining(", "))
                                + ")."));
            }
        }
    }

    private void checkRollout(PipelineFile file, FeaturePlan plan, Set<Task> tasks) {
        file.deploy()
                .ifPresent(deploy -> RolloutCheck.problems(deploy.rollout(), plan.features(), tasks)
                        .forEach(problem -> problems.add(Problem.at(deploy.position(), "deploy.rollout." + problem))));
    }

    private void checkCommand(Command command, Path folder) {
        problems.addAll(new CommandFiles(command, folder).problems());
        command.memoryLimit()
                .filter(limit -> !ShellProcess.canLimitMemory())
                .ifPresent(limit -> problems.add(Problem.at(
                        limit.position(),
                        "train.memory_limit: can't be kept on this machine, which has no /proc (expected: one that has, such"
                                + " as Linux). Leave it out, or run the pipeline there.")));
    }

    static String labels(Set<Task> tasks) {
        return tasks.stream().map(Task::label).sorted().collect(Collectors.joining(" or "));
    }

    private Optional<FeaturePlan> plan(PipelineFile file, Map<String, Schema> schemas) {
        List<TableShape> shapes = new ArrayList<>();
        schemas.forEach((dataset, schema) -> {
            Source source = Objects.requireNonNull(file.data().get(dataset));
            located(source::position, () -> TableShapes.of(dataset, source, schema))
                    .ifPresent(shapes::add);
        });
        return shapes.size() < schemas.size()
                ? Optional.empty()
                : located(file.features().position(), () -> FeaturePlanner.plan(query(file), shapes));
    }

    static FeatureQuery query(PipelineFile file) {
        PipelineFile.Features features = file.features();
        return new FeatureQuery(
                features.sql().text(),
                features.sql().position(),
                features.zone(),
                features.entity().map(Located::text),
                features.timestamp().map(Located::text),
                Optional.of(
                        new LabelExpression(file.label().text(), file.label().position(), file.labelKnownAfter())),
                features.keys().stream().map(Located::text).toList(),
                features.joined().stream().map(PipelineCheck::view).toList());
    }

    private static JoinedView view(PipelineFile.JoinedFeatures view) {
        return new JoinedView(
                view.view(),
                view.sql().text(),
                view.sql().position(),
                view.entity().stream().map(Located::text).toList(),
                view.timestamp().text(),
                view.ttl());
    }

    private void checkLabel(PipelineFile file, FeaturePlan plan) {
        Position where = file.label().position();
        located(where, () -> look.findLabelProblem(file, plan))
                .flatMap(Function.identity())
                .ifPresent(problem -> problems.add(Problem.at(where, problem)));
    }

    private void checkSelection(PipelineFile file, FeaturePlan plan) {
        List<String> features =
                plan.features().stream().map(ModelSignature.Input::name).toList();
        file.train().selection().stream()
                .flatMap(selection -> selection.keep().stream())
                .filter(name -> !features.contains(name.text()))
                .forEach(name -> problems.add(Problem.at(
                        name.position(),
                        "train.select.keep: " + name + " (expected: a feature of the view)."
                                + Words.suggestion(name.text(), features))));
    }

    private void checkSplit(PipelineFile file) {
        Split split = file.train().split();
        if (split.by() == Split.By.TIME && file.features().timestamp().isEmpty()) {
            Position where = split.position()
                    .map(Located::position)
                    .orElse(file.features().position());
            problems.add(Problem.at(
                    where,
                    "train.split: by time (expected: 'timestamp: COLUMN' under 'features', to know each row's time)."));
        }
    }

    /** The tasks that a label of this type can mean; which of them it is, the values will say. */
    static Set<Task> tasks(ColumnType label) {
        return switch (label) {
            case BOOLEAN -> Set.of(Task.BINARY);
            case VARCHAR -> Set.of(Task.BINARY, Task.MULTICLASS);
            case BIGINT, DOUBLE, TIMESTAMP -> Set.of(Task.values());
        };
    }

    private <T> Optional<T> located(Position where, Supplier<T> lookup) {
        return located(key -> where, lookup);
    }

    /** Runs a look-up; its mistakes join the others, at the {@code place} of what they are about unless they know better. */
    private <T> Optional<T> located(Function<String, Position> place, Supplier<T> lookup) {
        try {
            return Optional.of(lookup.get());
        } catch (InvalidInputException invalid) {
            invalid.problems()
                    .forEach(problem -> problems.add(
                            problem.where().isPresent()
                                    ? problem
                                    : Problem.at(place.apply(problem.key().orElse("from")), problem.message())));
        } catch (MillwrightException failed) {
            switch (failed.code().kind()) {
                case USER, NOT_FOUND, DATA_REFUSED ->
                    problems.add(Problem.at(
                            place.apply("from"),
                            Optional.ofNullable(failed.getMessage()).orElse("")));
                case CONFLICT, UNAUTHENTICATED, FORBIDDEN, GATE_REFUSED, UNAVAILABLE, RESOURCE, INTERNAL ->
                    throw failed;
            }
        }
        return Optional.empty();
    }
}
