package dev.millwright.demo;

import dev.millwright.demo.World.Card;
import dev.millwright.demo.World.Terminal;
import java.util.ArrayList;
import java.util.List;

/**
 * How people pay and how criminals steal. The former habits give themselves away by large amounts and by forcing the
 * magnetic stripe; the new ones stay small, go online and work at night, while everybody else shops online more, too. So
 * a model of the former habits sees its inputs shift and misses most of the new frauds.
 */
enum Habits {
    FORMER(0.15) {
        @Override
        Payment stolen(Card card, World world, Payment owners, Draws draws) {
            Terminal anywhere = draws.oneOf(world.terminals());
            return owners.at(anywhere)
                    .through("contactless")
                    .of(owners.amount() * draws.between(3, 6))
                    .as(Scenario.STOLEN_CARD);
        }

        @Override
        Payment compromised(Payment owners, Draws draws) {
            // A skimmer in the chip reader makes the terminal fall back to the magnetic stripe.
            Payment skimmed = owners.as(Scenario.COMPROMISED_TERMINAL);
            return draws.chance(0.8) ? skimmed.through("stripe") : skimmed;
        }

        @Override
        List<Payment> oversized(World world, Draws draws) {
            List<Payment> payments = new ArrayList<>();
            for (int i = draws.poisson(0.008 * world.cards().size()); i > 0; i--) {
                Card card = draws.oneOf(world.cards());
                payments.add(genuine(card, world, draws)
                        .of(220 + draws.exponential(150))
                        .as(Scenario.OVERSIZED_AMOUNT));
            }
            return payments;
        }
    },

    NEW(0.45) {
        @Override
        Payment stolen(Card card, World world, Payment owners, Draws draws) {
            return owners.at(draws.oneOf(world.shops()))
                    .through("online")
                    .of(draws.between(8, 30))
                    .second(draws.whole(0, NIGHT_SECONDS))
                    .as(Scenario.STOLEN_CARD);
        }

        @Override
        Payment compromised(Payment owners, Draws draws) {
            // Relayed contactless payments stay under the limit above which a PIN is asked for.
            return owners.through("contactless").of(draws.between(45, 49.99)).as(Scenario.COMPROMISED_TERMINAL);
        }

        @Override
        List<Payment> oversized(World world, Draws draws) {
            // Card numbers are tried out by bursts of tiny payments before they are sold on.
            List<Payment> payments = new ArrayList<>();
            for (int i = draws.poisson(0.005 * world.cards().size()); i > 0; i--) {
                Card card = draws.oneOf(world.cards());
                Terminal shop = draws.oneOf(world.shops());
                int second = draws.whole(0, NIGHT_SECONDS);
                for (int left = draws.whole(3, 6); left > 0; left--) {
                    payments.add(new Payment(
                            second, card, shop, draws.between(0.5, 4), "online", Scenario.OVERSIZED_AMOUNT));
                    second += draws.whole(20, 240);
                }
            }
            return payments;
        }
    };

    private static final int NIGHT_SECONDS = 5 * 3600;
    private static final int DAY_SECONDS = 24 * 3600;

    private final double onlineShare;

    Habits(double onlineShare) {
        this.onlineShare = onlineShare;
    }

    /** What a thief makes of a payment that the card's owner would have made. */
    abstract Payment stolen(Card card, World world, Payment owners, Draws draws);

    /** What passes through a terminal in criminal hands. */
    abstract Payment compromised(Payment owners, Draws draws);

    /** The frauds of one day that need neither a stolen card nor a terminal. */
    abstract List<Payment> oversized(World world, Draws draws);

    Payment genuine(Card card, World world, Draws draws) {
        return draws.chance(onlineShare) ? online(card, world, draws) : inShop(card, draws);
    }

    private static Payment inShop(Card card, Draws draws) {
        double way = draws.between(0, 1);
        String channel = way < 0.04 ? "stripe" : way < 0.5 ? "chip" : "contactless";
        return new Payment(
                second(card.hour(), 3, draws),
                card,
                draws.oneOf(card.nearby()),
                draws.amountAround(card.meanAmount()),
                channel,
                Scenario.GENUINE);
    }

    /** Later in the day than in shops, and now and then a subscription or an app for a few coins. */
    private static Payment online(Card card, World world, Draws draws) {
        double mean = draws.chance(0.2) ? draws.between(1, 12) : card.meanAmount();
        return new Payment(
                second(card.hour() + 5, 4, draws),
                card,
                draws.oneOf(world.shops()),
                draws.amountAround(mean),
                "online",
                Scenario.GENUINE);
    }

    private static int second(double hour, double deviation, Draws draws) {
        return Math.floorMod((int) (draws.normal(hour, deviation) * 3600), DAY_SECONDS);
    }

    /**
     * A payment that is not yet numbered.
     *
     * @param second of the day
     */
    record Payment(int second, Card card, Terminal terminal, double amount, String channel, Scenario scenario) {
        Payment at(Terminal other) {
            return new Payment(second, card, other, amount, channel, scenario);
        }

        Payment through(String otherChannel) {
            return new Payment(second, card, terminal, amount, otherChannel, scenario);
        }

        Payment of(double otherAmount) {
            return new Payment(second, card, terminal, otherAmount, channel, scenario);
        }

        Payment second(int otherSecond) {
            return new Payment(otherSecond, card, terminal, amount, channel, scenario);
        }

        Payment as(Scenario otherScenario) {
            return new Payment(second, card, terminal, amount, channel, otherScenario);
        }
    }
}
