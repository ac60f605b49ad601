package dev.millwright.registry;

class InMemoryRegistryTest extends RegistryContract {
    @Override
    Registry open() {
        return Registry.inMemory(clock);
    }
}
