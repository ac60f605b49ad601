package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files that a source has twice, as when one was sent again under another name: their rows would be taken twice. */
final class RepeatedFiles {
    private RepeatedFiles() {}

    /**
     * Looks at files of equal length alone; those without rows may be as many as they like.
     *
     * @throws InvalidInputException naming the two files
     */
    static void refuse(Session session, SourceSpec spec, Staged staged) {
        Map<Long, List<Integer>> byLength = new HashMap<>();
        for (int i = 0; i < staged.files().size(); i++) {
            Path file = staged.files().get(i);
            List<Integer> others = byLength.getOrDefault(length(file), List.of());
            for (int other : others) {
                if (sameBytes(staged.files().get(other), file) && hasRows(session, staged, i)) {
                    throw new InvalidInputException(spec.dataset() + ": from: " + file + " has the same bytes as "
                            + staged.files().get(other)
                            + " (expected: each file once, for its rows would be taken twice). Remove one of them, or let"
                            + " 'from' find only one.");
                }
            }
            byLength.computeIfAbsent(length(file), _ -> new ArrayList<>()).add(i);
        }
    }

    private static boolean hasRows(Session session, Staged staged, int file) {
        return session.count("SELECT count(*) FROM (SELECT 1 FROM " + staged.relation() + " WHERE _file = " + file
                        + " LIMIT 1)")
                > 0;
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static boolean sameBytes(Path one, Path other) {
        try {
            return Files.mismatch(one, other) < 0;
        } catch (IOException e) {
            throw unreadable(other, e);
        }
    }

    private static MillwrightException unreadable(Path file, IOException cause) {
        return new MillwrightException(
                DataError.SOURCE_UNREADABLE,
                file + ": can't be read (expected: a file that stays while it is read): " + cause.getMessage(),
                cause);
    }
}
