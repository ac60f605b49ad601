package dev.millwright.pipelines;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What happened in one run so far, for watchers that come late. Progress of a step that is over is forgotten, and of what
 * commands print the last 64,000 characters are kept, so a journal stays small however long a step takes. Thread-safe.
 */
public final class RunJournal implements RunListener {
    private static final int PRINTED = 64_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Entry> entries = new ArrayList<>();
    private long next = 1;
    private int printed;
    private boolean ended;

    /** An event and its number, which grows within a run. */
    public record Entry(long number, RunEvent event) {}

    @Override
    public void on(RunEvent event) {
        lock.lock();
        try {
            boolean replaces = !entries.isEmpty() && entries.getLast().event() instanceof RunEvent.StepProgress;
            if (replaces) {
                entries.removeLast();
            }
            entries.add(new Entry(next++, event));
            printed += length(event);
            forgetOldOutput();
            ended |= event instanceof RunEvent.RunEnded;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forgetOldOutput() {
        Iterator<Entry> oldest = entries.iterator();
        while (printed > PRINTED && oldest.hasNext()) {
            int length = length(oldest.next().event());
            if (length > 0) {
                oldest.remove();
                printed -= length;
            }
        }
    }

    private static int length(RunEvent event) {
        return event instanceof RunEvent.StepPrinted output
                ? output.lines().stream().mapToInt(line -> line.length() + 1).sum()
                : 0;
    }

    /** Whether the run's last event is here. */
    public boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** The entries with a number above {@code after}; waits for one while there is none and the run goes on. */
    public List<Entry> after(long after, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (left > 0 && !ended && (entries.isEmpty() || entries.getLast().number() <= after)) {
                left = changed.awaitNanos(left);
            }
            return entries.stream().filter(entry -> entry.number() > after).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the run has ended. */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.convert(patience);
            while (left > 0 && !ended) {
                left = changed.awaitNanos(left);
            }
            return ended;
        } finally {
            lock.unlock();
        }
    }
}
