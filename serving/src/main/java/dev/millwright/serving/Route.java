package dev.millwright.serving;

import dev.millwright.serving.routing.Assignment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What serves an endpoint.
 *
 * @param endpoint letters, digits, {@code . _ -}, beginning with a letter or digit: it is part of URLs and paths
 * @param versions those that answer; the first has the lowest part of the range in which clients are placed by hash, so
 *     put the canary first and each client keeps its version while the canary's share grows
 * @param shadow a version that gets a copy of the requests and whose answers are only logged and compared; one of {@code versions}
 *     gets copies of those that the others answer
 * @param assignment how requests are assigned beside the weights
 */
public record Route(
        String endpoint, List<WeightedVersion> versions, Optional<WeightedVersion> shadow, Assignment assignment) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public Route {
        versions = List.copyOf(versions);
        if (!NAME.matcher(endpoint).matches()) {
            throw new IllegalArgumentException("endpoint: '" + endpoint
                    + "' (expected: at most 128 letters, digits and . _ -, beginning with a letter or digit)");
        }
        if (versions.stream().mapToDouble(WeightedVersion::weight).sum() <= 0) {
            throw new IllegalArgumentException(
                    "versions: " + versions.size() + " with traffic in none (expected: one with a weight above 0)");
        }
        Set<Integer> numbers = new HashSet<>();
        versions.forEach(version -> requireNew(numbers, version));
        assignment.rules().forEach(rule -> requireKnown(numbers, rule.version()));
    }

    /** By weights alone. */
    public Route(String endpoint, List<WeightedVersion> versions, Optional<WeightedVersion> shadow) {
        this(endpoint, versions, shadow, Assignment.DEFAULT);
    }

    private static void requireKnown(Set<Integer> numbers, int version) {
        if (!numbers.contains(version)) {
            throw new IllegalArgumentException("version: " + version + " in a rule (expected: one of " + numbers + ")");
        }
    }

    private static void requireNew(Set<Integer> numbers, WeightedVersion version) {
        if (!numbers.add(version.version())) {
            throw new IllegalArgumentException(
                    "version: " + version.version() + " twice (expected: each version once on an endpoint)");
        }
    }

    /** All traffic to one version. */
    public static Route of(String endpoint, String model, int version, ModelRuntime runtime) {
        return of(endpoint, new WeightedVersion(model, version, 1, runtime));
    }

    /** All traffic to one version. */
    public static Route of(String endpoint, WeightedVersion version) {
        return new Route(endpoint, List.of(version.withWeight(1)), Optional.empty());
    }

    /** The version that answers most; of several that answer as much the last, which is not the canary. */
    public WeightedVersion champion() {
        WeightedVersion most = versions.getLast();
        for (int i = versions.size() - 2; i >= 0; i--) {
            if (versions.get(i).weight() > most.weight()) {
                most = versions.get(i);
            }
        }
        return most;
    }

    /** The version for a client placed at {@code point}, from 0 (inclusive) to 1 (exclusive); never one without weight. */
    int pick(double point) {
        double total = 0;
        for (int i = 0; i < versions.size(); i++) {
            total += versions.get(i).weight();
        }
        double left = point * total;
        int last = 0;
        for (int i = 0; i < versions.size(); i++) {
            double weight = versions.get(i).weight();
            if (weight > 0) {
                last = i;
                left -= weight;
                if (left < 0) {
                    return i;
                }
            }
        }
        // Rounding at the very end of the range.
        return last;
    }
}
