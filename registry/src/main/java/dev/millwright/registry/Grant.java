package dev.millwright.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * What a token allows.
 *
 * @param role the lower of its user's role and its own scope; none when it may only be used for predictions
 */
public record Grant(String user, Optional<Role> role, AccessToken.Kind kind, String tokenId, Instant expires) {
    static Grant of(AccessToken token, Role role) {
        return new Grant(
                token.user(), token.scope().role().map(role::atMost), token.kind(), token.id(), token.expires());
    }
}
