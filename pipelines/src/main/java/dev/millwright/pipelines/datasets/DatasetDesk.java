package dev.millwright.pipelines.datasets;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.Lake;
import dev.millwright.data.ReplayOrder;
import dev.millwright.data.Replayed;
import dev.millwright.data.VersionDetails;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.Settlement;
import dev.millwright.pipelines.datasets.Expiry.Fate;
import dev.millwright.pipelines.datasets.Expiry.Verdict;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.DatasetTags;
import dev.millwright.registry.Datasets;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes versions of datasets, for the process that owns the home. The lake's commit decides; the registry's record follows in one
 * transaction with its event, at once, or after a kill before the next change ({@link #settle}). Thread-safe: one change at a time.
 */
public final class DatasetDesk implements DatasetChanges {
    private final Datasets datasets;
    private final Lake lake;
    private final DatasetStore store;
    private final Settlement settlement;
    private final InstantSource clock;

    public DatasetDesk(Registry registry, Lake lake, InstantSource clock) {
        this.datasets = registry.datasets();
        this.lake = lake;
        this.store = new DatasetStore(registry, lake);
        this.settlement = new Settlement(datasets, lake);
        this.clock = clock;
    }

    /** Records what the lake knows and the registry doesn't, of all datasets. */
    public synchronized void settle() {
        lake.datasets().forEach(settlement::settle);
    }

    @Override
    public synchronized Tagged tag(DatasetReference reference, String tag, Taken taken) {
        DatasetTags.require(tag);
        settlement.settle(reference.dataset());
        DatasetStore.Stored version = store.load(reference);
        Optional<Integer> before = Optional.ofNullable(
                        datasets.tags().of(reference.dataset()).get(tag))
                .filter(number -> number != version.recorded().version());
        if (before.isPresent() && taken == Taken.REFUSE) {
            throw new MillwrightException(
                    RegistryError.ALREADY_EXISTS,
                    "tag: " + tag + " is on " + reference.dataset() + "@v" + before.get()
                            + " (expected: a tag that is free). Move it with --move.");
        }
        lake.tag(version.version(), tag);
        datasets.tags().set(version.recorded(), tag);
        return new Tagged(reference.dataset(), tag, version.recorded().version(), before);
    }

    @Override
    public synchronized Tagged untag(String dataset, String tag) {
        datasets.history(dataset);
        settlement.settle(dataset);
        int version = datasets.tags().load(dataset, tag);
        lake.untag(dataset, tag);
        datasets.tags().remove(dataset, tag);
        return new Tagged(dataset, tag, version, Optional.empty());
    }

    @Override
    public synchronized Restored rollBack(DatasetReference reference, String reason) {
        settlement.settle(reference.dataset());
        DatasetStore.Stored earlier = store.load(reference);
        int target = earlier.recorded().version();
        RecordedDataset newest = datasets.load(DatasetReference.newest(reference.dataset()));
        if (newest.restores().filter(number -> number == target).isPresent()) {
            return new Restored(reference.dataset(), newest.version(), target, newest.version());
        }
        if (newest.version() == target) {
            throw new InvalidInputException("version: " + newest.name()
                    + " is the newest one (expected: an earlier one). There is nothing to roll back.");
        }
        String step = "rollback of " + newest.name() + " to " + earlier.name();
        RecordedDataset made =
                datasets.recordRollback(lake.restore(earlier.version(), step, reason), earlier.recorded(), reason);
        return new Restored(reference.dataset(), made.version(), target, newest.version());
    }

    @Override
    public synchronized Replay replay(ReplayRequest request) {
        String dataset = request.dataset();
        datasets.history(dataset);
        settlement.settle(dataset);
        RecordedDataset newest = datasets.load(DatasetReference.newest(dataset));
        Replayed done = lake.replay(new ReplayOrder(
                dataset,
                request.file(),
                request.exported().map(reference -> store.load(reference).version()),
                name -> store.load(DatasetReference.parse(dataset + "@" + name)).version(),
                request.pipeline().map(pipeline -> JudgingRules.read(pipeline, dataset)),
                repairs -> DatasetStore.stepKey(
                        dataset, RecordedDataset.fingerprint(newest.sourceFingerprint(), repairs))));
        settlement.settle(dataset);
        Optional<Integer> made = done.made()
                .map(version -> datasets.versions(dataset).stream()
                        .filter(each -> each.snapshot() == version.snapshot())
                        .findFirst()
                        .orElseThrow()
                        .version());
        return Replay.of(dataset, made, newest.version(), done);
    }

    @Override
    public synchronized Expiry expire(ExpiryRequest request) {
        settlement.settle(request.dataset());
        List<RecordedDataset> present = datasets.history(request.dataset()).stream()
                .filter(version -> version.expired().isEmpty())
                .toList();
        request.version().ifPresent(number -> datasets.load(DatasetReference.numbered(request.dataset(), number)));
        List<Verdict> verdicts = new ExpiryRules(
                        request, clock.instant(), datasets.tags().of(request.dataset()), datasets::useOf)
                .judge(present);
        if (request.mode() == ExpiryRequest.Mode.ONLY_TELL) {
            return new Expiry(request.dataset(), verdicts, 0, 0);
        }
        Lake.Freed freed = giveUp(request.dataset(), present, verdicts);
        return new Expiry(request.dataset(), verdicts, freed.files(), freed.bytes());
    }

    @Override
    public synchronized Compacted compact(String dataset) {
        datasets.history(dataset);
        settlement.settle(dataset);
        DatasetStore.Stored newest = store.load(DatasetReference.newest(dataset));
        requireUnread(newest.recorded());
        VersionDetails before = lake.details(newest.version());
        Optional<DatasetVersion> compacted = lake.compact(newest.version());
        if (compacted.isPresent()) {
            datasets.recordRewrite(newest.recorded(), compacted.get(), "compacted");
            lake.expire(dataset, List.of(newest.version().snapshot()));
        }
        VersionDetails after = compacted.map(lake::details).orElse(before);
        return new Compacted(
                dataset,
                newest.recorded().version(),
                before.files().size(),
                after.files().size(),
                before.bytes(),
                after.bytes());
    }

    private void requireUnread(RecordedDataset version) {
        datasets.useOf(version).running().stream().findFirst().ifPresent(run -> {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "dataset: " + version.name() + " is read by run " + run
                            + " (expected: by none that is under way). Try again when it has ended, or cancel it.");
        });
    }

    private Lake.Freed giveUp(String dataset, List<RecordedDataset> present, List<Verdict> verdicts) {
        Map<Integer, String> reasons = verdicts.stream()
                .filter(verdict -> verdict.fate() == Fate.EXPIRED)
                .collect(Collectors.toMap(Verdict::version, Verdict::reason));
        Set<RecordedDataset> going = present.stream()
                .filter(version -> reasons.containsKey(version.version()))
                .collect(Collectors.toSet());
        if (going.isEmpty()) {
            return new Lake.Freed(0, 0);
        }
        Lake.Freed freed = lake.expire(
                dataset, going.stream().map(RecordedDataset::snapshot).toList());
        datasets.recordExpiry(
                present.reversed().stream().filter(going::contains).toList(),
                version -> String.valueOf(reasons.get(version.version())));
        return freed;
    }
}
