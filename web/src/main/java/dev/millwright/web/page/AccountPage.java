package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * What users see of themselves.
 *
 * @param user nobody where the server asks for no login
 * @param scopes what a new token may be given
 * @param secret of a token just made, shown once
 */
public record AccountPage(
        PageHead head,
        Optional<Person> user,
        List<TokenRow> tokens,
        List<String> scopes,
        Optional<String> secret,
        Optional<String> notice,
        Optional<String> problem) {

    /** Who is logged in. */
    public record Person(String name, String role, boolean hasPassword) {}

    /** A token in the list. */
    public record TokenRow(String id, String name, String scope, Moment created, Moment expires) {}
}
