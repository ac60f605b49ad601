package dev.millwright.web.page;

/** A word about a state, and how good the news is. */
public record Badge(String label, Tone tone) {}
