package dev.millwright.serving.protocol;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.TensorColumns;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tensors of several columns that a client may send instead of the columns one by one. */
final class WideInputs {
    private final Map<String, Integer> widths;
    private final Map<String, Place> places = new HashMap<>();

    /** Where in a tensor a column stands. */
    record Place(String tensor, int index, int width) {}

    private WideInputs(Map<String, Integer> widths) {
        this.widths = widths;
        widths.forEach((tensor, width) -> {
            int index = 0;
            for (String column : TensorColumns.names(tensor, width)) {
                places.put(column, new Place(tensor, index++, width));
            }
        });
    }

    static WideInputs of(ModelSignature signature) {
        return new WideInputs(TensorColumns.find(signature));
    }

    Collection<String> names() {
        return widths.keySet();
    }

    Optional<Place> findPlace(String column) {
        return Optional.ofNullable(places.get(column));
    }
}
