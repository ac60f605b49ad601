package dev.millwright.web.page;

import java.util.Optional;

/** Something that happened, in a person's words. */
public record Happening(Moment time, Tone tone, String title, String detail, Optional<String> href) {}
