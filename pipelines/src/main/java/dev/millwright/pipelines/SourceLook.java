package dev.millwright.pipelines;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Inspector;
import dev.millwright.data.Outline;
import dev.millwright.data.SourceSpec;
import java.util.List;

/** How a check learns which columns a source has. */
@FunctionalInterface
interface SourceLook {
    /**
     * Looks at a source.
     *
     * @param source without its expectations, which can't be parsed before its columns are known
     * @param expectations their texts
     * @throws dev.millwright.core.InvalidInputException when it can't be read
     */
    Outline look(SourceSpec source, List<String> expectations);

    /** Reads every source, for a check without a home. */
    static SourceLook reading(DuckDb duck) {
        return (source, expectations) -> Inspector.outline(duck, source);
    }
}
