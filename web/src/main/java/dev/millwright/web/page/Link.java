package dev.millwright.web.page;

/** Something to follow: what it says, and where it leads. */
public record Link(String label, String href) {}
