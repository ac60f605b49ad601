package dev.millwright.pipelines.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.pipelines.process.ProcessTable.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    private final Machine machine = new Machine();
    private final ProcessTree tree = new ProcessTree(machine, "m", OptionalLong.of(10));

    /** A table that holds what the test says. */
    private static final class Machine implements ProcessTable {
        final List<Entry> entries = new ArrayList<>();
        final Map<Long, String> variables = new HashMap<>();
        long memory;
        long sharedOnce;

        void put(long pid, long parent, long session, long start) {
            entries.removeIf(entry -> entry.pid() == pid);
            entries.add(new Entry(pid, parent, session, start, true));
        }

        @Override
        public List<Entry> list() {
            return List.copyOf(entries);
        }

        @Override
        public boolean hasVariable(long pid, String variable) {
            return variable.equals(variables.get(pid));
        }

        @Override
        public OptionalLong memory(Collection<Long> pids) {
            return OptionalLong.of(memory);
        }

        @Override
        public OptionalLong memorySharedOnce(Collection<Long> pids) {
            return OptionalLong.of(sharedOnce);
        }

        @Override
        public String epoch() {
            return "";
        }
    }

    @Test
    void holdsSessionChildrenAndMarked_andNobodyElse() {
        machine.put(1, 0, 1, 1);
        machine.put(10, 1, 10, 5);
        machine.put(11, 10, 11, 6); // a child with a session of its own
        machine.put(12, 11, 11, 7);
        machine.put(13, 1, 10, 8); // let go of, in the session
        machine.put(14, 1, 14, 9); // let go of, marked
        machine.variables.put(14L, "MILLWRIGHT_STEP=m");
        machine.put(20, 1, 20, 9);
        machine.variables.put(20L, "MILLWRIGHT_STEP=another");

        assertThat(tree.running()).containsExactlyInAnyOrder(10L, 11L, 12L, 13L, 14L);
    }

    @Test
    void remembersAMemberThatLetGoOfEverything() {
        machine.put(10, 1, 10, 5);
        machine.put(11, 10, 11, 6);
        assertThat(tree.running()).containsExactlyInAnyOrder(10L, 11L);

        machine.entries.clear();
        machine.put(11, 1, 11, 6);

        assertThat(tree.running()).containsExactly(11L);
    }

    @Test
    void forgetsAMemberWhoseNumberIsTakenByAnother() {
        machine.put(10, 1, 10, 5);
        machine.put(11, 10, 11, 6);
        assertThat(tree.running()).hasSize(2);

        machine.put(11, 1, 11, 99);

        assertThat(tree.running()).containsExactly(10L);
    }

    @Test
    void leavesOutWhatHasEndedAndWaitsForItsParent() {
        machine.entries.add(new Entry(10, 1, 10, 5, false));

        assertThat(tree.running()).isEmpty();
    }

    @Test
    void countsSharedPagesOnce_beforeItSaysThatTheyAreTooMany() {
        machine.put(10, 1, 10, 5);
        machine.memory = 300;
        machine.sharedOnce = 150;

        assertThat(tree.findExcess(300)).isEmpty();
        assertThat(tree.findExcess(200)).isEmpty();
        assertThat(tree.findExcess(100)).hasValue(150);
    }
}
