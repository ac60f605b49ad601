package dev.millwright.pipelines.process;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/** What Java knows of processes on every system: who started whom. */
record HandleTable() implements ProcessTable {
    @Override
    public List<Entry> list() {
        return ProcessHandle.allProcesses()
                .map(handle -> new Entry(
                        handle.pid(),
                        handle.parent().map(ProcessHandle::pid).orElse(0L),
                        0,
                        handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L),
                        handle.isAlive()))
                .toList();
    }

    @Override
    public boolean hasVariable(long pid, String variable) {
        return false;
    }

    @Override
    public OptionalLong memory(Collection<Long> pids) {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong memorySharedOnce(Collection<Long> pids) {
        return OptionalLong.empty();
    }

    @Override
    public String epoch() {
        return "";
    }
}
