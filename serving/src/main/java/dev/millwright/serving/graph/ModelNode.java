package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.Member;

/** A model that takes feature rows. */
public record ModelNode(ModelSignature signature, Member member) implements RowNode {
    @Override
    public Predictions predict(Frame rows, Deadline deadline) {
        return member.predict(rows, deadline);
    }

    @Override
    public long recentNanos() {
        return member.recentNanos();
    }
}
