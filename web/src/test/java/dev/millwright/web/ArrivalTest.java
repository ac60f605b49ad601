package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.serving.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ArrivalTest {
    private final long start = System.nanoTime() - TimeUnit.SECONDS.toNanos(20);

    private ServiceRequestContext context() {
        return ServiceRequestContext.builder(HttpRequest.of(HttpMethod.POST, "/"))
                .requestStartTime(start, 0)
                .build();
    }

    @Test
    void aTimeout_countsFromTheBeginning() {
        ServiceRequestContext context = context();
        context.setRequestTimeoutMillis(TimeoutMode.SET_FROM_START, 60_000);
        Arrival arrival = Arrival.of(context);
        assertThat(arrival.deadline()).isEqualTo(new Deadline(start + TimeUnit.SECONDS.toNanos(60)));
        assertThat(arrival.deadline().left()).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(40));
        assertThat(Arrival.ofMessage(context).deadline())
                .as("a message that comes later in the same call")
                .isEqualTo(arrival.deadline());
    }

    @Test
    void whatTheClientItselfSays_countsFromTheArrival() {
        ServiceRequestContext context = context();
        context.setRequestTimeoutMillis(TimeoutMode.SET_FROM_START, 60_000);
        Arrival arrival = Arrival.of(context);
        assertThat(arrival.within(1_000_000)).isEqualTo(Deadline.after(start, Duration.ofSeconds(1)));
        assertThat(arrival.within(Long.MAX_VALUE)).isEqualTo(arrival.deadline());
        assertThat(Arrival.ofMessage(context).within(1_000_000).left()).isPositive();
    }

    @Test
    void withoutATimeout_thereIsTime() {
        ServiceRequestContext context = context();
        context.clearRequestTimeout();
        assertThat(Arrival.of(context).deadline()).isEqualTo(Deadline.NONE);
    }
}
