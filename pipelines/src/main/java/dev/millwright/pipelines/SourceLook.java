package dev.millwright.pipelines;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.data.Outline;
import dev.millwright.data.Preview;
import dev.millwright.data.SourceSpec;
import dev.millwright.plan.FeaturePlan;
import java.util.List;
import java.util.Optional;

/** How a check learns which columns a source has, and what its labels are like. Close it. For one thread. */
interface SourceLook extends AutoCloseable {
    /**
     * Looks at a source.
     *
     * @param source without its expectations, which can't be parsed before its columns are known
     * @param expectations their texts
     * @throws dev.millwright.core.InvalidInputException when it can't be read
     */
    Outline look(SourceSpec source, List<String> expectations);

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
     * Reads every source.
     *
     * @param lake whose versions sources may follow; empty for a check without a home
     */
    static SourceLook reading(DuckDb duck, Optional<Lake> lake) {
        Preview preview = new Preview(duck);
        return new SourceLook() {
            @Override
            public Outline look(SourceSpec source, List<String> expectations) {
                Outline outline = preview.outline(source, expectations.size());
                lake.ifPresent(home -> home.requireAllowed(source, outline));
                return outline;
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
