package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.Member;
import dev.millwright.serving.ModelRuntime;
import java.util.List;

/** A graph of models that take feature rows, as one of them. Thread-safe. */
public final class GraphRuntime implements ModelRuntime {
    private final RowNode root;
    private final OpenMembers members;

    /** @param members that it asks; given back when it is closed */
    public GraphRuntime(RowNode root, List<Member> members) {
        this.root = root;
        this.members = new OpenMembers(members);
    }

    @Override
    public ModelSignature signature() {
        return root.signature();
    }

    @Override
    public Predictions predict(Frame rows) {
        return predict(rows, Deadline.NONE);
    }

    @Override
    public Predictions predict(Frame rows, Deadline deadline) {
        Frame aligned = ModelRuntime.align(signature(), rows);
        return members.whileOpen(() -> root.predict(aligned, deadline));
    }

    @Override
    public void close() {
        members.close();
    }

    @Override
    public String toString() {
        return "GraphRuntime" + members;
    }
}
