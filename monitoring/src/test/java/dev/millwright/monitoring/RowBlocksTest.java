package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowBlocksTest {
    private final RowBlocks.Pool pool = new RowBlocks.Pool();

    /** A row is its length and as many bytes; gives the lengths. */
    private static List<Integer> lengths(RowBlocks rows) {
        RowBlocks.Reader reader = rows.read();
        List<Integer> lengths = new ArrayList<>();
        while (reader.hasNext()) {
            int length = reader.next().getInt();
            byte[] content = new byte[length];
            reader.next().get(content);
            assertThat(content).containsOnly((byte) length);
            lengths.add(length);
        }
        return lengths;
    }

    private static void put(RowBlocks rows, int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) length);
        // More than it takes, as one who doesn't know it yet would ask for.
        rows.room(Integer.BYTES + 3 * length).putInt(length).put(content);
    }

    @Test
    void keepsRowsOfAllLengthsInTheirOrder_alsoThoseLongerThanABlock() {
        RowBlocks rows = new RowBlocks(pool);
        List<Integer> lengths = IntStream.range(1, 2_000)
                .map(i -> i % 500 == 0 ? RowBlocks.Pool.BLOCK + i : 1 + i * 37 % 900)
                .boxed()
                .toList();

        lengths.forEach(length -> put(rows, length));

        assertThat(lengths(rows)).isEqualTo(lengths);
        assertThat(lengths(rows)).as("read again").isEqualTo(lengths);
    }

    @Test
    void usesBlocksAgain_andOnlyThoseOutsideTheHeap() {
        RowBlocks few = new RowBlocks(pool);
        put(few, 100);
        few.release();
        assertThat(pool.free()).isZero();

        RowBlocks many = new RowBlocks(pool);
        IntStream.range(0, 1_000).forEach(_ -> put(many, 200));
        many.release();
        int blocks = pool.free();
        assertThat(blocks).isPositive();
        assertThat(lengths(many)).isEmpty();

        RowBlocks again = new RowBlocks(pool);
        IntStream.range(0, 1_000).forEach(_ -> put(again, 120));
        assertThat(lengths(again)).hasSize(1_000).containsOnly(120);
        assertThat(pool.free()).isLessThan(blocks);
        again.release();
        assertThat(pool.free()).isEqualTo(blocks);
    }
}
