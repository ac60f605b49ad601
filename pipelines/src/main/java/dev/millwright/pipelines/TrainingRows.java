package dev.millwright.pipelines;

import dev.millwright.core.ModelSignature;
import dev.millwright.data.LabelledFrame;
import dev.millwright.data.Split;
import dev.millwright.data.TrainingSet;
import dev.millwright.pipelines.StepOutputs.Featured;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The rows of a training set, read when they are first needed: a run that reuses everything reads none. */
final class TrainingRows {
    private final Workshop workshop;
    private final List<ModelSignature.Input> inputs;
    private final Featured featured;
    private final Map<Split, LabelledFrame> splits = new EnumMap<>(Split.class);

    TrainingRows(Workshop workshop, List<ModelSignature.Input> inputs, Featured featured) {
        this.workshop = workshop;
        this.inputs = inputs;
        this.featured = featured;
    }

    Path file() {
        return workshop.layout().trainingSets().resolve(featured.file());
    }

    /** At most so many rows, spread evenly over the split; not held on to. */
    LabelledFrame sample(Split split, int atMost) {
        return TrainingSet.sample(workshop.duck(), file(), inputs, featured.task(), featured.classes(), split, atMost);
    }

    LabelledFrame split(Split split) {
        return splits.computeIfAbsent(
                split,
                part -> TrainingSet.read(workshop.duck(), file(), inputs, featured.task(), featured.classes(), part));
    }
}
