package dev.millwright.plan;

import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/**
 * SQL text at its place in a file: parses it and turns Calcite's positions into the file's. The parser reserves {@code date},
 * {@code time} and {@code timestamp}; where one can't be parsed it is taken for the column of that name and quoted, since such
 * columns are common. Not thread-safe.
 */
final class SqlSource {
    private static final Set<String> RESERVED_COLUMN_NAMES =
            Set.of("date", "time", "timestamp", "interval", "row", "user");
    private static final List<String> KEYWORDS = List.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP",
            "BY",
            "HAVING",
            "WINDOW",
            "WITH",
            "AS",
            "ON",
            "JOIN",
            "LEFT",
            "INNER",
            "ASOF",
            "OVER",
            "PARTITION",
            "ORDER",
            "RANGE",
            "BETWEEN",
            "PRECEDING",
            "CURRENT",
            "INTERVAL",
            "MATCH_CONDITION",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "AND",
            "OR",
            "NOT",
            "EXTRACT",
            "CAST");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
    static final SqlParser.Config PARSER = SqlParser.config()
            .withParserFactory(SqlBabelParserImpl.FACTORY)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(false)
            .withIdentifierMaxLength(1024)
            .withConformance(SqlConformanceEnum.BABEL);

    private final Problem.Position start;
    private final List<String> lines;
    private final List<Quoted> quoted = new ArrayList<>();

    /** A word that was put in quotes; line and column count from 1 in the original. */
    private record Quoted(int line, int column, int length) {}

    SqlSource(String sql, Problem.Position start) {
        this.start = start;
        this.lines = sql.lines().toList();
    }

    /** The one statement, or empty after a problem was reported. */
    Optional<SqlNode> parseQuery(Reporter reporter) {
        return parse(reporter, "one SELECT", parser -> {
            SqlNodeList statements = parser.parseStmtList();
            if (statements.size() > 1) {
                reporter.report(
                        statements.get(1),
                        "sql: a second statement (expected: one SELECT). Join the two, or remove one.");
            }
            return statements.get(0);
        });
    }

    /** The one expression, or empty after a problem was reported. */
    Optional<SqlNode> parseExpression(Reporter reporter) {
        return parse(reporter, "an expression", SqlParser::parseExpression);
    }

    Problem.Position position(SqlParserPos at) {
        int column = originalColumn(at.getLineNum(), at.getColumnNum());
        return new Problem.Position(
                start.file(),
                start.line() + Math.max(0, at.getLineNum() - 1),
                start.column() + Math.max(0, column - 1));
    }

    /** What was written there, up to the end of the line. */
    String text(SqlParserPos at) {
        if (at.getLineNum() < 1 || at.getLineNum() > lines.size()) {
            return "";
        }
        String line = lines.get(at.getLineNum() - 1);
        boolean oneLine = at.getEndLineNum() == at.getLineNum();
        int end = oneLine ? originalColumn(at.getEndLineNum(), at.getEndColumnNum()) : line.length();
        int from = Math.clamp(originalColumn(at.getLineNum(), at.getColumnNum()) - 1, 0, line.length());
        return line.substring(from, Math.clamp(end, from, line.length())) + (oneLine ? "" : " …");
    }

    /** Takes out the quotes that were added before a column of the parsed text. */
    private int originalColumn(int line, int column) {
        int inserted = 0;
        for (Quoted word : quotedOn(line)) {
            int openingQuote = word.column() + inserted;
            if (column > openingQuote) {
                inserted += column > openingQuote + word.length() ? 2 : 1;
            }
        }
        return column - inserted;
    }

    private List<Quoted> quotedOn(int line) {
        return quoted.stream().filter(word -> word.line() == line).toList();
    }

    private interface Parse {
        SqlNode from(SqlParser parser) throws SqlParseException;
    }

    private Optional<SqlNode> parse(Reporter reporter, String expected, Parse parse) {
        if (lines.stream().allMatch(String::isBlank)) {
            reporter.report(SqlParserPos.ZERO, "sql: empty (expected: " + expected + ")");
            return Optional.empty();
        }
        while (true) {
            try {
                return Optional.of(parse.from(SqlParser.create(text(), PARSER)));
            } catch (SqlParseException e) {
                if (!quoteReservedWord(e.getPos())) {
                    reporter.report(e.getPos() == null ? SqlParserPos.ZERO : e.getPos(), describe(e, expected));
                    return Optional.empty();
                }
            }
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int line = 1; line <= lines.size(); line++) {
            StringBuilder edited = new StringBuilder(lines.get(line - 1));
            for (Quoted word : quotedOn(line).reversed()) {
                edited.insert(word.column() - 1 + word.length(), '"').insert(word.column() - 1, '"');
            }
            text.append(edited).append('\n');
        }
        return text.toString();
    }

    private boolean quoteReservedWord(SqlParserPos at) {
        if (at == null || at.getLineNum() < 1 || at.getLineNum() > lines.size()) {
            return false;
        }
        String line = lines.get(at.getLineNum() - 1);
        int column = originalColumn(at.getLineNum(), at.getColumnNum());
        while (column <= line.length() && !Character.isLetter(line.charAt(column - 1))) {
            column++; // the place may be that of a dot or comma before the word
        }
        String word = wordAt(at.getLineNum(), column);
        Quoted candidate = new Quoted(at.getLineNum(), column, word.length());
        if (!RESERVED_COLUMN_NAMES.contains(word.toLowerCase(Locale.ROOT)) || quoted.contains(candidate)) {
            return false;
        }
        quoted.add(candidate);
        quoted.sort((a, b) -> Integer.compare(a.column(), b.column()));
        return true;
    }

    private String wordAt(int line, int column) {
        Matcher matcher = WORD.matcher(lines.get(line - 1));
        return matcher.find(Math.min(column - 1, lines.get(line - 1).length())) && matcher.start() == column - 1
                ? matcher.group()
                : "";
    }

    private String describe(SqlParseException e, String expected) {
        String first =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
        Matcher encountered = Pattern.compile("^Encountered \"(.*)\" at line \\d+, column \\d+\\.?.*$")
                .matcher(first);
        if (!encountered.matches()) {
            return "sql: " + first + suggestion(e.getPos());
        }
        String found = encountered.group(1);
        String what = found.endsWith("<EOF>") ? "the text ends too early" : "unexpected '" + found + "'";
        return "sql: " + what + " (expected: " + expected + " in standard SQL)." + suggestion(e.getPos());
    }

    /** The keyword that the word at the error, or the one before it, was probably meant to be. */
    private String suggestion(SqlParserPos at) {
        if (at == null || at.getLineNum() < 1 || at.getLineNum() > lines.size()) {
            return "";
        }
        int column = originalColumn(at.getLineNum(), at.getColumnNum());
        String before = lines.get(at.getLineNum() - 1)
                .substring(
                        0, Math.min(column - 1, lines.get(at.getLineNum() - 1).length()));
        List<String> words = new ArrayList<>(List.of(wordAt(at.getLineNum(), column)));
        Matcher matcher = WORD.matcher(before);
        String previous = "";
        while (matcher.find()) {
            previous = matcher.group();
        }
        words.add(previous);
        return words.stream()
                .filter(word -> word.length() > 2 && KEYWORDS.stream().noneMatch(word::equalsIgnoreCase))
                .flatMap(word -> Words.nearest(word, KEYWORDS).stream()
                        .map(near -> " Did you mean '" + near + "' for '" + word + "'?"))
                .findFirst()
                .orElse("");
    }
}
