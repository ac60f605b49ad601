package dev.millwright.plan.window;

import java.time.Duration;
import java.util.List;

class ListWindowStoreTest extends WindowStoreContract {
    @Override
    WindowStore store(List<WindowShape> shapes, Duration lateness) {
        return new ListWindowStore(shapes);
    }
}
