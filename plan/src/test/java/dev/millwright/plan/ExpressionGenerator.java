package dev.millwright.plan;

import java.util.List;
import java.util.Random;

/** Writes random expressions over the columns i, j (bigint), x, y (double), b (boolean), s, u (text), t, v (timestamp). */
final class ExpressionGenerator {
    /** Each function and operator at least once, on plain columns. */
    static final List<String> EACH_FUNCTION = List.of(
            "i + j",
            "i - j",
            "i * j",
            "i / j",
            "x / y",
            "MOD(i, j)",
            "i % j",
            "MOD(x, y)",
            "-i",
            "-x",
            "x * y",
            "x - y",
            "x + i",
            "ABS(i)",
            "ABS(x)",
            "SIGN(i)",
            "SIGN(x)",
            "ROUND(x)",
            "ROUND(x, 2)",
            "ROUND(i)",
            "ROUND(i, 1)",
            "FLOOR(x)",
            "CEIL(x)",
            "FLOOR(i)",
            "CEILING(x)",
            "SQRT(x)",
            "SQRT(i)",
            "LN(x)",
            "LOG10(x)",
            "EXP(x)",
            "POWER(x, y)",
            "POWER(x, 2)",
            "SIN(x / 1000)",
            "COS(y)",
            "SIN(x * y)",
            "TAN(x)",
            "ASIN(x)",
            "ASIN(y)",
            "ACOS(x)",
            "ATAN(x)",
            "ATAN2(x, y)",
            "ATAN2(x, i)",
            "SINH(x)",
            "COSH(y)",
            "TANH(x)",
            "CBRT(x)",
            "LOG2(x)",
            "LOG2(i)",
            "LOG(2, x)",
            "LOG(y, x)",
            "LOG(i, j)",
            "TRUNCATE(x)",
            "TRUNC(y * 10)",
            "TRUNC(i)",
            "DEGREES(x)",
            "RADIANS(y)",
            "PI() * x",
            "POW(x, 0.5)",
            "2 * 6371 * ASIN(SQRT(POWER(SIN(RADIANS(x - y) / 2), 2) + COS(RADIANS(x)) * COS(RADIANS(y)) * POWER(SIN(RADIANS(i) / 2), 2)))",
            "FLOOR(LOG10(ABS(x)))",
            "9223372036854775807 + i",
            "-9223372036854775807 - i",
            "i * 4611686018427387904",
            "(i + 9223372036854775800) - 9223372036854775800",
            "MOD(-9223372036854775807 - 1, i)",
            "ABS(-9223372036854775807 - i)",
            "i = 3 OR 9223372036854775807 + i > 0",
            "CASE WHEN 9223372036854775807 + i > 0 THEN 1 ELSE 0 END",
            "COALESCE(9223372036854775807 + i, -1)",
            "x = y",
            "i <> j",
            "s < u",
            "s >= u",
            "x <= i",
            "t > v",
            "b = (x > 0)",
            "b AND x > 0",
            "b OR x > 0",
            "NOT b",
            "b IS TRUE",
            "b IS NOT TRUE",
            "b IS FALSE",
            "b IS NOT FALSE",
            "b IS NULL",
            "x IS NOT NULL",
            "b IS UNKNOWN",
            "b IS NOT UNKNOWN",
            "x IS DISTINCT FROM y",
            "x IS NOT DISTINCT FROM 0",
            "s IS DISTINCT FROM u",
            "b IS NOT DISTINCT FROM TRUE",
            "i BETWEEN SYMMETRIC j AND 5",
            "x NOT BETWEEN SYMMETRIC 3 AND i",
            "i BETWEEN ASYMMETRIC 1 AND j",
            "i BETWEEN -5 AND 12",
            "i NOT BETWEEN j AND 12",
            "i IN (1, 2, NULL)",
            "i NOT IN (1, 2)",
            "s IN ('a', u)",
            "s LIKE 'a%'",
            "s LIKE u",
            "s NOT LIKE '%b_'",
            "s LIKE 'a!%c' ESCAPE '!'",
            "s || '%' LIKE '%!%' ESCAPE '!'",
            "u LIKE '%%b%%' ESCAPE '%'",
            "u LIKE '!_' ESCAPE '!'",
            "'😀!' || u LIKE '_!!%' ESCAPE '!'",
            "'a\\b' LIKE 'a\\b'",
            "STARTS_WITH(s, u)",
            "ENDS_WITH(s, u)",
            "STARTS_WITH(s, '')",
            "IFNULL(s, u)",
            "IFNULL(i, x)",
            "CASE WHEN b THEN i ELSE x END",
            "CASE i WHEN 1 THEN 'one' WHEN 2 THEN s END",
            "COALESCE(i, x, 0)",
            "NULLIF(i, j)",
            "NULLIF(x, i)",
            "NULLIF(s, 'a')",
            "GREATEST(i, j, x)",
            "LEAST(s, u)",
            "GREATEST(b, x > 0)",
            "UPPER(s)",
            "LOWER(s)",
            "TRIM(s)",
            "TRIM(LEADING 'a' FROM s)",
            "TRIM(TRAILING 'b' FROM s)",
            "TRIM(BOTH '😀' FROM u)",
            "CHAR_LENGTH(s)",
            "LENGTH(u)",
            "SUBSTRING(s FROM 2)",
            "SUBSTRING(s, 2, 3)",
            "SUBSTRING(s, i, j)",
            "SUBSTRING(s, j)",
            "POSITION(u IN s)",
            "CONCAT(s, '-', u)",
            "s || u",
            "CONCAT(s)",
            "LTRIM(s)",
            "RTRIM(s)",
            "OCTET_LENGTH(s)",
            "ASCII(s)",
            "CHR(i)",
            "CHR(i * 100)",
            "CHR(55295 + j)",
            "CHR(i * 1000000000000)",
            "REVERSE(s)",
            "REVERSE(u || s)",
            "LEFT(s, 2)",
            "LEFT(s, i)",
            "RIGHT(s, 3)",
            "RIGHT(s, j)",
            "RIGHT(s, i * 10000000000)",
            "SUBSTR(s, 2, 2)",
            "SUBSTRING(s, -9223372036854775807 - 1, 9223372036854775807)",
            "SPLIT_PART(s, ' ', 1)",
            "SPLIT_PART(s, '-', -1)",
            "SPLIT_PART(s, 'a', 2)",
            "SPLIT_PART(s || u || s, 'aa', -2)",
            "REPLACE(s, 'a', 'xyz')",
            "REPLACE(s, u, s)",
            "REPLACE('aaaa' || s, 'aa', 'a')",
            "TRANSLATE(s, 'abc ', 'x😀')",
            "TRANSLATE(s, u, s)",
            "TRANSLATE(s, 'aab', 'xyz')",
            "OVERLAY(s PLACING u FROM 2)",
            "OVERLAY(s PLACING 'x' FROM i FOR j)",
            "LPAD(s, 4)",
            "LPAD(s, 7, 'é😀')",
            "RPAD(s, 3, 'xy')",
            "RPAD(s, 0)",
            "MD5(s)",
            "HASH_BUCKET(s, 10)",
            "HASH_BUCKET(i, 2147483647)",
            "HASH_BUCKET(u || s, 1)",
            "HASH_BUCKET(b, 1000)",
            "EXTRACT(YEAR FROM t)",
            "EXTRACT(MONTH FROM t)",
            "EXTRACT(DAY FROM t)",
            "EXTRACT(HOUR FROM t)",
            "EXTRACT(MINUTE FROM t)",
            "EXTRACT(SECOND FROM t)",
            "EXTRACT(DOW FROM t)",
            "EXTRACT(DOY FROM t)",
            "EXTRACT(WEEK FROM t)",
            "EXTRACT(QUARTER FROM t)",
            "EXTRACT(EPOCH FROM t)",
            "EXTRACT(ISODOW FROM t)",
            "EXTRACT(ISOYEAR FROM t)",
            epoch("TIMESTAMPADD(MONTH, i, t)"),
            epoch("TIMESTAMPADD(QUARTER, j, t)"),
            epoch("TIMESTAMPADD(YEAR, i, t)"),
            epoch("TIMESTAMPADD(WEEK, i * 1000, t)"),
            epoch("TIMESTAMPADD(MICROSECOND, i, t)"),
            epoch("TIMESTAMPADD(DAY, i * 1000000000000, t)"),
            epoch("TIMESTAMPADD(SECOND, 9223372036854775807, t)"),
            "TIMESTAMPDIFF(MONTH, t, v)",
            "TIMESTAMPDIFF(QUARTER, t, v)",
            "TIMESTAMPDIFF(YEAR, v, t)",
            "TIMESTAMPDIFF(MONTH, t, TIMESTAMPADD(MONTH, i, t))",
            "TIMESTAMPDIFF(MICROSECOND, t, v)",
            "TIMESTAMPDIFF(MILLISECOND, t, v)",
            epoch("t + INTERVAL '3' MONTH"),
            epoch("t - INTERVAL '1-6' YEAR TO MONTH"),
            epoch("t - INTERVAL 2 QUARTER"),
            epoch("LAST_DAY(t)"),
            epoch("DATE_TRUNC('month', t)"),
            epoch("DATE_TRUNC('WEEK', t)"),
            epoch("TIMESTAMP_SECONDS(i)"),
            epoch("TIMESTAMP_MILLIS(i * 1000000000)"),
            epoch("TIMESTAMP_MICROS(i)"),
            epoch("TIMESTAMP_SECONDS(i * 1000000000000)"),
            epoch("TIMESTAMPADD(MINUTE, i, t)"),
            epoch("TIMESTAMPADD(DAY, -j, t)"),
            "TIMESTAMPDIFF(HOUR, t, v)",
            "TIMESTAMPDIFF(SECOND, t, v)",
            "TIMESTAMPDIFF(WEEK, t, v)",
            epoch("t + INTERVAL '90' MINUTE"),
            epoch("t - INTERVAL '400' DAY"),
            epoch("t + INTERVAL '1 12:30' DAY TO MINUTE"),
            epoch("t - INTERVAL '0.5' SECOND"),
            "t > TIMESTAMP '2013-01-01 00:00:00'",
            "t < DATE '2013-07-01'",
            epoch("MAKE_TIMESTAMP(i, j, j, 0, 30, 0)"),
            epoch("MAKE_TIMESTAMP(2013, 3, 10, 2, j, 0)"),
            epoch("MAKE_TIMESTAMP(2013, 11, 3, 1, j, i)"),
            epoch("MAKE_TIMESTAMP(2000 + j, j, 29 + i, 0, 0, 0)"),
            epoch("FLOOR(t TO YEAR)"),
            epoch("FLOOR(t TO QUARTER)"),
            epoch("FLOOR(t TO MONTH)"),
            epoch("FLOOR(t TO WEEK)"),
            epoch("FLOOR(t TO DAY)"),
            epoch("FLOOR(t TO HOUR)"),
            epoch("FLOOR(t TO MINUTE)"),
            epoch("FLOOR(t TO SECOND)"),
            "CAST(x AS BIGINT)",
            "CAST(y * 1e19 AS BIGINT)",
            "CAST(i AS DOUBLE)",
            "CAST(s AS BIGINT)",
            "CAST(s AS DOUBLE)",
            "CAST(s AS BOOLEAN)",
            epoch("CAST(s AS TIMESTAMP)"),
            "CAST(i AS VARCHAR)",
            "CAST(b AS VARCHAR)",
            "CAST(b AS BIGINT)",
            "CAST(b AS DOUBLE)",
            "CAST(i AS BOOLEAN)",
            "CAST(x AS BOOLEAN)",
            "CAST(x AS INTEGER)",
            "CAST(NULL AS DOUBLE)",
            "0.1 + 0.2",
            "1e3",
            "'it''s'",
            "TRUE",
            "-9223372036854775807");

