package dev.millwright.pipelines.process;

/** How a command ended. Whatever it left running was ended too. */
public sealed interface Ending {
    /** By itself; 128 and the signal's number when a signal ended it. */
    record Exited(int code) implements Ending {}

    /** It was ended when its time was over. */
    record OutOfTime() implements Ending {}

    /**
     * It was ended because its processes held too much.
     *
     * @param reached bytes
     */
    record OutOfMemory(long reached) implements Ending {}
}
