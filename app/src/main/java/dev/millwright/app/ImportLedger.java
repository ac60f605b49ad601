package dev.millwright.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What was brought over from a source, so that an import that was interrupted goes on and one that is made again does nothing
 * twice: {@code HOME/imports/SOURCE.log}, a line for each thing, written after the thing itself. For one thread.
 */
final class ImportLedger implements AutoCloseable {
    private static final int NAME_DIGITS = 16;

    private final FileChannel channel;
    private final Map<String, String> brought = new HashMap<>();

    private ImportLedger(FileChannel channel) {
        this.channel = channel;
    }

    /** What things are called in the ledger. */
    enum Kind {
        EXPERIMENT,
        /** The id of a run is settled. */
        RUN,
        /** A run has come with all of its metrics and files, and will not change any more. */
        WHOLE_RUN,
        WHOLE_MODEL
    }

    static ImportLedger open(Path home, String source) {
        Path file = home.resolve("imports").resolve(hash(source) + ".log");
        try {
            Files.createDirectories(home.resolve("imports"));
            ImportLedger ledger = new ImportLedger(FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            ledger.read(Files.readString(file, StandardCharsets.UTF_8));
            return ledger;
        } catch (IOException failed) {
            throw new UncheckedIOException(file + " could not be opened", failed);
        }
    }

    private static String hash(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** A last line without an end was being written when the process ended: it is written over. */
    private void read(String text) throws IOException {
        int whole = text.lastIndexOf('\n') + 1;
        text.substring(0, whole).lines().forEach(line -> {
            String[] parts = line.split("\t", 3);
            if (parts.length == 3) {
                brought.put(parts[0] + "\t" + parts[1], parts[2]);
            }
        });
        long length = text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
        channel.truncate(length);
        channel.position(length);
    }

    /** What the thing is here, if it was brought over. */
    Optional<String> find(Kind kind, String id) {
        return Optional.ofNullable(brought.get(kind + "\t" + id));
    }

    /** Notes that a thing was brought over. */
    void note(Kind kind, String id, String here) {
        if (here.equals(brought.put(kind + "\t" + id, here))) {
            return;
        }
        try {
            ByteBuffer line = ByteBuffer.wrap((kind + "\t" + id + "\t" + here + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(false);
        } catch (IOException failed) {
            throw new UncheckedIOException("the record of the import could not be written", failed);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("the record of the import could not be closed", failed);
        }
    }
}
