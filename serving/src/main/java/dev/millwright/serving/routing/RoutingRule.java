package dev.millwright.serving.routing;

/**
 * Sends requests that meet a condition to one version.
 *
 * @param version that answers them
 */
public record RoutingRule(RequestCondition when, int version) {}