    private final Random random;

    ExpressionGenerator(Random random) {
        this.random = random;
    }

    private static String epoch(String timestamp) {
        return "TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '2000-01-01 00:00:00', " + timestamp + ")";
    }

    /** Of a type that a feature can have. */
    String feature(int depth) {
        return switch (random.nextInt(5)) {
            case 0 -> whole(depth);
            case 1, 2 -> real(depth);
            case 3 -> condition(depth);
            default -> text(depth);
        };
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String whole(int depth) {
        if (depth == 0) {
            return pick("i", "j", "3", "-2", "0");
        }
        int next = depth - 1;
        return switch (random.nextInt(12)) {
            case 0 -> "(" + whole(next) + pick(" + ", " - ") + whole(next) + ")";
            case 1 -> "(" + pick("i", "j") + " * " + pick("7", "j", "-3") + ")";
            case 2 -> "MOD(" + whole(next) + ", " + whole(next) + ")";
            case 3 -> pick("ABS(", "SIGN(", "-(") + whole(next) + ")";
            case 4 -> "CASE WHEN " + condition(next) + " THEN " + whole(next) + " ELSE " + whole(next) + " END";
            case 5 -> pick("COALESCE", "GREATEST", "LEAST", "NULLIF") + "(" + whole(next) + ", " + whole(next) + ")";
            case 6 -> "CHAR_LENGTH(" + text(next) + ")";
            case 7 -> "POSITION(" + pick("u", "'b'") + " IN " + text(next) + ")";
            case 8 -> "EXTRACT(" + pick("YEAR", "HOUR", "DOW", "WEEK", "EPOCH") + " FROM " + time(next) + ")";
            case 9 -> "TIMESTAMPDIFF(" + pick("DAY", "HOUR", "SECOND") + ", " + time(next) + ", " + time(next) + ")";
            case 10 -> "CAST(" + text(next) + " AS BIGINT)";
            default -> pick("i", "j");
        };
    }

    String real(int depth) {
        if (depth == 0) {
            return pick("x", "y", "0.5", "-1.25");
        }
        int next = depth - 1;
        return switch (random.nextInt(10)) {
            case 0, 1 -> "(" + real(next) + pick(" + ", " - ", " * ", " / ") + real(next) + ")";
            case 2 -> "(" + whole(next) + " / " + real(next) + ")";
            case 3 ->
                pick("ABS(", "SQRT(", "LN(", "LOG10(", "FLOOR(", "CEIL(", "SIGN(", "-(", "EXP(") + real(next) + ")";
            case 4 -> "CASE WHEN " + condition(next) + " THEN " + real(next) + " ELSE " + whole(next) + " END";
            case 5 -> pick("COALESCE", "GREATEST", "LEAST", "NULLIF") + "(" + real(next) + ", " + real(next) + ")";
            case 6 -> "CAST(" + pick(whole(next), text(next)) + " AS DOUBLE)";
            case 7 -> "MOD(" + pick("x", "y", "12.5") + ", " + pick("3.0", "y", "0.7") + ")";
            default -> pick("x", "y");
        };
    }

    String condition(int depth) {
        if (depth == 0) {
            return pick("b", "TRUE", "(x > 0)", "(s IS NULL)");
        }
        int next = depth - 1;
        return switch (random.nextInt(9)) {
            case 0 -> "(" + condition(next) + pick(" AND ", " OR ") + condition(next) + ")";
            case 1 -> "(NOT " + condition(next) + ")";
            case 2 -> "(" + real(next) + comparison() + whole(next) + ")";
            case 3 -> "(" + text(next) + comparison() + text(next) + ")";
            case 4 -> "(" + time(next) + comparison() + time(next) + ")";
            case 5 ->
                "(" + condition(next) + pick(" IS TRUE", " IS NOT TRUE", " IS FALSE", " IS NULL", " IS NOT NULL") + ")";
            case 6 -> "(" + whole(next) + pick(" IN ", " NOT IN ") + "(" + whole(next) + ", 5))";
            case 7 -> "(" + text(next) + " LIKE " + pick("'%a%'", "'_b%'", "u") + ")";
            default -> "(" + whole(next) + " BETWEEN " + whole(next) + " AND " + whole(next) + ")";
        };
    }

    private String comparison() {
        return pick(" = ", " <> ", " < ", " <= ", " > ", " >= ");
    }

    String text(int depth) {
        if (depth == 0) {
            return pick("s", "u", "'ab'", "''");
        }
        int next = depth - 1;
        return switch (random.nextInt(8)) {
            case 0 -> "(" + text(next) + " || " + text(next) + ")";
            case 1 -> pick("UPPER(", "LOWER(", "TRIM(") + text(next) + ")";
            case 2 -> "SUBSTRING(" + text(next) + ", " + whole(next) + ", " + whole(next) + ")";
            case 3 -> "CAST(" + whole(next) + " AS VARCHAR)";
            case 4 ->
                "CASE " + pick("i", "j") + " WHEN " + whole(next) + " THEN " + text(next) + " ELSE " + text(next)
                        + " END";
            case 5 -> pick("COALESCE", "GREATEST", "LEAST", "NULLIF") + "(" + text(next) + ", " + text(next) + ")";
            default -> pick("s", "u");
        };
    }

    String time(int depth) {
        if (depth == 0) {
            return pick("t", "v", "TIMESTAMP '2013-07-01 12:30:00'");
        }
        int next = depth - 1;
        return switch (random.nextInt(6)) {
            case 0 ->
                "TIMESTAMPADD(" + pick("MINUTE", "HOUR", "SECOND") + ", " + pick("i", "j", "-3") + ", " + time(next)
                        + ")";
            case 1 -> "(" + time(next) + pick(" + ", " - ") + "INTERVAL '36' HOUR)";
            case 2 ->
                "MAKE_TIMESTAMP(" + pick("i", "2013", "ABS(j) + 2000") + ", " + whole(next) + ", " + pick("j", "3")
                        + ", 2, " + pick("j", "30") + ", 0)";
            case 3 -> "FLOOR(" + time(next) + " TO " + pick("DAY", "MONTH", "HOUR", "WEEK") + ")";
            case 4 -> "COALESCE(" + time(next) + ", " + time(next) + ")";
            default -> pick("t", "v");
        };
    }
}
