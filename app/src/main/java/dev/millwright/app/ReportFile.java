package dev.millwright.app;

import dev.millwright.core.CoreError;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A page that a command writes: whole or not at all, and never over anything but a page. */
final class ReportFile {
    private static final String START = "<!doctype html>";

    private ReportFile() {}

    static void write(Path file, String html) {
        Path absolute = file.toAbsolutePath();
        try {
            if (Files.exists(absolute) && !isPage(absolute)) {
                throw new InvalidInputException(
                        "--output: " + file + " is there and no page (expected: a new file, or an earlier page).");
            }
            Path aside = absolute.resolveSibling("." + absolute.getFileName() + ".part");
            try {
                Files.writeString(aside, html);
                Files.move(aside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException failed) {
            throw new MillwrightException(
                    CoreError.IO_FAILED,
                    "--output: " + file + " can't be written (expected: a file in a folder that is there, with room): "
                            + failed,
                    failed);
        }
    }

    private static boolean isPage(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return new String(stream.readNBytes(START.length()), StandardCharsets.UTF_8).equalsIgnoreCase(START);
        }
    }
}
