package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature.Input;
import java.util.List;

/** Says of rows whether something holds. Thread-safe. */
public interface RowCondition {
    /** The columns that it looks at. */
    List<Input> columns();

    /**
     * Where it holds.
     *
     * @param rows with its columns, in its order
     */
    boolean[] holds(Frame rows);
}
