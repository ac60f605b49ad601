package dev.millwright.pipelines;

import dev.millwright.data.Lake;
import dev.millwright.registry.DatasetTags;
import dev.millwright.registry.Datasets;
import dev.millwright.registry.RecordedDataset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets the registry follow the lake. A change is committed in the lake first, then recorded: where a process died between the two, the
 * change is recorded here. So is what other programs did to the tables, as far as the registry has a word for it.
 */
public final class Settlement {
    private final Datasets datasets;
    private final Lake lake;

    public Settlement(Datasets datasets, Lake lake) {
        this.datasets = datasets;
        this.lake = lake;
    }

    /** Of one dataset. */
    public void settle(String dataset) {
        Set<Long> present = lake.snapshots(dataset);
        if (present.isEmpty()) {
            return; // no table: nothing can be told from that
        }
        lake.replacements(dataset).forEach(replacement -> settle(dataset, replacement));
        lake.rollbacks(dataset).forEach(rollback -> record(dataset, rollback));
        lake.replays(dataset).forEach(replay -> record(dataset, replay));
        List<RecordedDataset> lost = datasets.versions(dataset).stream()
                .filter(version -> version.expired().isEmpty() && !present.contains(version.snapshot()))
                .toList();
        datasets.recordExpiry(lost, version -> "gone from the lake");
        settleTags(dataset);
    }

    /** Gives the snapshot up that held a version before, as soon as no run reads it. */
    private void settle(String dataset, Lake.Replacement replacement) {
        find(dataset, replacement.replaced())
                .filter(version -> datasets.useOf(version).running().isEmpty())
                .ifPresent(version -> datasets.recordRewrite(
                        version, lake.load(dataset, replacement.snapshot()), replacement.cause()));
        if (find(dataset, replacement.replaced()).isEmpty()) {
            lake.expire(dataset, List.of(replacement.replaced()));
        }
    }

    private void record(String dataset, Lake.Rollback rollback) {
        if (find(dataset, rollback.snapshot()).isEmpty()) {
            find(dataset, rollback.restored())
                    .ifPresent(restored -> datasets.recordRollback(
                            lake.load(dataset, rollback.snapshot()), restored, rollback.reason()));
        }
    }

    private void record(String dataset, Lake.ReplayMade replay) {
        if (find(dataset, replay.snapshot()).isEmpty()) {
            find(dataset, replay.replayed())
                    .ifPresent(replayed ->
                            datasets.recordReplay(lake.load(dataset, replay.snapshot()), replayed, replay.mark()));
        }
    }

    private void settleTags(String dataset) {
        Map<String, Long> tags = lake.tags(dataset);
        tags.forEach((tag, snapshot) -> {
            if (DatasetTags.isOne(tag)) {
                find(dataset, snapshot).ifPresent(version -> datasets.tags().set(version, tag));
            }
        });
        datasets.tags().of(dataset).keySet().stream()
                .filter(tag -> !tags.containsKey(tag))
                .forEach(tag -> datasets.tags().remove(dataset, tag));
    }

    private Optional<RecordedDataset> find(String dataset, long snapshot) {
        return datasets.versions(dataset).stream()
                .filter(version -> version.snapshot() == snapshot)
                .findFirst();
    }
}
