package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.core.Words;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.serving.rollout.AbTest;
import dev.millwright.serving.rollout.Bandit;
import dev.millwright.serving.rollout.BlueGreen;
import dev.millwright.serving.rollout.Canary;
import dev.millwright.serving.rollout.Conditions;
import dev.millwright.serving.rollout.QualityScore;
import dev.millwright.serving.rollout.RollBackRule;
import dev.millwright.serving.rollout.RolloutPlan;
import dev.millwright.serving.rollout.Shadow;
import dev.millwright.serving.rollout.Strategy;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the {@code rollout:} section. */
final class RolloutReader {
    private static final Duration DEFAULT_EVERY = Duration.ofMinutes(10);
    private static final Duration DEFAULT_KEEP = Duration.ofHours(1);
    private static final Duration DEFAULT_SHADOW = Duration.ofHours(1);
    private static final double DEFAULT_FLOOR = 0.05;
    private static final List<RollBackRule> DEFAULT_RULES = List.of(new RollBackRule.ErrorRate(0.01));
    private static final List<String> STRATEGIES =
            List.of("canary", "blue_green", "shadow", "ab", "bandit", "conditions");

    private final Section section;
    private final YamlSource source;

    private RolloutReader(Section section) {
        this.section = section;
        this.source = section.source();
    }

    static RolloutPlan read(Section section) {
        return new RolloutReader(section).plan();
    }

    /**
     * Reads the section from a text of its own: {@code {canary: [5%, 100%], every: 10m}}.
     *
     * @throws InvalidInputException with every problem
     */
    static RolloutPlan parse(String text) {
        List<Problem> problems = new ArrayList<>();
        YamlSource source = new YamlSource("rollout", Map.of(), problems);
        RolloutPlan plan;
        try {
            plan = new Compose(LoadSettings.builder()
                            .setUseMarks(true)
                            .setLabel("rollout")
                            .build())
                    .composeString(text)
                    .map(root -> read(Section.of(source, "rollout", root)))
                    .orElseGet(RolloutPlan::immediate);
        } catch (YamlEngineException broken) {
            throw new InvalidInputException("rollout: not YAML: " + broken.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(Problems.inOrder(problems));
        }
        return plan;
    }

    private RolloutPlan plan() {
        refuseSeveral();
        Duration every = duration(section, "every").orElse(DEFAULT_EVERY);
        int minimum = count(section, "minimum_requests").orElse((int) RolloutPlan.MINIMUM_REQUESTS);
        List<RollBackRule> rules = section.texts("roll_back_if").stream()
                .flatMap(text -> parsed(text, RollBackRule::parse).stream())
                .toList();
        Optional<QualityScore> score = section.text("score").flatMap(text -> parsed(text, QualityScore::parse));
        double alpha = share(section, "alpha").orElse(RolloutPlan.ALPHA);
        Strategy strategy = strategy(every, minimum);
        section.close();
        RolloutPlan fallback = RolloutPlan.of(strategy, DEFAULT_RULES);
        return made(
                section.positions().containsKey("alpha") ? section.position("alpha") : section.position("roll_back_if"),
                () -> new RolloutPlan(
                        strategy,
                        rules.isEmpty() ? DEFAULT_RULES : rules,
                        score.orElse(strategy instanceof Bandit ? new QualityScore.Correct() : fallback.score()),
                        alpha,
                        minimum),
                fallback);
    }

    /** One strategy a rollout; a canary may follow a shadow. */
    private void refuseSeveral() {
        List<String> named = STRATEGIES.stream()
                .filter(name -> section.positions().containsKey(name))
                .toList();
        if (named.size() > 1 && !named.equals(List.of("canary", "shadow"))) {
            source.report(
                    section.position(named.getLast()),
                    section.child(named.getLast()) + ": beside " + named.getFirst()
                            + " (expected: one strategy, or shadow with canary after it).");
        }
    }

    private Strategy strategy(Duration every, int minimum) {
        Strategy canary = new Canary(shares(), every);
        return section.section("blue_green")
                .map(this::blueGreen)
                .or(() -> section.section("shadow").map(given -> shadow(given, every, minimum)))
                .or(() -> section.section("ab").map(this::abTest))
                .or(() -> section.section("bandit").map(given -> bandit(given, every)))
                .or(this::conditions)
                .orElse(canary);
    }

    /** Rising shares, the last of them all; all at once where the file's are not that. */
    private List<Double> shares() {
        List<Double> shares = new ArrayList<>();
        section.texts("canary").stream()
                .flatMap(text -> Values.share(text, section.child("canary"), source).stream())
                .forEach(shares::add);
        for (int i = 1; i < shares.size(); i++) {
            if (shares.get(i) <= shares.get(i - 1)) {
                source.report(
                        section.position("canary"),
                        section.child("canary") + ": " + shares
                                + " (expected: rising shares, such as [5%, 25%, 100%]).");
                return List.of(1.0);
            }
        }
        if (shares.isEmpty() || shares.getLast() < 1) {
            shares.add(1.0);
        }
        return shares;
    }

    private Strategy blueGreen(Section given) {
        Duration wait = given.<Duration>parsed("wait", (text, at) -> Values.duration(text, at.child("wait"), source))
                .orElse(Duration.ZERO);
        BlueGreen strategy = new BlueGreen(wait, duration(given, "keep").orElse(DEFAULT_KEEP));
        given.close();
        return strategy;
    }

    private Strategy shadow(Section given, Duration every, int minimum) {
        Duration lasts = duration(given, "for").orElse(DEFAULT_SHADOW);
        int requests = count(given, "requests").orElse(minimum);
        double share = share(given, "share").orElse(1.0);
        boolean canary = section.positions().containsKey("canary");
        Shadow.Then then = given.text("then")
                .map(text -> then(text, every, given.child("then")))
                .orElseGet(
                        () -> canary ? new Shadow.Then.Continue(new Canary(shares(), every)) : new Shadow.Then.Stop());
        given.close();
        return new Shadow(lasts, requests, share, then);
    }

    private Shadow.Then then(Located text, Duration every, String path) {
        return switch (text.text().strip()) {
            case "promote" -> new Shadow.Then.Promote();
            case "stop" -> new Shadow.Then.Stop();
            case "canary" -> new Shadow.Then.Continue(new Canary(shares(), every));
            default -> {
                List<String> words = List.of("promote", "stop", "canary");
                source.report(
                        text.position(),
                        path + ": " + text + " (expected: promote, stop or canary)."
                                + Words.nearest(text.text(), words)
                                        .map(near -> " Did you mean '" + near + "'?")
                                        .orElse(""));
                yield new Shadow.Then.Stop();
            }
        };
    }

    private Strategy abTest(Section given) {
        double split = share(given, "split").orElse(0.5);
        StickyKey key = given.text("sticky_by")
                .flatMap(text -> parsed(text, StickyKey::parse))
                .orElse(StickyKey.CLIENT_ID);
        Optional<Duration> lasts = duration(given, "for");
        given.close();
        return made(given.position("split"), () -> new AbTest(split, key, lasts), new AbTest(0.5, key, lasts));
    }

    private Strategy bandit(Section given, Duration every) {
        double floor = given.text("floor")
                .flatMap(text -> Values.number(text, given.child("floor"), source))
                .orElse(DEFAULT_FLOOR);
        Optional<Double> sure = share(given, "until");
        List<Integer> others = given.texts("versions").stream()
                .flatMap(text -> Values.count(text, given.child("versions"), source).stream())
                .toList();
        given.close();
        return made(
                sure.isPresent() ? given.position("until") : given.position("floor"),
                () -> new Bandit(floor, every, sure, others),
                new Bandit(0, every, Optional.empty(), List.of()));
    }

    private Optional<Strategy> conditions() {
        List<Node> items = section.items("conditions");
        List<Conditions.Rule> rules =
                items.stream().flatMap(item -> rule(item).stream()).toList();
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Conditions(rules));
    }

