package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of one expectation, read one after the other; a mistake is reported at its place in the file. */
final class ExpectationTokens {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?)|(?<word>[\\p{L}_][\\p{L}\\p{N}_]*)"
                    + "|\"(?<quoted>(?:[^\"]|\"\")+)\"|'(?<text>(?:[^']|'')*)'|(?<symbol><=|>=|<>|!=|[^\\s]))");

    private final String text;
    private final String shown;
    private final Problem.Position at;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    enum Kind {
        NUMBER,
        WORD,
        QUOTED,
        TEXT,
        SYMBOL,
        END
    }

    /** @param offset where it begins in the text */
    record Token(Kind kind, String text, int offset) {
        /** Whether it can be the name of a column. */
        boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED;
        }

        boolean isWord(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }

        boolean isSymbol(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }
    }

    ExpectationTokens(String text, Problem.Position at) {
        this(text, text, at);
    }

    /** @param shown the text that messages quote, of which this is a part */
    ExpectationTokens(String text, String shown, Problem.Position at) {
        this.text = text;
        this.shown = shown;
        this.at = at;
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.lookingAt()) {
            tokens.add(token(matcher));
            matcher.region(matcher.end(), text.length());
        }
        tokens.add(new Token(Kind.END, "the end", text.length()));
    }

    private static Token token(Matcher matcher) {
        if (matcher.group("number") != null) {
            return new Token(Kind.NUMBER, matcher.group("number"), matcher.start("number"));
        }
        if (matcher.group("word") != null) {
            return new Token(Kind.WORD, matcher.group("word"), matcher.start("word"));
        }
        if (matcher.group("quoted") != null) {
            return new Token(Kind.QUOTED, matcher.group("quoted").replace("\"\"", "\""), matcher.start("quoted") - 1);
        }
        if (matcher.group("text") != null) {
            return new Token(Kind.TEXT, matcher.group("text").replace("''", "'"), matcher.start("text") - 1);
        }
        return new Token(Kind.SYMBOL, matcher.group("symbol"), matcher.start("symbol"));
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The one after {@link #peek}. */
    Token second() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    boolean acceptWord(String word) {
        boolean found = peek().isWord(word);
        if (found) {
            next++;
        }
        return found;
    }

    boolean accept(String symbol) {
        boolean found = peek().isSymbol(symbol);
        if (found) {
            next++;
        }
        return found;
    }

    void word(String word) {
        if (!acceptWord(word)) {
            throw wrong(peek(), "'" + word + "'");
        }
    }

    void symbol(String symbol) {
        if (!accept(symbol)) {
            throw wrong(peek(), "'" + symbol + "'");
        }
    }

    void end() {
        if (peek().kind() != Kind.END) {
            throw wrong(peek(), "the end");
        }
    }

    /** Goes back to the first. */
    void restart() {
        next = 0;
    }

    Problem.Position place(int offset) {
        int line =
                (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
        int column = line == 0 ? offset : offset - text.lastIndexOf('\n', offset - 1) - 1;
        return new Problem.Position(at.file(), at.line() + line, at.column() + column);
    }

    InvalidInputException wrong(Token token, String expected) {
        return wrong(token.offset(), "'" + token.text() + "' (expected: " + expected + ")");
    }

    InvalidInputException wrong(int offset, String message) {
        return new InvalidInputException(List.of(Problem.at(place(offset), prefix() + message)));
    }

    /** Says of mistakes that others found which expectation they are in. */
    InvalidInputException within(InvalidInputException mistakes) {
        return new InvalidInputException(mistakes.problems().stream()
                .map(problem -> new Problem(problem.where(), problem.key(), prefix() + problem.message()))
                .toList());
    }

    private String prefix() {
        return "expect '" + shown.replaceAll("\\s*\\n\\s*", " ") + "': ";
    }
}
