package dev.millwright.pipelines.process;

import java.time.Duration;
import java.util.List;

/** Sees a command at work. Called from the thread that runs it; what it throws ends the command and is thrown on. */
public interface Watcher {
    /**
     * Lines that were printed, to either stream.
     *
     * @param first the number of the first of them, counted from 1
     */
    void printed(long first, List<String> lines);

    /** Called several times a second while the command runs. */
    void look(Duration elapsed);
}
