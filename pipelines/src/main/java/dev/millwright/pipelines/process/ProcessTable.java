package dev.millwright.pipelines.process;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/** The processes of this machine. Thread-safe. */
interface ProcessTable {
    /**
     * One process.
     *
     * @param session the id of its session; 0 when that can't be told
     * @param start when it began, in a unit of the table's own: with the id it names a process for good
     * @param isRunning whether it is more than an entry whose parent has not looked at it yet
     */
    record Entry(long pid, long parent, long session, long start, boolean isRunning) {}

    List<Entry> list();

    /** Whether the process was started with {@code NAME=VALUE} among its variables; false where that can't be told. */
    boolean hasVariable(long pid, String variable);

    /**
     * Bytes that the processes hold together, at most: quick to tell, but a page that several share may count several times.
     * Empty where that can't be told.
     */
    OptionalLong memory(Collection<Long> pids);

    /** The same with shared pages counted once, which takes the system longer. */
    OptionalLong memorySharedOnce(Collection<Long> pids);

    /** What distinguishes this start of the machine from others; entries are compared within one only. */
    String epoch();

    /** The table of this machine. */
    static ProcessTable ofThisMachine() {
        return ProcTable.isThere() ? ProcTable.ofThisMachine() : new HandleTable();
    }
}
