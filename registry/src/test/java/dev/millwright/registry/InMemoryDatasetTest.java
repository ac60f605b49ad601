package dev.millwright.registry;

class InMemoryDatasetTest extends DatasetContract {
    @Override
    Registry open() {
        return Registry.inMemory(clock);
    }
}
