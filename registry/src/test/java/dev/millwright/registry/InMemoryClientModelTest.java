package dev.millwright.registry;

class InMemoryClientModelTest extends ClientModelContract {
    @Override
    Registry open() {
        return Registry.inMemory(clock);
    }
}
