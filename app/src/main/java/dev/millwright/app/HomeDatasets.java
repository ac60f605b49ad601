package dev.millwright.app;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.HomeLayout;
import dev.millwright.pipelines.datasets.DatasetChanges;
import dev.millwright.pipelines.datasets.DatasetDesk;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;

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

    /** Changes datasets of a home: here when it is free, else by having the process that owns it do so. */
    static <T> T change(Path home, Function<DatasetChanges, T> work) throws InterruptedException {
        HomeReader.requireState(home);
        return switch (HomeDoor.enter(home)) {
            case HomeDoor.Free(HomeLock lock) -> changeHere(lock, work);
            case HomeDoor.Held(OwnerInfo owner) -> work.apply(new OwnerDatasets(new OwnerClient(owner)));
        };
    }

    private static <T> T changeHere(HomeLock lock, Function<DatasetChanges, T> work) {
        HomeLayout layout = new HomeLayout(lock.home());
        InstantSource clock = InstantSource.system();
        try (lock;
                Registry registry = Registry.open(lock, Opening.onDisk(0).registry(), clock);
                DuckDb duck = new DuckDb(DuckDb.Settings.ofThisMachine(layout.temporary()));
                Lake lake = new Lake(layout.lake(), duck, clock)) {
            return work.apply(new DatasetDesk(registry, lake, clock));
        }
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
