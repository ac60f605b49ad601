package dev.millwright.web;

import dev.millwright.data.Lake;
import dev.millwright.monitoring.FeedbackStore;
import dev.millwright.monitoring.MonitorEngine;
import dev.millwright.monitoring.PredictionLog;
import dev.millwright.pipelines.Deployments;
import dev.millwright.pipelines.EventDesk;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.pipelines.datasets.DatasetChanges;
import dev.millwright.pipelines.jobs.JobDesk;
import dev.millwright.registry.Registry;
import dev.millwright.serving.Router;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the server answers with; all of it outlives the server.
 *
 * @param reset forgets everything; empty where what is kept may not be forgotten
 */
public record Services(
        Registry registry,
        Router router,
        RunDesk runs,
        Deployments deployments,
        EventDesk events,
        PredictionLog predictions,
        FeedbackStore feedback,
        MonitorEngine monitors,
        JobDesk jobs,
        DatasetChanges datasets,
        Lake lake,
        InstantSource clock,
        Optional<Runnable> reset) {

    /** Those of a home that is kept. */
    public Services(
            Registry registry,
            Router router,
            RunDesk runs,
            Deployments deployments,
            EventDesk events,
            PredictionLog predictions,
            FeedbackStore feedback,
            MonitorEngine monitors,
            JobDesk jobs,
            DatasetChanges datasets,
            Lake lake,
            InstantSource clock) {
        this(
                registry,
                router,
                runs,
                deployments,
                events,
                predictions,
                feedback,
                monitors,
                jobs,
                datasets,
                lake,
                clock,
                Optional.empty());
    }
}
