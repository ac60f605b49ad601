package dev.millwright.pipelines.process;

import dev.millwright.pipelines.process.ProcessTable.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A process with all that came of it, also what it started in the background and let go of. A process belongs to the tree when
 * the mark is among its variables, which whatever is started inherits; when it is in the root's session; when a member started
 * it; or when it was a member before. To get away, a process would have to do without all four. For one thread at a time.
 */
final class ProcessTree {
    /** The variable that holds the mark. */
    static final String VARIABLE = "MILLWRIGHT_STEP";

    private static final long PAUSE_MILLIS = 20;

    private final ProcessTable table;
    private final String mark;
    private final OptionalLong session;
    /** Members seen so far: when each began, by its id. */
    private final Map<Long, Long> members = new HashMap<>();
    /** The same of processes that were looked at and don't have the mark. */
    private final Map<Long, Long> others = new HashMap<>();

    /**
     * A tree.
     *
     * @param mark what the variable holds
     * @param session the session that is the tree's own, when there is one
     */
    ProcessTree(ProcessTable table, String mark, OptionalLong session) {
        this.table = table;
        this.mark = mark;
        this.session = session;
    }

    /** Says that the process belongs to the tree, whatever else is known of it. */
    void add(long pid) {
        table.list().stream().filter(entry -> entry.pid() == pid).forEach(this::take);
    }

    /** The ids of the members that run now. */
    Set<Long> running() {
        List<Entry> all = table.list();
        Map<Long, Long> before = Map.copyOf(members);
        members.clear();
        all.stream().filter(entry -> isMember(entry, before)).forEach(this::take);
        addChildren(all);
        Set<Long> running = new HashSet<>();
        all.stream()
                .filter(entry -> entry.isRunning() && members.containsKey(entry.pid()))
                .forEach(entry -> running.add(entry.pid()));
        return running;
    }

    private void take(Entry entry) {
        members.put(entry.pid(), entry.start());
    }

    private boolean isMember(Entry entry, Map<Long, Long> before) {
        return isSame(entry, before)
                || (session.isPresent() && entry.session() == session.getAsLong())
                || isMarked(entry);
    }

    private static boolean isSame(Entry entry, Map<Long, Long> known) {
        Long start = known.get(entry.pid());
        return start != null && start == entry.start();
    }

    private boolean isMarked(Entry entry) {
        if (isSame(entry, others)) {
            return false;
        }
        if (table.hasVariable(entry.pid(), VARIABLE + "=" + mark)) {
            return true;
        }
        others.put(entry.pid(), entry.start());
        return false;
    }

    private void addChildren(List<Entry> all) {
        Map<Long, List<Entry>> children = new HashMap<>();
        all.forEach(entry -> children.merge(entry.parent(), List.of(entry), ProcessTree::joined));
        Deque<Long> parents = new ArrayDeque<>(members.keySet());
        while (!parents.isEmpty()) {
            for (Entry child : children.getOrDefault(parents.pop(), List.of())) {
                if (!members.containsKey(child.pid())) {
                    take(child);
                    parents.push(child.pid());
                }
            }
        }
    }

    private static List<Entry> joined(List<Entry> some, List<Entry> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** Whether the members hold more than {@code limit} bytes, and how many; empty when they do not. */
    OptionalLong findExcess(long limit) {
        Collection<Long> running = running();
        OptionalLong most = table.memory(running);
        if (most.isEmpty() || most.getAsLong() <= limit) {
            return OptionalLong.empty();
        }
        OptionalLong exact = table.memorySharedOnce(running);
        return exact.isPresent() && exact.getAsLong() > limit ? exact : OptionalLong.empty();
    }

    /**
     * Ends every member: asks them to, and after {@code patience} no longer asks.
     *
     * @return the ids of those that go on all the same, which only happens to one that waits for a broken device
     */
    Set<Long> end(Duration patience) throws InterruptedException {
        Set<Long> left = signal(patience, ProcessHandle::destroy);
        return left.isEmpty() ? left : signal(Duration.ofSeconds(5), ProcessHandle::destroyForcibly);
    }

    /**
     * Sends the signal to each member once, also to those that come meanwhile; to the older ones first, so that no shell has time to say
     * that what it started was terminated.
     */
    private Set<Long> signal(Duration patience, Consumer<ProcessHandle> signal) throws InterruptedException {
        Set<Long> signalled = new HashSet<>();
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Set<Long> left = running();
            left.stream()
                    .filter(signalled::add)
                    .sorted(Comparator.<Long>comparingLong(pid -> members.getOrDefault(pid, 0L))
                            .thenComparing(Comparator.naturalOrder()))
                    .forEach(pid -> ProcessHandle.of(pid).ifPresent(signal));
            if (left.isEmpty() || System.nanoTime() >= deadline) {
                return left;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }
}
