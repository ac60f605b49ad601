package dev.millwright.plan;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;

/** Writes names of tables and columns as feature SQL takes them. */
public final class SqlNames {
    private SqlNames() {}

    /** The name as it is where the parser takes it for a name wherever one may stand, else in double quotes. */
    public static String written(String name) {
        return isPlain(name) ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Whether feature SQL has a function or aggregate of this name, in any case. */
    public static boolean isFunction(String name) {
        return FunctionTable.names().stream().anyMatch(name::equalsIgnoreCase);
    }

    /** Whether the parser takes it for a name wherever one may stand: neither special characters nor a reserved word. */
    public static boolean isPlain(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            return false;
        }
        String everywhere = "SELECT " + name + ", n." + name + ", EXTRACT(HOUR FROM " + name + ") AS " + name + " FROM "
                + name + " WHERE " + name + " > 1";
        try {
            SqlParser.create(everywhere, SqlSource.PARSER).parseStmtList();
            SqlNode alone = SqlParser.create(name, SqlSource.PARSER).parseExpression();
            return alone instanceof SqlIdentifier identifier && identifier.isSimple();
        } catch (SqlParseException reserved) {
            return false;
        }
    }
}
