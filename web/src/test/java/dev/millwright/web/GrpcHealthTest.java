package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.grpc.GrpcClients;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc.HealthBlockingStub;
import io.grpc.health.v1.HealthGrpc.HealthStub;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health checks that gRPC knows of itself, which supervisors and load balancers send. */
final class GrpcHealthTest {
    private static final String INFERENCE = "inference.GRPCInferenceService";

    @TempDir
    private Path folder;

    private static HealthCheckRequest of(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    @Test
    void saysThatTheServerIsReady_onceItIs_toThoseWhoAskAndWhoWait() throws Exception {
        Watcher watcher = new Watcher();
        try (SmallHome home = new SmallHome(folder)) {
            String url = "gproto+" + home.url() + "/";
            HealthBlockingStub health = GrpcClients.newClient(url, HealthBlockingStub.class);
            GrpcClients.newClient(url, HealthStub.class).watch(of(INFERENCE), watcher);
            for (String service : List.of("", INFERENCE)) {
                assertThat(health.check(of(service)).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            }
            assertThat(watcher.next()).isEqualTo(ServingStatus.NOT_SERVING);

            home.warmUp();

            for (String service : List.of("", INFERENCE)) {
                assertThat(health.check(of(service)).getStatus()).isEqualTo(ServingStatus.SERVING);
            }
            assertThat(watcher.next()).isEqualTo(ServingStatus.SERVING);
            assertThatThrownBy(() -> health.check(of("visits")))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            unknown -> assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
        }
        assertThat(watcher.end).succeedsWithin(30, TimeUnit.SECONDS);
    }

    private static final class Watcher implements StreamObserver<HealthCheckResponse> {
        private final BlockingQueue<ServingStatus> told = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        ServingStatus next() throws InterruptedException {
            return told.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public void onNext(HealthCheckResponse answer) {
            told.add(answer.getStatus());
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }
    }
}
