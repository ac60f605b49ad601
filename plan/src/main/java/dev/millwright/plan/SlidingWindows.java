package dev.millwright.plan;

import dev.millwright.plan.RowBlock.Doubles;
import dev.millwright.plan.RowBlock.Longs;
import dev.millwright.plan.RowBlock.Texts;
import dev.millwright.plan.RowBlock.Values;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Computes window functions over rows that come sorted by partition, time and row id. A row is decided when all rows of its own
 * time are there, if a frame takes them in; blocks come out when all their rows are decided. For one thread.
 */
public final class SlidingWindows {
    private final Layout layout;
    private final Consumer<RowBlock> finished;
    private final Ring ring;
    private final List<SlidingFrame> frames = new ArrayList<>();
    private final ValueType[] results;
    private final boolean waitsForPeers;
    private final ArrayDeque<RowBlock> open = new ArrayDeque<>();
    /** How many rows of the first open block are decided. */
    private int decided;

    private Optional<RowBlock> last = Optional.empty();

    /**
     * Where things stand in the rows.
     *
     * @param partition columns whose values a partition shares
     * @param time the column by which rows are sorted within a partition; those without come first
     * @param arguments columns that functions take
     */
    record Layout(List<Integer> partition, int time, List<Integer> arguments) {
        Layout {
            partition = List.copyOf(partition);
            arguments = List.copyOf(arguments);
        }
    }

    SlidingWindows(Layout layout, List<WindowFunction> functions, Consumer<RowBlock> finished) {
        this.layout = layout;
        this.finished = finished;
        this.results =
                functions.stream().map(function -> function.field().type()).toArray(ValueType[]::new);
        this.ring = new Ring(layout.arguments());
        Map<Frame, List<Integer>> byFrame = new LinkedHashMap<>();
        for (int i = 0; i < functions.size(); i++) {
            byFrame.computeIfAbsent(functions.get(i).frame(), _ -> new ArrayList<>())
                    .add(i);
        }
        byFrame.forEach((frame, positions) -> frames.add(SlidingFrame.of(frame, positions, functions, ring)));
        this.waitsForPeers = byFrame.keySet().stream()
                .anyMatch(frame -> frame.unit() == Frame.Unit.RANGE && frame.includesCurrentRow());
    }

    /** Takes the next rows. The block's arrays stay in use until it is finished. */
    public void accept(RowBlock block) {
        if (block.rows() == 0) {
            return;
        }
        open.addLast(widened(block));
        Longs times = (Longs) block.column(layout.time());
        for (int row = 0; row < block.rows(); row++) {
            if (beginsPartition(block, row)) {
                decide();
                ring.clear();
                frames.forEach(SlidingFrame::clear);
            }
            if (times.missing()[row]) {
                decideTimeless();
            } else {
                append(block, row, times.values()[row]);
            }
        }
        last = Optional.of(block);
    }

    /** After the last rows: decides what still waits. */
    public void finish() {
        decide();
    }

    private RowBlock widened(RowBlock block) {
        Values[] columns = new Values[block.width() + results.length];
        for (int i = 0; i < block.width(); i++) {
            columns[i] = block.column(i);
        }
        for (int i = 0; i < results.length; i++) {
            columns[block.width() + i] = RowBlock.empty(results[i], block.rows());
        }
        return new RowBlock(block.rows(), columns);
    }

    private boolean beginsPartition(RowBlock block, int row) {
        RowBlock before = row > 0 ? block : last.orElse(null);
        if (before == null) {
            return true;
        }
        int rowBefore = row > 0 ? row - 1 : before.rows() - 1;
        for (int column : layout.partition()) {
            if (!isSame(before.column(column), rowBefore, block.column(column), row)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(Values a, int rowOfA, Values b, int rowOfB) {
        boolean missing = a.missing()[rowOfA];
        if (missing || b.missing()[rowOfB]) {
            return missing == b.missing()[rowOfB];
        }
        return switch (a) {
            case Longs longs -> longs.values()[rowOfA] == ((Longs) b).values()[rowOfB];
            case Doubles doubles -> doubles.values()[rowOfA] == ((Doubles) b).values()[rowOfB];
            case Texts texts -> Objects.equals(texts.values()[rowOfA], ((Texts) b).values()[rowOfB]);
        };
    }

    private void append(RowBlock block, int row, long time) {
        if (waitsForPeers && ring.isAfterLast(time)) {
            decide();
        }
        if (ring.isFull()) {
            ring.release(frames.stream().mapToLong(SlidingFrame::needed).min().orElse(ring.decided()));
        }
        ring.append(time, block, row);
        if (!waitsForPeers) {
            decide();
        }
    }

    private void decide() {
        while (ring.decided() < ring.end()) {
            RowBlock block = open.getFirst();
            long number = ring.decided();
            for (SlidingFrame frame : frames) {
                frame.moveTo(number);
                frame.write(block, decided);
            }
            ring.decideNext();
            next(block);
        }
    }

    /** A row without a time sees nothing; it comes before all others of its partition. */
    private void decideTimeless() {
        RowBlock block = open.getFirst();
        frames.forEach(frame -> frame.write(block, decided));
        next(block);
    }

    private void next(RowBlock block) {
        if (++decided == block.rows()) {
            open.removeFirst();
            decided = 0;
            finished.accept(block);
        }
    }
}
