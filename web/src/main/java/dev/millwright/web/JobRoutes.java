package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.monitoring.WebhookOptions;
import dev.millwright.pipelines.jobs.Job;
import dev.millwright.pipelines.jobs.JobAnswer;
import dev.millwright.pipelines.jobs.JobDesk;
import dev.millwright.pipelines.jobs.JobRequest;
import dev.millwright.pipelines.jobs.JobRouting;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.web.access.Caller;
import dev.millwright.web.access.Permission;
import dev.millwright.web.page.Paths;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Requests that are answered later: submitted, looked at, and fetched by whoever submitted them. */
final class JobRoutes {
    private static final String AT = "/endpoints/{endpoint}/jobs";

    private final JobDesk jobs;
    private final Router router;

    private JobRoutes(JobDesk jobs, Router router) {
        this.jobs = jobs;
        this.router = router;
    }

    static void add(Routes routes, JobDesk jobs, Router router) {
        JobRoutes handlers = new JobRoutes(jobs, router);
        routes.postCompressed(
                AT,
                Operation.answers(Topic.ENDPOINTS, "Takes a request to be answered later", JobView.class)
                        .takes(Operation.JSON)
                        .takes("text/csv")
                        .takes("application/octet-stream")
                        .query(
                                "as",
                                "What the body is: infer (default), invocations or events, as at the doors of that name.")
                        .query("webhook", "Who is told when it has been answered: https://…, or http:// to localhost.")
                        .status(202),
                handlers::submit);
        routes.get(
                AT + "/{job}",
                Operation.answers(Topic.ENDPOINTS, "How such a request stands", JobView.class),
                handlers::show);
        routes.get(
                AT + "/{job}/answer",
                Operation.gives(Topic.ENDPOINTS, "The answer, as it would have been given at once", "*/*"),
                handlers::answer);
        routes.delete(
                AT + "/{job}",
                Operation.gives(Topic.ENDPOINTS, "Withdraws a request, or forgets its answer", "*/*")
                        .status(204),
                handlers::delete);
    }

    /** How a request stands. */
    private record JobView(
            String job,
            String endpoint,
            String state,
            Instant submitted,
            Optional<Instant> ended,
            Optional<Integer> status,
            Optional<String> answer,
            Optional<String> webhook) {
        static JobView of(Job job) {
            return new JobView(
                    job.id(),
                    job.endpoint(),
                    job.state().word(),
                    job.submitted(),
                    job.ended(),
                    job.status(),
                    job.hasEnded() ? Optional.of(path(job) + "/answer") : Optional.empty(),
                    job.webhook());
        }
    }

    private static String path(Job job) {
        return Paths.endpoint(job.endpoint()) + "/jobs/" + job.id();
    }

    private static Caller caller() {
        return Caller.current().orElseThrow(() -> new IllegalStateException("jobs: reached by nobody"));
    }

    private HttpResponse submit(Call call) {
        Route route = EndpointRoutes.route(router, call.path("endpoint"));
        RequestHeaders headers = call.request().headers();
        Optional<String> version = VersionPin.of(headers, Optional.empty());
        if (version.isPresent()) {
            // As when it is asked at once; it may be gone by the time that the job is answered, which then says so.
            var _ = InferenceDesk.meant(route, version);
        }
        Optional<URI> webhook = call.query("webhook").map(JobRoutes::webhook);
        JobRequest.Door door = JobRequest.Door.parse(call.query("as").orElse(JobRequest.Door.INFER.word()));
        JobRouting routing = JobRouting.of(version, VersionPin.view(headers), route.assignment());
        Job job = jobs.submit(new JobRequest(
                route.endpoint(),
                caller().name(),
                door,
                door == JobRequest.Door.EVENTS ? withKey(routing, headers) : routing,
                Optional.ofNullable(headers.get(HttpHeaderNames.CONTENT_TYPE)),
                Optional.ofNullable(headers.get(InferenceRoutes.JSON_LENGTH)),
                call.body(),
                webhook));
        return Json.respond(
                ResponseHeaders.builder(HttpStatus.ACCEPTED)
                        .contentType(MediaType.JSON)
                        .set(HttpHeaderNames.LOCATION, path(job))
                        .build(),
                JobView.of(job));
    }

    /** Events are counted once, however often the job is begun. */
    private static JobRouting withKey(JobRouting routing, RequestHeaders headers) {
        String key = headers.get(EventRoutes.IDEMPOTENCY_KEY);
        return routing.with(EventRoutes.IDEMPOTENCY_KEY, key == null ? "job " + UUID.randomUUID() : key);
    }

    /** Who may have this server call an address may do more than ask for predictions. */
    private static URI webhook(String text) {
        caller().require(Permission.DEPLOY, "webhook");
        try {
            URI url = new URI(text);
            WebhookOptions.requireSafe(url);
            return url;
        } catch (URISyntaxException none) {
            throw new InvalidInputException("webhook: not an address (expected: https://…, or http:// to localhost)");
        } catch (IllegalArgumentException unsafe) {
            throw new InvalidInputException(String.valueOf(unsafe.getMessage()));
        }
    }

    /** The job that is meant, if it is the caller's. To anybody else it isn't there. */
    private Job job(Call call) {
        Caller caller = caller();
        return jobs.find(call.path("job"))
                .filter(job -> job.endpoint().equals(call.path("endpoint"))
                        && (job.user().equals(caller.name()) || caller.may(Permission.ADMINISTER)))
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "job: " + call.path("job")
                                + " is not here (expected: one that you submitted, and that wasn't deleted). Answers are kept"
                                + " for a day."));
    }

    private HttpResponse show(Call call) {
        return Json.respond(JobView.of(job(call)));
    }

    private HttpResponse answer(Call call) {
        Job job = job(call);
        JobAnswer answer = jobs.findAnswer(job.id())
                .orElseThrow(() -> new MillwrightException(
                        WebError.NOT_YET,
                        "job: " + job.id() + " is " + job.state().word()
                                + " (expected: done or failed). Ask again later."));
        ResponseHeadersBuilder headers =
                ResponseHeaders.builder(answer.status()).contentType(MediaType.parse(answer.contentType()));
        answer.jsonLength().ifPresent(length -> headers.set(InferenceRoutes.JSON_LENGTH, length));
        return HttpResponse.of(headers.build(), HttpData.wrap(answer.body()));
    }

    private HttpResponse delete(Call call) {
        // Whoever deleted it meanwhile did what was wanted.
        var _ = jobs.delete(job(call).id());
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }
}
