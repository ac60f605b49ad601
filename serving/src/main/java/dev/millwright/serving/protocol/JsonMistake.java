package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with JSON that was sent, without the names by which the parser's programmers know it. */
public final class JsonMistake {
    private static final Pattern TOO_LARGE = Pattern.compile("(\\w+) .*exceeds the maximum allowed \\((\\d+).*");
    private static final Map<String, String> LARGE_THINGS = Map.of(
            "String", "a text of more than %s characters",
            "Name", "a name of more than %s characters",
            "Number", "a number of more than %s characters",
            "Document", "values nested more than %s deep");
    private static final Pattern NOT_STANDARD = Pattern.compile("Non-standard token '([^']*)'.*", Pattern.DOTALL);

    private JsonMistake() {}

    /** {@code not JSON at line 1, column 7: …}; of a body in memory, which cannot fail to be read but by what is in it. */
    public static String describe(IOException failure) {
        if (!(failure instanceof JsonProcessingException mistake)) {
            return "not JSON: characters that are none (expected: UTF-8)";
        }
        String what = mistake instanceof JsonParseException ? "not JSON" : "more than is accepted";
        String where = mistake.getLocation() == null
                ? ""
                : " at line " + mistake.getLocation().getLineNr() + ", column "
                        + mistake.getLocation().getColumnNr();
        return what + where + ": " + reason(mistake);
    }

    private static String reason(JsonProcessingException mistake) {
        String told = mistake.getOriginalMessage();
        Matcher tooLarge = TOO_LARGE.matcher(told);
        if (mistake instanceof StreamConstraintsException && tooLarge.matches()) {
            return String.format(LARGE_THINGS.getOrDefault(tooLarge.group(1), "more than %s"), tooLarge.group(2));
        }
        Matcher notStandard = NOT_STANDARD.matcher(told);
        return notStandard.matches()
                ? notStandard.group(1) + " (expected: a number, or null where it is missing)"
                : told.replaceAll("\\s*\\(start marker at .*", "");
    }
}
