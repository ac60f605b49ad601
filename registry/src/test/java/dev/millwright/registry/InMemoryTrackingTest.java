package dev.millwright.registry;

class InMemoryTrackingTest extends TrackingContract {
    @Override
    Registry open() {
        return Registry.inMemory(clock);
    }
}
