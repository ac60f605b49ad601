package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a database of PostgreSQL is. Printed without its password.
 *
 * @param user the operating system's when absent
 * @param password looked for in {@code PGPASSWORD} and {@code ~/.pgpass} when absent
 * @param options of the driver, such as {@code sslmode} and {@code currentSchema}
 */
public record DatabaseUrl(
        String host,
        int port,
        String database,
        Optional<String> user,
        Optional<String> password,
        Map<String, String> options) {
    private static final int DEFAULT_PORT = 5432;
    private static final String FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or jdbc:postgresql://…";

    /** None of the options that name a class to load. */
    private static final List<String> OPTIONS =
            List.of("currentSchema", "sslmode", "sslrootcert", "sslcert", "sslkey", "connectTimeout", "socketTimeout");

    public DatabaseUrl {
        options = Map.copyOf(options);
        for (String option : options.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new InvalidInputException("database: option '" + option + "' (expected: one of user, password, "
                        + String.join(", ", OPTIONS) + ")." + Words.suggestion(option, OPTIONS));
            }
        }
    }

    /** Reads {@code postgresql://…}, as libpq writes it, or {@code jdbc:postgresql://…}, as the driver does. */
    public static DatabaseUrl parse(String text) {
        URI uri = uri(text.strip().replaceFirst("^jdbc:", ""));
        boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        String path = Optional.ofNullable(uri.getPath()).orElse("");
        if (!known
                || path.length() < 2
                || path.indexOf('/', 1) > 0
                || (uri.getHost() == null && uri.getRawAuthority() != null)) {
            throw malformed();
        }
        Map<String, String> options = options(uri);
        List<String> login = login(uri);
        return new DatabaseUrl(
                Optional.ofNullable(uri.getHost()).orElse("localhost"),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                path.substring(1),
                Optional.ofNullable(options.remove("user"))
                        .or(() -> login.stream().findFirst()),
                Optional.ofNullable(options.remove("password"))
                        .or(() -> login.stream().skip(1).findFirst()),
                options);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException unreadable) {
            throw malformed();
        }
    }

    /** Says nothing of what was given: it may hold a password. */
    private static InvalidInputException malformed() {
        return new InvalidInputException(
                "database: not the address of a database (expected: " + FORM + "). Write odd characters as %XX.");
    }

    private static List<String> login(URI uri) {
        String info = uri.getRawUserInfo();
        return info == null || info.isEmpty()
                ? List.of()
                : List.of(info.split(":", 2)).stream().map(DatabaseUrl::decoded).toList();
    }

    private static Map<String, String> options(URI uri) {
        Map<String, String> options = new TreeMap<>();
        String query = uri.getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw malformed();
            }
            options.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
        return options;
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw malformed();
        }
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What the driver takes; user, password and options go beside it. */
    String jdbc() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + encoded(database);
    }

    /** The address without the password. */
    @Override
    public String toString() {
        String query = options.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(option -> option.getKey() + "=" + encoded(option.getValue()))
                .collect(Collectors.joining("&"));
        return "postgresql://" + user.map(name -> encoded(name) + "@").orElse("") + host + ":" + port + "/"
                + encoded(database) + (query.isEmpty() ? "" : "?" + query);
    }
}
