package dev.millwright.serving;

import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensors, in the order of the model's inputs; joined along their first dimension where the model allows that. */
record TensorWork(TensorModel model) implements BatchWork<List<Tensor>, List<Tensor>> {
    @Override
    public int rows(List<Tensor> request) {
        return model.takesBatches() ? (int) request.getFirst().shape()[0] : 1;
    }

    @Override
    public boolean joins(List<Tensor> request, List<Tensor> next) {
        if (!model.takesBatches()) {
            return false;
        }
        for (int i = 0; i < request.size(); i++) {
            long[] shape = request.get(i).shape();
            long[] other = next.get(i).shape();
            if (!Arrays.equals(shape, 1, shape.length, other, 1, other.length)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Tensor> join(List<List<Tensor>> requests) {
        if (requests.size() == 1) {
            return requests.getFirst();
        }
        List<Tensor> joined = new ArrayList<>();
        for (int i = 0; i < requests.getFirst().size(); i++) {
            int input = i;
            joined.add(TensorRows.join(
                    requests.stream().map(request -> request.get(input)).toList()));
        }
        return joined;
    }

    @Override
    public List<Tensor> part(List<Tensor> answers, int from, int to) {
        return model.takesBatches()
                ? answers.stream()
                        .map(tensor -> TensorRows.part(tensor, from, to))
                        .toList()
                : answers;
    }

    @Override
    public List<Tensor> run(List<Tensor> request, Deadline deadline) {
        return model.run(request, deadline);
    }
}
