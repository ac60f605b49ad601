package dev.millwright.serving.rows;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.TensorColumns;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that a request may use: the columns that a version takes, the tensors that these are parts of, and what only other
 * versions of the endpoint take, which is passed over. Immutable.
 */
final class RequestColumns {
    private final ModelSignature signature;
    private final Map<String, Span> spans = new HashMap<>();
    private final Set<String> elsewhere = new HashSet<>();

    /** The columns from {@code first} on that one name stands for. */
    record Span(String name, int first, int width) {}

    private RequestColumns(ModelSignature signature) {
        this.signature = signature;
        List<String> names = signature.inputNames();
        for (int column = 0; column < names.size(); column++) {
            spans.put(names.get(column), new Span(names.get(column), column, 1));
        }
        TensorColumns.find(signature).forEach((tensor, width) -> {
            int first = names.indexOf(TensorColumns.names(tensor, width).getFirst());
            spans.putIfAbsent(tensor, new Span(tensor, first, width));
        });
    }

    /** The columns of a version that nothing shares the endpoint with. */
    static RequestColumns of(ModelSignature signature) {
        return new RequestColumns(signature);
    }

    /** The columns of a version beside others: a request that serves them all suits each. */
    static RequestColumns of(ModelSignature signature, Collection<ModelSignature> others) {
        RequestColumns columns = new RequestColumns(signature);
        for (ModelSignature other : others) {
            if (!other.equals(signature)) {
                columns.elsewhere.addAll(new RequestColumns(other).spans.keySet());
            }
        }
        columns.elsewhere.removeAll(columns.spans.keySet());
        return columns;
    }

    ModelSignature signature() {
        return signature;
    }

    Optional<Span> find(String name) {
        return Optional.ofNullable(spans.get(name));
    }

    /** Whether only another version takes it. */
    boolean isForOthers(String name) {
        return elsewhere.contains(name);
    }

    /** All columns, one after the other. */
    Span all() {
        return new Span("", 0, signature.inputs().size());
    }

    Set<String> names() {
        return Set.copyOf(spans.keySet());
    }
}
