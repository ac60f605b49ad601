package dev.millwright.learn;

import java.util.List;
import java.util.Optional;

/** The learners that this build knows. */
public final class Learners {
    private Learners() {}

    /** The learner with exactly this name. */
    public static Optional<Learner> find(String name) {
        return all().stream().filter(learner -> learner.name().equals(name)).findFirst();
    }

    /** In the order in which a person should meet them: simple ones first. */
    public static List<String> names() {
        return all().stream().map(Learner::name).toList();
    }

    private static List<Learner> all() {
        return List.of(new LogisticRegression(), new LinearRegression(), new GradientBoosting());
    }
}
