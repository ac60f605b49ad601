package dev.millwright.app;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.HomeLayout;
import dev.millwright.registry.Registry;
import java.nio.file.Path;

/** The datasets of a home, open for a look beside whoever owns it. */
final class HomeDatasets implements AutoCloseable {
    private final Registry registry;
    private final DuckDb duck;
    private final Lake lake;

    private HomeDatasets(Registry registry, DuckDb duck, Lake lake) {
        this.registry = registry;
        this.duck = duck;
        this.lake = lake;
    }

    /** @throws dev.millwright.core.InvalidInputException when nothing has been done in the home yet */
    static HomeDatasets open(Path home) {
        HomeLayout layout = new HomeLayout(home);
        Registry registry = HomeReader.open(home);
        DuckDb duck = new DuckDb(DuckDb.Settings.ofThisMachine(layout.temporary()));
        return new HomeDatasets(registry, duck, new Lake(layout.lake(), duck));
    }

    DatasetStore store() {
        return new DatasetStore(registry, lake);
    }

    DuckDb duck() {
        return duck;
    }

    @Override
    public void close() {
        lake.close();
        duck.close();
        registry.close();
    }
}
