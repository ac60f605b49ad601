package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.Role;
import dev.millwright.web.access.AccessOptions;
import dev.millwright.web.access.AccessOptions.When;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server listens, and how its users log in. */
final class AccessFlags {
    static final String SECRET = "MILLWRIGHT_OIDC_CLIENT_SECRET";

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen. Any other than loopback asks for a login (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--login", description = "Ask for a login on loopback too, as behind a proxy.")
    private boolean login;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "Under which users reach the server, if that is another address: https://ml.example.org")
    private @Nullable String publicUrl;

    @Option(
            names = "--oidc-issuer",
            paramLabel = "URL",
            description = "Let users log in at this identity provider (OpenID Connect) as well.")
    private @Nullable String issuer;

    @Option(
            names = "--oidc-client-id",
            paramLabel = "ID",
            description = "How the provider knows this server. The secret is taken from $" + SECRET + ".")
    private @Nullable String clientId;

    @Option(
            names = "--oidc-role",
            paramLabel = "ROLE",
            description = "The role of users whom nobody added: viewer, editor, deployer (default: they are refused).")
    private @Nullable Role newcomers;

    AccessOptions read(Map<String, String> environment) {
        return new AccessOptions(
                host,
                login ? When.ALWAYS : When.EXPOSED,
                Optional.ofNullable(publicUrl).map(url -> parse("--public-url", url)),
                provider(environment));
    }

    private Optional<AccessOptions.Provider> provider(Map<String, String> environment) {
        if (issuer == null) {
            if (clientId != null || newcomers != null) {
                throw new InvalidInputException(
                        "--oidc-issuer: missing (expected: the provider's URL, with --oidc-client-id)");
            }
            return Optional.empty();
        }
        if (clientId == null) {
            throw new InvalidInputException(
                    "--oidc-client-id: missing (expected: the id that the provider gave this server)");
        }
        if (newcomers == Role.ADMINISTRATOR) {
            throw new InvalidInputException(
                    "--oidc-role: administrator (expected: viewer, editor or deployer). Whoever the provider knows would be one.");
        }
        return Optional.of(new AccessOptions.Provider(
                parse("--oidc-issuer", issuer),
                clientId,
                environment.getOrDefault(SECRET, ""),
                Optional.ofNullable(newcomers)));
    }

    private static URI parse(String option, String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException odd) {
            throw new InvalidInputException(option + ": " + odd.getMessage() + " (expected: https://HOST)");
        }
    }
}
