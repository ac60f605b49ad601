package dev.millwright.pipelines.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdTableTest {
    @Test
    void knowsWhatAMapKnows() {
        Random random = new Random(5);
        IdTable table = new IdTable();
        Map<String, Long> plain = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String id = "id-" + random.nextInt(3000);
            long time = random.nextInt(4) == 0 ? Long.MIN_VALUE : i;
            switch (random.nextInt(8)) {
                case 0 -> {
                    table.remove(id);
                    plain.remove(id);
                }
                case 1 -> assertThat(table.contains(id)).isEqualTo(plain.containsKey(id));
                default -> assertThat(table.add(id, time)).isEqualTo(plain.putIfAbsent(id, time) == null);
            }
            if (i % 4000 == 3999) {
                long from = i - 2000L;
                table.forgetBefore(from);
                plain.values().removeIf(known -> known < from);
            }
            assertThat(table.size()).isEqualTo(plain.size());
        }
    }
}
