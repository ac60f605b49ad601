package dev.millwright.web.mlflow;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Names for runs that come without one: {@code steady-otter-412}. Thread-safe. */
final class RunNames {
    private static final List<String> KINDS = List.of(
            "able", "bold", "brisk", "calm", "clear", "deft", "eager", "fair", "fine", "glad", "keen", "kind", "light",
            "lively", "merry", "mild", "neat", "nimble", "plain", "proud", "quick", "quiet", "ready", "sharp", "sleek",
            "smart", "steady", "still", "stout", "sure", "swift", "warm", "wise");
    private static final List<String> ANIMALS = List.of(
            "badger", "bear", "beaver", "bison", "crane", "deer", "dove", "eagle", "falcon", "finch", "fox", "gull",
            "hare", "hawk", "heron", "ibex", "jay", "koala", "lark", "lynx", "mole", "moose", "newt", "otter", "owl",
            "panda", "pike", "quail", "raven", "robin", "seal", "stoat", "swan", "tern", "trout", "vole", "whale",
            "wolf", "wren");

    private final RandomGenerator random;

    RunNames(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    synchronized String next() {
        return KINDS.get(random.nextInt(KINDS.size())) + "-" + ANIMALS.get(random.nextInt(ANIMALS.size())) + "-"
                + random.nextInt(100, 1_000);
    }
}
