package dev.millwright.pipelines.scoring;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.ScoredFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where scored rows go. Paths are absolute. */
public sealed interface ScoringTarget {
    Path path();

    /** One file with all rows. */
    record OneFile(Path path, ScoredFiles.Form form) implements ScoringTarget {}

    /** A folder of Parquet files. */
    record Parts(Path path) implements ScoringTarget {}

    /**
     * The target that a path names: a folder when it ends with {@code /}, else a file whose ending tells its form.
     *
     * @throws InvalidInputException when nothing can be written there
     */
    static ScoringTarget of(String out) {
        Path path = Path.of(out).toAbsolutePath().normalize();
        Path folder = path.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InvalidInputException(
                    "--out: " + out + " (expected: a path in a folder that exists). Make it: mkdir -p "
                            + (folder == null ? path : folder));
        }
        if (!Files.isWritable(folder)) {
            throw new InvalidInputException(
                    "--out: " + out + " (expected: a path in a folder that this user may write to)");
        }
        if (out.endsWith("/")) {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new InvalidInputException(
                        "--out: " + out + " is a file (expected: a folder, since it ends with '/')");
            }
            return new Parts(path);
        }
        if (Files.isDirectory(path)) {
            throw new InvalidInputException("--out: " + out
                    + " is a folder (expected: a file). End it with '/' for a folder of Parquet files.");
        }
        Optional<ScoredFiles.Form> form = ScoredFiles.Form.ofFile(path);
        return form.map(found -> new OneFile(path, found))
                .orElseThrow(() -> new InvalidInputException("--out: " + out
                        + " (expected: a name that ends in .parquet, .csv or .tsv, the last two also with .gz, or in '/' for"
                        + " a folder of Parquet files)"));
    }
}
