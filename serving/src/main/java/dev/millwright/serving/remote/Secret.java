package dev.millwright.serving.remote;

import dev.millwright.core.InvalidInputException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the token is found that servers are shown; never the token itself. Only what is set aside for that can be named, so that nobody
 * who connects a server gets at other secrets of the process.
 */
public sealed interface Secret {
    /** The prefix of variables that may be named. */
    String VARIABLES = "MILLWRIGHT_BACKEND_";

    /**
     * The secret that two settings name, of which one at most is there.
     *
     * @throws InvalidInputException when both are
     */
    static Secret of(Optional<String> variable, Optional<String> file) {
        if (variable.isPresent() && file.isPresent()) {
            throw new InvalidInputException(
                    "token_variable, token_file: both (expected: one of them). Leave the other out.");
        }
        return variable.<Secret>map(Variable::new)
                .or(() -> file.map(InFile::new))
                .orElseGet(None::new);
    }

    /** None is shown. */
    record None() implements Secret {}

    /** In an environment variable of the server. */
    record Variable(String name) implements Secret {
        private static final Pattern NAME = Pattern.compile(VARIABLES + "[A-Z0-9_]{1,100}");

        public Variable {
            if (!NAME.matcher(name).matches()) {
                throw new InvalidInputException("token_variable: " + name + " (expected: a name such as " + VARIABLES
                        + "TOKEN; no other variables of the server are read)");
            }
        }
    }

    /** In a file of the folder {@code secrets} in the home. */
    record InFile(String name) implements Secret {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");

        public InFile {
            if (!NAME.matcher(name).matches()) {
                throw new InvalidInputException(
                        "token_file: " + name + " (expected: the name of a file in the folder secrets of the home)");
            }
        }
    }
}
