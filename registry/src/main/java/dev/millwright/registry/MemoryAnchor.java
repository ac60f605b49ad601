package dev.millwright.registry;

/** The head beside a record in memory. */
final class MemoryAnchor implements HeadAnchor {
    private volatile ChainHead head = ChainHead.EMPTY;

    @Override
    public Reading read() {
        return new Reading.At(head);
    }

    @Override
    public void advance(ChainHead later) {
        head = later;
    }

    @Override
    public void freeze() {
        throw new IllegalStateException("a record in memory starts with its anchor");
    }

    @Override
    public void close() {}
}
