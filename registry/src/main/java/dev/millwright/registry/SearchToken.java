package dev.millwright.registry;

import java.util.Optional;

/** A lexical part of a filter or an order. */
record SearchToken(Kind kind, String text, int position) {
    enum Kind {
        /** A word: a name, with dots in it, or a keyword. */
        WORD,
        /** A name in backquotes. */
        QUOTED_NAME,
        /** A text in single or double quotes; where a name is expected, a name in double quotes. */
        TEXT,
        NUMBER,
        COMPARATOR,
        DOT,
        COMMA,
        OPEN,
        CLOSE,
        END
    }

    /** Reads tokens one after the other. */
    static final class Reader {
        private static final String COMPARATORS = "<>=!";

        private final String input;
        private int at;

        Reader(String input) {
            this.input = input;
        }

        SearchToken next() {
            while (at < input.length() && Character.isWhitespace(input.charAt(at))) {
                at++;
            }
            if (at == input.length()) {
                return new SearchToken(Kind.END, "", at);
            }
            char c = input.charAt(at);
            return switch (c) {
                case '\'', '"' -> quoted(c, Kind.TEXT);
                case '`' -> quoted(c, Kind.QUOTED_NAME);
                case '.' -> startsNumber(at + 1) ? number() : single(Kind.DOT);
                case ',' -> single(Kind.COMMA);
                case '(' -> single(Kind.OPEN);
                case ')' -> single(Kind.CLOSE);
                default -> {
                    if (COMPARATORS.indexOf(c) >= 0) {
                        yield comparator();
                    }
                    yield startsSignedNumber(c) ? number() : word();
                }
            };
        }

        private boolean startsSignedNumber(char c) {
            boolean sign = c == '-' || c == '+';
            return sign ? startsNumber(at + 1) : startsNumber(at);
        }

        private boolean startsNumber(int index) {
            boolean digit = index < input.length() && Character.isDigit(input.charAt(index));
            boolean fraction = index + 1 < input.length()
                    && input.charAt(index) == '.'
                    && Character.isDigit(input.charAt(index + 1));
            return digit || fraction;
        }

        private SearchToken single(Kind kind) {
            return new SearchToken(kind, input.substring(at, ++at), at - 1);
        }

        private SearchToken quoted(char quote, Kind kind) {
            int start = at;
            StringBuilder text = new StringBuilder();
            for (at++; at < input.length(); at++) {
                char c = input.charAt(at);
                if (c != quote) {
                    text.append(c);
                } else if (at + 1 < input.length() && input.charAt(at + 1) == quote) {
                    text.append(c);
                    at++;
                } else {
                    at++;
                    return new SearchToken(kind, text.toString(), start);
                }
            }
            throw new SearchMistakeException(
                    "filter: " + input + ": the quote at " + (start + 1) + " is not closed (expected: " + quote + ")",
                    start + 1);
        }

        private SearchToken comparator() {
            int start = at;
            while (at < input.length() && COMPARATORS.indexOf(input.charAt(at)) >= 0) {
                at++;
            }
            return new SearchToken(Kind.COMPARATOR, input.substring(start, at), start);
        }

        private SearchToken number() {
            int start = at;
            while (at < input.length() && isOfNumber(input.charAt(at), start)) {
                at++;
            }
            return new SearchToken(Kind.NUMBER, input.substring(start, at), start);
        }

        private boolean isOfNumber(char c, int start) {
            boolean sign =
                    (c == '-' || c == '+') && (at == start || Character.toLowerCase(input.charAt(at - 1)) == 'e');
            return sign || c == '.' || Character.isLetterOrDigit(c) || c == '_';
        }

        private SearchToken word() {
            int start = at;
            while (at < input.length() && isOfWord(input.charAt(at))) {
                at++;
            }
            if (at == start) {
                throw new SearchMistakeException(
                        "filter: " + input + ": '" + input.charAt(at) + "' at " + (at + 1)
                                + " (expected: a name, a comparator or a value)",
                        at + 1);
            }
            return new SearchToken(Kind.WORD, input.substring(start, at), start);
        }

        private static boolean isOfWord(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '/' || c == ':' || c == '@' || c == '$';
        }
    }

    boolean isWord(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    Optional<String> name() {
        return switch (kind) {
            case WORD, QUOTED_NAME, TEXT, NUMBER -> Optional.of(text);
            case COMPARATOR, DOT, COMMA, OPEN, CLOSE, END -> Optional.empty();
        };
    }
}
