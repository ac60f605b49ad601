package dev.millwright.registry;

class InMemoryAccessTest extends AccessContract {
    @Override
    Registry open() {
        return Registry.inMemory(clock);
    }
}
