package dev.millwright.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Rows that were repaired by hand. Each stands in for a broken row, by that row's id, as long as the source brings the broken one
 * and doesn't bring the repaired one itself. In a file, {@code id} and {@code cells} as in {@link SetAside}.
 *
 * @param mark a hash of what they hold
 * @param setAside what was set aside in the version that has these repairs
 */
record Repairs(Path file, String mark, Optional<Path> setAside) {
    /** What stands in FROM. */
    String rows() {
        return "read_parquet(" + Sql.globLiteral(file) + ")";
    }
}
