package dev.millwright.pipelines.scoring;

import dev.millwright.core.CoreError;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.DurableFiles;
import dev.millwright.data.ScoredFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** The place of the output: what is there is not overwritten unless someone says so, and never the input. */
record OutputPlace(ScoringTarget target) {

    /** @throws InvalidInputException when an output is there that shall stay */
    void requireFree(ScoringRequest.Finished finished) {
        Path out = target.path();
        if (!Files.exists(out)) {
            return;
        }
        if (finished == ScoringRequest.Finished.KEEP) {
            throw new InvalidInputException(
                    "--out: " + out + " is there already (expected: a new name). Say --overwrite to replace it.");
        }
        if (target instanceof ScoringTarget.Parts) {
            requireOnlyParts(out);
        }
    }

    private static void requireOnlyParts(Path out) {
        try {
            for (Path child : PartsFolder.children(out)) {
                if (!String.valueOf(child.getFileName()).matches("part-\\d+\\.parquet")) {
                    throw new InvalidInputException("--out: " + out + " holds " + child.getFileName()
                            + ", which scoring didn't write (expected: a folder that may be replaced as a whole).");
                }
            }
        } catch (IOException unreadable) {
            throw failed(out, unreadable);
        }
    }

    /** @throws InvalidInputException when the output, or its parts, are or would be among the files that are read */
    void requireApart(String from, List<Path> inputs) {
        Path out = target.path();
        Path part = PartsFolder.beside(out).resolve("rows").resolve("part-000000.parquet");
        for (Path input : inputs) {
            if (isSame(input, out) || (target instanceof ScoringTarget.Parts && input.startsWith(out))) {
                throw new InvalidInputException("--out: " + out + " is read too (expected: another place than --in).");
            }
        }
        boolean plain = inputs.size() == 1 && inputs.getFirst().equals(Path.of(from));
        if (!plain && matches(from, List.of(out, out.resolve("part-000000.parquet"), part))) {
            throw new InvalidInputException("--out: " + out + " would be among the files that " + from
                    + " finds (expected: another place). The next call would read it.");
        }
    }

    private static boolean matches(String glob, List<Path> paths) {
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException noGlob) {
            return false;
        }
        return paths.stream().anyMatch(matcher::matches);
    }

    private static boolean isSame(Path input, Path out) {
        try {
            return Files.exists(out) && Files.isSameFile(input, out);
        } catch (IOException unreadable) {
            throw failed(out, unreadable);
        }
    }

    /** Puts the parts together. */
    void fill(ScoredFiles scored, PartsFolder parts) {
        switch (target) {
            case ScoringTarget.OneFile(Path path, ScoredFiles.Form form) -> scored.write(path, form);
            case ScoringTarget.Parts(Path path) -> {
                Path ready = parts.rows();
                if (!scored.areFinal()) {
                    ready = parts.typed();
                    scored.writeEach(ready);
                }
                move(ready, path, parts.replaced());
            }
        }
    }

    private static void move(Path ready, Path out, Path replaced) {
        try {
            PartsFolder.delete(replaced);
            if (Files.exists(out)) {
                Files.move(out, replaced, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(ready, out, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncFolder(out.resolveSibling("."));
        } catch (IOException unwritable) {
            throw failed(out, unwritable);
        }
    }

    private static MillwrightException failed(Path out, IOException cause) {
        return new MillwrightException(
                CoreError.IO_FAILED,
                out + ": can't be written (expected: a writable folder): " + cause.getMessage(),
                cause);
    }
}
