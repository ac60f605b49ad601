package dev.millwright.remote;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.util.EventLoopGroups;
import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.remote.BackendClient;
import dev.millwright.serving.remote.BackendClients;
import dev.millwright.serving.remote.RemoteTarget;
import dev.millwright.serving.remote.Secret;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Speaks to other servers, over connections that are kept and shared. Redirects are never followed. Thread-safe. */
public final class OpenInferenceClients implements BackendClients, AutoCloseable {
    /** Of one answer, in bytes. */
    static final int LONGEST_ANSWER = 64 << 20;

    private static final Duration CONNECTING = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int EVENT_LOOPS = 2;

    private final EventLoopGroup loops;
    private final ClientFactory factory;
    private final Map<String, String> variables;
    private final Path secrets;

    /**
     * Opens no connection yet.
     *
     * @param variables the environment, in which tokens may be
     * @param secrets the folder in which files with tokens may be
     */
    public OpenInferenceClients(Map<String, String> variables, Path secrets) {
        this.variables = Map.copyOf(variables);
        this.secrets = secrets;
        this.loops = EventLoopGroups.newEventLoopGroup(EVENT_LOOPS, "backends", true);
        this.factory = ClientFactory.builder()
                .workerGroup(loops, false)
                .connectTimeout(CONNECTING)
                .idleTimeout(IDLE)
                .meterRegistry(new CompositeMeterRegistry())
                .build();
    }

    @Override
    public BackendClient open(RemoteTarget target, URI backend, TensorForm form) {
        HttpHeaders headers = token(target.secret())
                .map(token -> HttpHeaders.of(HttpHeaderNames.AUTHORIZATION, "Bearer " + token))
                .orElse(HttpHeaders.of());
        return switch (target.wire()) {
            case REST -> new RestBackend(factory, target, backend, headers, form);
            case GRPC -> new GrpcBackend(factory, target, backend, headers);
        };
    }

    private Optional<String> token(Secret secret) {
        return switch (secret) {
            case Secret.None() -> Optional.empty();
            case Secret.Variable(String name) ->
                Optional.of(requireToken("token_variable: " + name, variables.getOrDefault(name, "")));
            case Secret.InFile(String name) -> Optional.of(requireToken("token_file: " + name, read(name)));
        };
    }

    private String read(String name) {
        try {
            return Files.readString(secrets.resolve(name)).strip();
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String requireToken(String where, String token) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new MillwrightException(
                    CoreError.INVALID_INPUT,
                    where + " holds no token (expected: printable characters without blanks). Set it where the server"
                            + " runs, and start that again.");
        }
        return token;
    }

    /** Drops all connections. */
    @Override
    public void close() {
        factory.close();
        // Without the pause, two seconds, that the factory would leave the threads.
        loops.shutdownGracefully(0, CONNECTING.toSeconds(), TimeUnit.SECONDS).syncUninterruptibly();
    }
}
