package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head in a file of one line, {@code SEQUENCE HASH}, overwritten in place after each commit. The line has a fixed
 * length below a disk sector, so that one write replaces it whole. It may lag behind the record by the last commit, never
 * be ahead of it.
 */
final class FileAnchor implements HeadAnchor {
    private static final Pattern LINE = Pattern.compile("(\\d{19}) ([0-9a-f]{64})\n");

    private final Path file;
    private final @Nullable FileChannel channel;
    private volatile boolean frozen;

    private FileAnchor(Path file, @Nullable FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static FileAnchor open(Path file) {
        try {
            return new FileAnchor(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    static FileAnchor readOnly(Path file) {
        return new FileAnchor(file, null);
    }

    @Override
    public Reading read() {
        try {
            if (!Files.exists(file) || Files.size(file) == 0) {
                return new Reading.Absent();
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            Matcher line = LINE.matcher(text);
            if (!line.matches()) {
                return new Reading.Unreadable(file + ": not a sequence number and a hash");
            }
            return new Reading.At(new ChainHead(Long.parseLong(line.group(1)), line.group(2)));
        } catch (NumberFormatException tooLarge) {
            return new Reading.Unreadable(file + ": " + tooLarge.getMessage());
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    @Override
    public void advance(ChainHead head) {
        if (frozen || channel == null) {
            return;
        }
        String line = String.format(Locale.ROOT, "%019d %s\n", head.sequence(), head.hash());
        try {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    @Override
    public void freeze() {
        frozen = true;
    }

    @Override
    public void close() {
        if (channel == null || !channel.isOpen()) {
            return;
        }
        try (channel) {
            channel.force(true);
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    private static MillwrightException failure(Path file, IOException cause) {
        return new MillwrightException(
                RegistryError.STORAGE_FAILED, file + ": " + cause + " (expected: a readable, writable file)", cause);
    }
}
