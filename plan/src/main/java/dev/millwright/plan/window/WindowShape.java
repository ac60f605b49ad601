package dev.millwright.plan.window;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a window remembers of each event, and how much of the past it needs. With both lengths empty it needs all of it.
 *
 * @param name unique in the view, and the same each time the view is planned
 * @param reachMicros how far back in time events matter
 * @param reachRows how many events back they matter
 */
public record WindowShape(String name, List<WindowColumn> columns, OptionalLong reachMicros, OptionalLong reachRows) {
    public WindowShape {
        columns = List.copyOf(columns);
    }
}
