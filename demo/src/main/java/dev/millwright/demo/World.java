package dev.millwright.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The cards and the places where they pay, on a square map of 100 by 100 kilometres. */
record World(List<Card> cards, List<Terminal> terminals, List<Terminal> shops) {
    private static final double SIDE = 100;
    private static final double RADIUS = 15;
    private static final int FEWEST_NEARBY = 3;
    private static final List<String> GOODS = List.of("grocery", "restaurant", "fuel", "pharmacy", "clothing");
    private static final List<String> ONLINE_GOODS = List.of("digital", "electronics", "travel");

    /** A place to pay: a terminal in a shop, or an online shop, which has no place on the map. */
    record Terminal(String id, double x, double y, String category) {}

    /**
     * A card and its owner's habits.
     *
     * @param meanAmount of a purchase
     * @param perDay mean number of purchases
     * @param hour of the day around which its owner shops
     * @param nearby the terminals that its owner goes to, at least one
     */
    record Card(String id, double meanAmount, double perDay, double hour, List<Terminal> nearby) {}

    static World draw(int cards, int terminals, long seed) {
        Draws draws = Draws.of(seed, Draws.Stream.WORLD, 0);
        List<Terminal> inShops = new ArrayList<>(terminals);
        for (int i = 1; i <= terminals; i++) {
            double x = draws.between(0, SIDE);
            inShops.add(new Terminal("T%04d".formatted(i), x, draws.between(0, SIDE), draws.oneOf(GOODS)));
        }
        List<Terminal> online = new ArrayList<>(terminals / 10);
        for (int i = 1; i <= terminals / 10; i++) {
            online.add(new Terminal("W%04d".formatted(i), 0, 0, ONLINE_GOODS.get(i % ONLINE_GOODS.size())));
        }
        List<Card> owners = new ArrayList<>(cards);
        for (int i = 1; i <= cards; i++) {
            owners.add(card("C%05d".formatted(i), inShops, draws));
        }
        return new World(List.copyOf(owners), List.copyOf(inShops), List.copyOf(online));
    }

    private static Card card(String id, List<Terminal> terminals, Draws draws) {
        double x = draws.between(0, SIDE);
        double y = draws.between(0, SIDE);
        return new Card(id, draws.between(5, 100), draws.between(0.2, 4), draws.normal(13, 2), nearby(x, y, terminals));
    }

    /** Those within the radius; where the map is empty, the nearest few. */
    private static List<Terminal> nearby(double x, double y, List<Terminal> terminals) {
        List<Terminal> within = terminals.stream()
                .filter(terminal -> distance(terminal, x, y) <= RADIUS)
                .toList();
        return within.size() >= FEWEST_NEARBY
                ? within
                : terminals.stream()
                        .sorted(Comparator.comparingDouble(terminal -> distance(terminal, x, y)))
                        .limit(FEWEST_NEARBY)
                        .toList();
    }

    private static double distance(Terminal terminal, double x, double y) {
        return StrictMath.hypot(terminal.x() - x, terminal.y() - y);
    }
}
