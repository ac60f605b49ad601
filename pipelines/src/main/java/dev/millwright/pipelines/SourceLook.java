package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Expected;
import dev.millwright.data.Outline;
import dev.millwright.data.Preview;
import dev.millwright.data.SourceSpec;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.registry.RecordedDataset;
import java.util.List;
import java.util.Optional;

/** How a check learns which columns a source has, and what its labels are like. Close it. For one thread. */
interface SourceLook extends AutoCloseable {
    /**
     * Looks at a source.
     *
     * @param source without its expectations, which can't be parsed before its columns are known
     * @param expectations as they are written
     * @throws dev.millwright.core.InvalidInputException when it can't be read
     */
    Outline look(SourceSpec source, List<Expected.Unread> expectations);

    /**
     * Looks at a version that was read before.
     *
     * @throws dev.millwright.core.MillwrightException when there is none
     */
    RecordedDataset look(VersionSource source);

    /**
     * Why nothing can be learnt from the labels, if that is so; empty too when that can't be told without work.
     *
     * @param plan over sources that were all looked at
     * @throws dev.millwright.core.InvalidInputException when no task fits the label
     */
    Optional<String> findLabelProblem(PipelineFile file, FeaturePlan plan);

    @Override
    void close();

    /**
     * Reads every source, for a check beside a home.
     *
     * @param store of that home; empty when there is none
     */
    static SourceLook reading(DuckDb duck, Optional<DatasetStore> store) {
        Preview preview = new Preview(duck);
        return new SourceLook() {
            @Override
            public Outline look(SourceSpec source, List<Expected.Unread> expectations) {
                Outline outline = preview.outline(source, expectations.size());
                store.ifPresent(home -> home.lake().requireAllowed(source, outline));
                return outline;
            }

            @Override
            public RecordedDataset look(VersionSource source) {
                DatasetStore.Stored stored = store.orElseThrow(() -> new InvalidInputException("dataset: "
                                + source.reference()
                                + " (expected: a version in a home in which something ran). Name the"
                                + " home with --home."))
                        .load(source.reference());
                preview.add(source.table(), stored.version(), store.get().lake().tableReference(stored.version()));
                return stored.recorded();
            }

            @Override
            public Optional<String> findLabelProblem(PipelineFile file, FeaturePlan plan) {
                return LabelLook.findProblem(plan, preview);
            }

            @Override
            public void close() {
                preview.close();
            }
        };
    }
}
