package dev.millwright.registry;

/** Where the end of the event record is kept, apart from the record, so that a shortened record shows. */
interface HeadAnchor extends AutoCloseable {
    /** What the anchor says. */
    sealed interface Reading {
        /** Nothing was ever kept. */
        record Absent() implements Reading {}

        /** The record once ended here; it may have grown since. */
        record At(ChainHead head) implements Reading {}

        /** Something is kept that is no head. */
        record Unreadable(String why) implements Reading {}
    }

    Reading read();

    /** Keeps a later head. Called by one thread, after the commit. */
    void advance(ChainHead head);

    /** Leaves the anchor as it is from now on: it disagrees with the record, and is evidence. */
    void freeze();

    @Override
    void close();
}
