package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import java.util.List;

/**
 * The rows of a request, as each version takes them: the same for all when the client sent feature rows, but not when it sent
 * raw events while two versions with different feature views share the endpoint. Thread-safe.
 */
@FunctionalInterface
public interface RequestRows {
    /**
     * The rows for one version.
     *
     * @throws InvalidInputException when this version can't take what was sent
     */
    Keyed forVersion(WeightedVersion version);

    /** The same rows for every version. */
    static RequestRows same(Frame frame, List<RowKey> keys) {
        Keyed rows = new Keyed(frame, keys);
        return _ -> rows;
    }

    /**
     * Feature rows and whom they are about.
     *
     * @param keys empty, or the entity and timestamp of each row
     */
    record Keyed(Frame frame, List<RowKey> keys) {
        public Keyed {
            keys = List.copyOf(keys);
            if (frame.rows() == 0) {
                throw new InvalidInputException("rows: none (expected: at least one)");
            }
            if (!keys.isEmpty() && keys.size() != frame.rows()) {
                throw new InvalidInputException(
                        "keys: " + keys.size() + " (expected: " + frame.rows() + ", one a row)");
            }
        }
    }
}
