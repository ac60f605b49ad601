package dev.millwright.pipelines.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What a command printed: the first 4 MiB and the last 1 MiB of it, and between them a line that says how much is left out. Not
 * thread-safe.
 */
public final class OutputLog {
    private static final int HEAD = 4 << 20;
    private static final int TAIL = 1 << 20;

    private final int headLimit;
    private final int tailLimit;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final Deque<byte[]> tail = new ArrayDeque<>();
    private int tailBytes;
    private boolean full;
    private long linesCut;
    private long bytesCut;

    public OutputLog() {
        this(HEAD, TAIL);
    }

    OutputLog(int headLimit, int tailLimit) {
        this.headLimit = headLimit;
        this.tailLimit = tailLimit;
    }

    public void add(List<String> lines) {
        for (String line : lines) {
            add((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void add(byte[] line) {
        full |= head.size() + line.length > headLimit;
        if (!full) {
            head.writeBytes(line);
            return;
        }
        tail.addLast(line);
        tailBytes += line.length;
        while (tailBytes > tailLimit) {
            int oldest = tail.removeFirst().length;
            tailBytes -= oldest;
            bytesCut += oldest;
            linesCut++;
        }
    }

    /** The text in UTF-8. */
    public byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toByteArray());
        if (linesCut > 0) {
            all.writeBytes(("[… " + linesCut + " lines, " + bytesCut + " bytes, are left out here]\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        tail.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** The last lines, so many at most. */
    public List<String> last(int count) {
        byte[] all = tailBytes > 0 && linesCut > 0 ? tailText() : bytes();
        List<String> lines = new String(all, StandardCharsets.UTF_8).lines().toList();
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    private byte[] tailText() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(tailBytes);
        tail.forEach(text::writeBytes);
        return text.toByteArray();
    }
}
