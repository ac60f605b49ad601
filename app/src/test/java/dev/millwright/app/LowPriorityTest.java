package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What Linux says of the threads: proc(5), the 19th number of a thread's stat. */
@EnabledOnOs(OS.LINUX)
class LowPriorityTest {
    private static final Callable<Integer> NICENESS = () -> {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        String afterName = stat.substring(stat.lastIndexOf(')') + 2);
        return Integer.valueOf(afterName.split(" ")[16]);
    };

    private static int nicenessOf(ThreadFactory threads) throws InterruptedException, ExecutionException {
        try (var one = Executors.newSingleThreadExecutor(threads)) {
            return one.submit(NICENESS).get();
        }
    }

    @Test
    void lowersOneThread_andNoOther() throws InterruptedException, ExecutionException {
        int usual = nicenessOf(Threads.named("usual"));
        assertThat(nicenessOf(Threads.named("yielding", LowPriority.YIELDING))).isEqualTo(Math.min(19, usual + 2));
        assertThat(nicenessOf(Threads.named("idle", LowPriority.IDLE))).isEqualTo(Math.min(19, usual + 15));
        assertThat(nicenessOf(Threads.named("usual"))).isEqualTo(usual);
    }
}
