package dev.millwright.data;

import dev.millwright.core.ModelSignature;
import java.util.List;

/**
 * What is read to be scored.
 *
 * @param source its files; types that are declared in it and its expectations play no part, for the model says what it takes
 * @param inputs the columns that the model takes; found by name, without regard to case
 * @param keep the columns that go into the output beside the predictions, in that order; all when it is empty
 * @param rows of a batch
 */
public record BatchRequest(SourceSpec source, List<ModelSignature.Input> inputs, List<String> keep, int rows) {
    /** The most rows that a batch may have: it is held in memory. */
    public static final int LARGEST = 1 << 20;

    public BatchRequest {
        inputs = List.copyOf(inputs);
        keep = List.copyOf(keep);
        if (rows < 1 || rows > LARGEST) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: 1 to " + LARGEST + ")");
        }
    }
}
