package dev.millwright.demo;

import java.util.HashMap;
import java.util.Map;

/**
 * Which terminals are in criminal hands and which cards are stolen, day by day. Days are entered in order. Not
 * thread-safe.
 */
final class Spells {
    /** Mean number of terminals taken over each day, as a share of all; a spell lasts {@code 3} to {@code 7} days. */
    private static final double TERMINALS_TAKEN = 0.004;
    /** Mean number of cards stolen each day, as a share of all; a thief has them for {@code 4} to {@code 10} days. */
    private static final double CARDS_STOLEN = 0.003;

    private final World world;
    private final long seed;
    private final Map<String, Integer> terminalsUntil = new HashMap<>();
    private final Map<String, Integer> cardsUntil = new HashMap<>();

    Spells(World world, long seed) {
        this.world = world;
        this.seed = seed;
    }

    /** Ends the spells that are over by {@code day} and draws those that begin. */
    void enter(int day) {
        Draws draws = Draws.of(seed, Draws.Stream.SPELLS, day);
        terminalsUntil.values().removeIf(until -> until <= day);
        cardsUntil.values().removeIf(until -> until <= day);
        for (int i = draws.poisson(TERMINALS_TAKEN * world.terminals().size()); i > 0; i--) {
            terminalsUntil.merge(draws.oneOf(world.terminals()).id(), day + draws.whole(3, 7), Math::max);
        }
        for (int i = draws.poisson(CARDS_STOLEN * world.cards().size()); i > 0; i--) {
            cardsUntil.merge(draws.oneOf(world.cards()).id(), day + draws.whole(4, 10), Math::max);
        }
    }

    boolean isCompromised(World.Terminal terminal) {
        return terminalsUntil.containsKey(terminal.id());
    }

    boolean isStolen(World.Card card) {
        return cardsUntil.containsKey(card.id());
    }
}
