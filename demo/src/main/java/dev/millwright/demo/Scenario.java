package dev.millwright.demo;

import java.util.Locale;

/** Why a transaction is a fraud, or that it is none. Known to the generator only: no feature may take it. */
public enum Scenario {
    GENUINE,
    /** One purchase of a size that the card's owner hardly ever makes; after the change, a burst of tiny ones. */
    OVERSIZED_AMOUNT,
    /** Everything that passes through a terminal while criminals hold it. */
    COMPROMISED_TERMINAL,
    /** Some of the purchases made with a card while a thief uses it beside its owner. */
    STOLEN_CARD;

    public boolean isFraud() {
        return this != GENUINE;
    }

    /** The name used in files: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
