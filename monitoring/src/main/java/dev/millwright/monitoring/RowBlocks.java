package dev.millwright.monitoring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Rows as bytes, one after the other in blocks outside the heap, on which a second of predictions would grow old. For one thread at a
 * time, which adds rows until another reads them.
 */
final class RowBlocks {
    /** Of the first block and the second, which are ordinary arrays: most versions have few rows a second. */
    private static final int[] FIRST = {4 << 10, 16 << 10};

    private final Pool pool;
    private final List<ByteBuffer> blocks = new ArrayList<>();

    RowBlocks(Pool pool) {
        this.pool = pool;
    }

    /** Blocks that are used again. It keeps as many as were ever needed at once. Thread-safe. */
    static final class Pool {
        static final int BLOCK = 64 << 10;

        private final ConcurrentLinkedDeque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

        private ByteBuffer take() {
            ByteBuffer known = free.poll();
            return known == null ? ByteBuffer.allocateDirect(BLOCK) : known;
        }

        private void giveBack(ByteBuffer block) {
            if (block.isDirect()) {
                free.push(block.clear());
            }
        }

        /** Blocks that nobody uses. */
        int free() {
            return free.size();
        }
    }

    /** Where the next row is to be put, with room for so many bytes. A row is never parted. */
    ByteBuffer room(int bytes) {
        if (blocks.isEmpty() || blocks.getLast().remaining() < bytes) {
            blocks.add(block(bytes));
        }
        return blocks.getLast();
    }

    private ByteBuffer block(int bytes) {
        if (bytes > Pool.BLOCK) {
            return ByteBuffer.allocate(bytes);
        }
        int number = blocks.size();
        return number < FIRST.length && bytes <= FIRST[number] ? ByteBuffer.allocate(FIRST[number]) : pool.take();
    }

    /** The rows from the first one on; several can be made, one after the other. */
    Reader read() {
        return new Reader(blocks.stream().map(block -> block.duplicate().flip()).toList());
    }

    /** Gives the blocks back; there are no rows afterwards. */
    void release() {
        blocks.forEach(pool::giveBack);
        blocks.clear();
    }

    /** Goes through the rows once. */
    static final class Reader {
        private final List<ByteBuffer> blocks;
        private int current;

        private Reader(List<ByteBuffer> blocks) {
            this.blocks = blocks;
        }

        boolean hasNext() {
            while (current < blocks.size() && !blocks.get(current).hasRemaining()) {
                current++;
            }
            return current < blocks.size();
        }

        /** Where the next row begins; it is to be read to its end. */
        ByteBuffer next() {
            return blocks.get(current);
        }
    }
}
