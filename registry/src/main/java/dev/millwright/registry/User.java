package dev.millwright.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody who may log in.
 *
 * @param hasPassword whether a password opens the door; users of an identity provider have none
 * @param identity how an identity provider knows the user, if one does
 */
public record User(String name, Role role, boolean hasPassword, Optional<Identity> identity, Instant created) {

    /**
     * A person as OpenID Connect names one: the two are unique and never given to another.
     *
     * @param issuer the provider's URL
     * @param subject the provider's own name for the person
     */
    public record Identity(String issuer, String subject) {
        public Identity {
            Names.require("issuer", issuer, 2_000);
            Names.require("subject", subject, 255);
        }
    }
}
