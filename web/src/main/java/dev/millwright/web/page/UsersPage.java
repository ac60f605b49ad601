package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/** All users, for an administrator. */
public record UsersPage(
        PageHead head, List<UserRow> users, List<String> roles, Optional<String> notice, Optional<String> problem) {

    /**
     * A user in the list.
     *
     * @param login how the user logs in
     */
    public record UserRow(String name, String role, String login, Moment created) {}
}
