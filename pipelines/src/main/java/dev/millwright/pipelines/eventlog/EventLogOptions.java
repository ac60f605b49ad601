package dev.millwright.pipelines.eventlog;

import java.time.Duration;

/**
 * How a log keeps events.
 *
 * @param segmentBytes a file that has so many is followed by another
 * @param segmentAge a file that was begun so long ago is followed by another, so that whole files can be given up
 * @param waitingBytes how much may wait in memory while files can't be written
 * @param durability what an event must survive before it is acknowledged
 */
public record EventLogOptions(long segmentBytes, Duration segmentAge, long waitingBytes, Durability durability) {
    public static final EventLogOptions DEFAULT =
            new EventLogOptions(64L << 20, Duration.ofDays(1), 64L << 20, Durability.PROCESS);

    /** What an acknowledged event survives. */
    public enum Durability {
        /** The end of the process, however it comes: the operating system has the event. A power cut may take the last second. */
        PROCESS,
        /** A power cut, too: the disk has the event. Each group of events waits for the disk. */
        DISK
    }

    public EventLogOptions {
        if (segmentBytes < 1 || segmentBytes > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("segmentBytes: " + segmentBytes + " (expected: 1 to a gigabyte)");
        }
    }

    public EventLogOptions withDurability(Durability wanted) {
        return new EventLogOptions(segmentBytes, segmentAge, waitingBytes, wanted);
    }
}
