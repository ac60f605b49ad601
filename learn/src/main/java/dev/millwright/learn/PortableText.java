package dev.millwright.learn;

/**
 * Whether a text means the same bytes to every ONNX runtime. ONNX Runtime's Java interface passes strings as Java's modified
 * UTF-8, in which NUL and characters beyond U+FFFF (emoji) are other bytes than in UTF-8. Values with such characters
 * therefore never get a slot of their own: they count as unseen, the same everywhere.
 */
final class PortableText {
    private PortableText() {}

    static boolean isPortable(String text) {
        return text.chars().noneMatch(unit -> unit == 0 || Character.isSurrogate((char) unit));
    }
}
