package dev.millwright.web;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.ModelImport;
import dev.millwright.pipelines.jobs.JobDoor;
import dev.millwright.registry.Registry;
import dev.millwright.web.access.AccessControl;
import dev.millwright.web.access.AccessOptions;
import dev.millwright.web.mlflow.MlflowDialect;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: HTTP/1.1 and HTTP/2 on one port. What may block runs on virtual threads. Close it before what it
 * was given: requests in flight then finish.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int LONGEST_REQUEST_LINE = 64 << 10;
    private static final Duration IDLE = Duration.ofSeconds(75);

    /** What a client may have open at once over one connection; without a bound, one connection could hold any number of requests. */
    private static final int STREAMS = 1_000;

    private final Server server;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;
    private final WebOptions options;
    private final AccessControl access;
    private final ApiDocument document;
    private final WarmUp warmUp;
    private final Readiness readiness;
    private final JobDoor jobDoor;

    private HttpServer(
            Server server,
            ExecutorService threads,
            ScheduledExecutorService timer,
            WebOptions options,
            AccessControl access,
            ApiDocument document,
            WarmUp warmUp,
            Readiness readiness,
            JobDoor jobDoor) {
        this.server = server;
        this.threads = threads;
        this.timer = timer;
        this.options = options;
        this.access = access;
        this.document = document;
        this.warmUp = warmUp;
        this.readiness = readiness;
        this.jobDoor = jobDoor;
    }

    /**
     * Binds and begins to answer.
     *
     * @throws MillwrightException {@link WebError#CANNOT_BIND} when the port is taken or may not be used
     */
    public static HttpServer start(WebOptions options, Services services) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("web-", 0).factory());
        Assets assets = Assets.load();
        Templates templates = new Templates(services.clock(), options.version(), assets);
        Failures failures = new Failures(templates);
        AccessControl access = new AccessControl(
                options.access(), services.registry(), services.clock(), options.token(), threads, failures::refuse);
        ServerBuilder builder = builder(options.requestTimeout())
                .maxRequestLength(options.requestLimit())
                // Clients send filters in the query.
                .http1MaxInitialLineLength(LONGEST_REQUEST_LINE)
                .requestTimeout(options.requestTimeout())
                .errorHandler(failures)
                .decorator(BodyBudget.ofThisMachine())
                .decorator(access);
        options.addresses().forEach(address -> builder.port(new ServerPort(address, SessionProtocol.HTTP)));
        SafeHeaders.setOn(builder);
        AccessControl open = new AccessControl(
                AccessOptions.loopback(),
                services.registry(),
                services.clock(),
                options.token(),
                threads,
                failures::refuse);
        ApiDocument document = new ApiDocument();
        Routes routes = new Routes(builder, threads, document);
        routes.get(
                "/static/{version}/{name}",
                Operation.gives(Topic.PAGES, "Scripts, styles and pictures", "*/*"),
                call -> assets.serve(call.path("name")));
        Readiness readiness = new Readiness();
        HealthRoutes.add(routes, services.router(), services.jobs(), services.events(), readiness);
        InferenceDesk inference = new InferenceDesk(services.router(), threads);
        InferenceStatistics statistics = new InferenceStatistics(services.router());
        InferenceRoutes.add(routes, inference, statistics, options.version(), readiness);
        ModelRepository repository = new ModelRepository(services.registry(), services.deployments());
        RepositoryRoutes.add(routes, repository);
        GrpcCalls.add(
                routes,
                new GrpcInference(inference, statistics, repository, options.version(), readiness, threads),
                readiness,
                options.requestLimit());
        InferenceOperations.describe(routes);
        ScoringRoutes.add(routes, services.router(), inference.threads());
        EventRoutes.add(routes, services.events(), services.feedback(), services.router(), inference.threads());
        JobRoutes.add(routes, services.jobs(), services.router());
        RolloutRoutes.add(routes, services.deployments().rollouts());
        ControlRoutes.add(
                routes,
                services.runs(),
                services.deployments(),
                new ModelImport(services.registry(), services.deployments()));
        ConnectionRoutes.add(routes, services.deployments().connection());
        DatasetRoutes.add(routes, services.datasets());
        UserRoutes.add(routes, services.registry());
        ResetRoute.add(routes, services.reset());
        ApiRoutes.add(routes, services.registry());
        MlflowDialect.add(builder, threads, services.registry(), services.deployments()::promote, services.clock());
        MlflowOperations.describe(routes);
        TrafficMeter traffic = new TrafficMeter(services.router(), services.clock());
        Site site = new Site(services, templates, traffic);
        EndpointExamples examples = new EndpointExamples(site);
        EndpointRoutes.add(routes, services.router(), services.registry(), examples);
        PageRoutes.add(routes, site, examples);
        new LoginPages(site, options.access(), access.passwords()).add(routes);
        new AccountPages(site, access.passwords()).add(routes);
        new UserPages(site).add(routes);
        ApiDocumentRoute.add(routes, options.version(), access);
        WarmUp warmUp = new WarmUp(threads, repository, open);
        requireSomebody(options.access(), services.registry());
        Server server = builder.build();
        access.learn(server);
        try {
            server.start().join();
        } catch (CompletionException e) {
            threads.close();
            throw new MillwrightException(
                    WebError.CANNOT_BIND,
                    "port: " + options.port() + " on " + options.address()
                            + " (expected: one that is free). Choose another with --port, or stop what holds it",
                    e);
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("web-traffic").daemon().factory());
        // It looks until the timer is shut down.
        var _ = timer.scheduleAtFixedRate(traffic::look, 0, TrafficMeter.PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return new HttpServer(
                server,
                threads,
                timer,
                options,
                access,
                document,
                warmUp,
                readiness,
                new JobDoors(inference, services.router(), services.events()));
    }

    /** How every server of ours treats its connections, which may stand still for as long as {@code patience}. */
    static ServerBuilder builder(Duration patience) {
        return Server.builder()
                // Models answer on these threads, which more than there are cores would only keep from each other.
                .workerGroup(loops("web-loop", Runtime.getRuntime().availableProcessors()), true)
                .idleTimeout(IDLE)
                .http2MaxStreamsPerConnection(STREAMS)
                .childChannelPipelineCustomizer(pipeline -> {
                    HalfClosedConnections.watch(pipeline);
                    StalledConnections.watch(pipeline, patience);
                })
                .gracefulShutdownTimeout(Duration.ofMillis(50), DRAIN)
                .unloggedExceptionsReportInterval(Duration.ZERO)
                .bossGroupFactory(name -> loops(name, 1))
                .disableServerHeader()
                // What we measure is in /metrics; Armeria's own meters go into a composite of none, which measures
                // nothing. It is one for each server: in a shared one, those of a second would be refused as known.
                .meterRegistry(new CompositeMeterRegistry());
    }

    /** A server that asks for a login which nobody has is open to nobody, and one that asks for none is open to everybody. */
    private static void requireSomebody(AccessOptions access, Registry registry) {
        if (access.asksForLogin()
                && access.provider().isEmpty()
                && !registry.users().hasAdministrator()) {
            throw new MillwrightException(
                    WebError.ADDRESS_NEEDS_LOGIN,
                    "host: " + access.host()
                            + " asks for a login, and nobody has one (expected: an administrator). Add one first:"
                            + " millwright users add NAME --role administrator; or listen on 127.0.0.1.");
        }
    }

    /** Threads that accept connections, or serve them. Netty's own would idle for two seconds before they end. */
    private static EventLoopGroup loops(String name, int threads) {
        return EventLoopGroups.builder()
                .numThreads(threads)
                .threadFactory(ThreadFactories.newEventLoopThreadFactory(name, true))
                .gracefulShutdown(Duration.ZERO, DRAIN)
                .build();
    }

    /**
     * Makes the way of inference requests quick, then says that the server is ready; until then it answers, but should not be sent
     * traffic. Blocks for some seconds at most.
     *
     * @param closing whether that is of no use any more
     */
    public void warmUp(BooleanSupplier closing) {
        try {
            warmUp.run(closing);
        } catch (IOException | RuntimeException failed) {
            LOG.warn("the warm-up failed; first requests will be slower", failed);
        } finally {
            if (!closing.getAsBoolean()) {
                readiness.reached();
            }
        }
    }

    /** What every route asks of its callers. */
    List<AccessControl.Rule> rules() {
        return access.rules();
    }

    /** What routes say of themselves. */
    ApiDocument document() {
        return document;
    }

    /** The port on which users reach the server. */
    public int port() {
        return port(options.address());
    }

    /** The port on which commands of this machine reach it; another one only where the server listens on one other address. */
    public int localPort() {
        return options.access().onLoopback() || options.access().everywhere() ? port() : port(WebOptions.LOOPBACK);
    }

    private int port(String address) {
        return server.activePorts().keySet().stream()
                .filter(bound -> bound.getAddress().equals(new InetSocketAddress(address, 0).getAddress()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(address + ": not bound"))
                .getPort();
    }

    /** Where programs on this machine reach the server, without a slash at the end. */
    public String localUrl() {
        return "http://" + (options.access().onLoopback() ? options.urlHost() : WebOptions.LOOPBACK) + ":"
                + localPort();
    }

    /** What a program presents that is started for {@code user}; empty where nobody is asked to log in. */
    public Optional<String> pass(String user) {
        return options.access().asksForLogin() ? Optional.of(access.passes().issue(user)) : Optional.empty();
    }

    /** Answers what was sent to be answered later, with or without a server that listens. */
    public JobDoor jobDoor() {
        return jobDoor;
    }

    /** Where the pages are, without a slash at the end. */
    public String url() {
        return "http://" + options.urlHost() + ":" + port();
    }

    /** Takes no more connections, lets requests in flight finish for up to 5 s, then frees the port. */
    @Override
    public void close() {
        timer.shutdownNow();
        CompletableFuture<Void> served = new CompletableFuture<>();
        server.config().workerGroup().terminationFuture().addListener(_ -> served.complete(null));
        // The port is free and everything answered by then; the thread that accepted connections idles on for two
        // seconds.
        CompletableFuture.anyOf(server.stop(), served).join();
        threads.shutdownNow();
        threads.close();
    }
}