    /** {@code country = 'DE'}, or {@code {when: country = 'DE', version: 3}}. */
    private Optional<Conditions.Rule> rule(Node item) {
        if (!(item instanceof MappingNode)) {
            return source.text(item, section.child("conditions"))
                    .flatMap(text -> parsed(text, RequestCondition::parse))
                    .map(when -> new Conditions.Rule(when, Optional.empty()));
        }
        Section given = Section.of(source, section.child("conditions"), item);
        Located when = given.requiredText("when");
        Optional<Integer> version = count(given, "version");
        given.close();
        return when.text().isEmpty()
                ? Optional.empty()
                : parsed(when, RequestCondition::parse).map(condition -> new Conditions.Rule(condition, version));
    }

    private Optional<Duration> duration(Section given, String key) {
        return given.<Duration>parsed(key, (text, at) -> Values.duration(text, at.child(key), source))
                .filter(duration -> {
                    if (duration.isZero()) {
                        source.report(given.position(key), given.child(key) + ": 0 (expected: longer than nothing).");
                    }
                    return !duration.isZero();
                });
    }

    private Optional<Integer> count(Section given, String key) {
        return given.parsed(key, (text, at) -> Values.count(text, at.child(key), source));
    }

    private Optional<Double> share(Section given, String key) {
        return given.parsed(key, (text, at) -> Values.share(text, at.child(key), source));
    }

    private <T> Optional<T> parsed(Located text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text.text()));
        } catch (InvalidInputException wrong) {
            wrong.problems().forEach(problem -> source.report(text.position(), section.child(problem.message())));
            return Optional.empty();
        }
    }

    /** What can only be judged as a whole; the stand-in is harmless. */
    private <T> T made(Position where, Supplier<T> whole, T standIn) {
        try {
            return whole.get();
        } catch (IllegalArgumentException wrong) {
            source.report(where, section.child(wrong.getMessage() + "."));
            return standIn;
        }
    }
}
