package dev.millwright.registry;

class InMemoryLoggedModelTest extends LoggedModelContract {
    @Override
    Registry open() {
        return Registry.inMemory(clock);
    }
}
