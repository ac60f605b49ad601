package dev.millwright.web.page;

import java.util.Optional;

/**
 * The door.
 *
 * @param next where to go afterwards
 * @param name as it was typed before
 * @param problem why it did not open
 * @param provider the host of the identity provider, if there is one
 */
public record LoginPage(PageHead head, String next, String name, Optional<String> problem, Optional<String> provider) {}
