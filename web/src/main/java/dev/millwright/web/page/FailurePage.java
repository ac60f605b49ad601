package dev.millwright.web.page;

/** What a person sees when an address leads nowhere or something went wrong. */
public record FailurePage(PageHead head, int status, String reason, String message) {}
