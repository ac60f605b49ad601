package dev.millwright.web.page;

import java.util.Locale;

/** How good the news is. Each has a sign of its own shape, since colour alone does not reach everybody. */
public enum Tone {
    GOOD("●"),
    /** Under way, nothing to do. */
    BUSY("◐"),
    WARN("▲"),
    BAD("■"),
    QUIET("○");

    private final String sign;

    Tone(String sign) {
        this.sign = sign;
    }

    public String sign() {
        return sign;
    }

    /** The name of its style. */
    public String style() {
        return name().toLowerCase(Locale.ROOT);
    }
}
