package dev.millwright.web.page;

import java.util.List;

/** Every endpoint, at a glance. */
public record EndpointsPage(PageHead head, List<OverviewPage.EndpointCard> endpoints) {
    public EndpointsPage {
        endpoints = List.copyOf(endpoints);
    }
}
