package dev.millwright.registry;

import java.time.Instant;

/**
 * A secret that stands for a user until it expires. Only its hash is kept.
 *
 * @param id names it in lists and events; no secret
 * @param label what the user calls it
 */
public record AccessToken(
        String id, String user, Kind kind, String label, TokenScope scope, Instant created, Instant expires) {

    /** Where a token is held. */
    public enum Kind {
        /** In the user's hands, for programs. */
        PERSONAL,
        /** In the cookie of a browser. */
        SESSION
    }

    /** A token just made: the only time that its secret is seen. */
    public record Issued(AccessToken token, String secret) {
        /** Hides the secret. */
        @Override
        public String toString() {
            return "Issued[token=" + token + ", secret=***]";
        }
    }
}
