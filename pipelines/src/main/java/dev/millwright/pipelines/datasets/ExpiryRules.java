package dev.millwright.pipelines.datasets;

import dev.millwright.pipelines.Text;
import dev.millwright.pipelines.datasets.Expiry.Fate;
import dev.millwright.pipelines.datasets.Expiry.Verdict;
import dev.millwright.registry.DatasetUse;
import dev.millwright.registry.RecordedDataset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says which versions of a dataset go.
 *
 * @param tags the numbers of the versions that have one
 * @param use what was made from a version
 */
record ExpiryRules(
        ExpiryRequest request, Instant now, Map<String, Integer> tags, Function<RecordedDataset, DatasetUse> use) {
    /** @param present the versions whose rows are there, newest first */
    List<Verdict> judge(List<RecordedDataset> present) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < present.size(); i++) {
            RecordedDataset version = present.get(i);
            if (request.version().isEmpty() || request.version().get() == version.version()) {
                verdicts.add(judge(version, i));
            }
        }
        return verdicts;
    }

    private Verdict judge(RecordedDataset version, int newer) {
        Optional<String> spared = newer == 0 ? Optional.of("the newest") : spared(version, newer);
        if (spared.isPresent()) {
            return verdict(version, Fate.KEPT, spared.get());
        }
        DatasetUse uses = use.apply(version);
        if (!uses.running().isEmpty()) {
            return verdict(version, Fate.KEPT, "run " + uses.running().getFirst() + " reads it");
        }
        List<String> needs = needs(version, uses);
        if (needs.isEmpty()) {
            return verdict(version, Fate.EXPIRED, "nothing needs it");
        }
        String needed = String.join("; ", needs);
        return switch (request.needed()) {
            case KEEP -> verdict(version, Fate.KEPT, needed);
            case EXPIRE -> verdict(version, Fate.EXPIRED, "by force: " + needed);
        };
    }

    /** Why a version that is not the newest is left alone, whoever needs it. */
    private Optional<String> spared(RecordedDataset version, int newer) {
        if (request.keep().filter(count -> newer < count).isPresent()) {
            return Optional.of("one of the newest " + request.keep().get());
        }
        return request.olderThan()
                .filter(age -> version.recorded().isAfter(now.minus(age)))
                .map(age -> "younger than " + Text.duration(age));
    }

    private List<String> needs(RecordedDataset version, DatasetUse uses) {
        List<String> needs = new ArrayList<>();
        tags.forEach((tag, number) -> {
            if (number == version.version()) {
                needs.add("tag " + tag);
            }
        });
        uses.models().forEach(model -> needs.add("model " + model.id() + " was trained on it"));
        String endpoints = uses.models().stream()
                .flatMap(model -> model.endpoints().stream())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!endpoints.isEmpty()) {
            needs.add("the windows of endpoint " + endpoints + " are filled from it");
        }
        return needs;
    }

    private static Verdict verdict(RecordedDataset version, Fate fate, String reason) {
        return new Verdict(version.version(), version.recorded(), version.rows(), fate, reason);
    }
}
