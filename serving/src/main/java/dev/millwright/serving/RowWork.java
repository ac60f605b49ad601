package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import java.util.List;

/** Feature rows, columns in the signature's order. */
record RowWork(ModelRuntime model) implements BatchWork<Frame, Predictions> {
    @Override
    public int rows(Frame request) {
        return request.rows();
    }

    @Override
    public boolean joins(Frame request, Frame next) {
        return true;
    }

    @Override
    public Frame join(List<Frame> requests) {
        return InputFrames.concat(requests);
    }

    @Override
    public Predictions part(Predictions answers, int from, int to) {
        return InputFrames.slice(answers, from, to);
    }

    @Override
    public Predictions run(Frame request, Deadline deadline) {
        return model.predict(request, deadline);
    }
}
