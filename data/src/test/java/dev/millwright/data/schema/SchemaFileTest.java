package dev.millwright.data.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.OtherColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaFileTest {
    @TempDir
    private Path folder;

    private SchemaFile read(String name, String text, String... elsewhere) throws IOException {
        return SchemaFile.read(name, Files.writeString(folder.resolve(name), text), Set.of(elsewhere));
    }

    private List<String> problems(String name, String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> read(name, text)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private static List<String> columns(SchemaFile schema) {
        return schema.columns().stream().map(SchemaFileTest::line).toList();
    }

    private static String line(ColumnContract column) {
        return column.name() + " " + column.type().map(ColumnType::label).orElse("?") + " " + column.promises()
                + column.description().map(text -> " " + text).orElse("");
    }

    @Test
    void readsARecordOfAvro_withUnionsEnumsAndLogicalTypes() throws IOException {
        SchemaFile schema = read("user.avsc", """
                {"namespace": "example.avro", "type": "record", "name": "User", "doc": "Of the shop",
                 "fields": [
                   {"name": "name", "type": "string", "doc": "as it is signed"},
                   {"name": "favorite_number", "type": ["int", "null"]},
                   {"name": "balance", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}]},
                   {"name": "suit", "type": {"type": "enum", "name": "Suit", "symbols": ["SPADES", "HEARTS"]}},
                   {"name": "trump", "type": ["null", "example.avro.Suit"], "default": null},
                   {"name": "born", "type": {"type": "int", "logicalType": "date"}},
                   {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                   {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
                   {"name": "tags", "type": {"type": "array", "items": "string"}},
                   {"name": "active", "type": "boolean"}
                 ]}
                """);

        assertThat(columns(schema))
                .containsExactly(
                        "name varchar [name is not null] as it is signed",
                        "favorite_number bigint []",
                        "balance double []",
                        "suit varchar [suit is not null, suit in ('SPADES', 'HEARTS')]",
                        "trump varchar [trump in ('SPADES', 'HEARTS')]",
                        "born timestamp [born is not null]",
                        "seen timestamp [seen is not null]",
                        "id varchar [id is not null, id matches '" + SchemaColumn.UUID + "']",
                        "tags varchar [tags is not null]",
                        "active boolean [active is not null]");
        assertThat(schema.others()).isEqualTo(OtherColumns.KEEP);
        assertThat(schema.notes())
                .containsExactly("user.avsc:11:29: tags: array is kept as its JSON; what is in it is not checked.");
        assertThat(schema.places()).containsKey("born").hasSize(10);
    }

    @Test
    void refusesTypesThatNoColumnHas_allAtOnce_eachAtItsPlace() {
        assertThat(problems("event.avsc", """
                        {"type": "record", "name": "Event", "fields": [
                          {"name": "payload", "type": "bytes"},
                          {"name": "either", "type": ["string", "long"]},
                          {"name": "gone", "type": "Elsewhere"},
                          {"name": "ID", "type": "long"},
                          {"name": "id", "type": "long"}
                        ]}
                        """))
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .startsWith("event.avsc:2:31: payload: bytes (expected: boolean, int, long,")
                                .endsWith("or say beside 'from' what it is, as in payload: varchar)."),
                        problem -> assertThat(problem)
                                .startsWith("event.avsc:3:30: either: [\"string\",\"long\"] (expected:"),
                        problem -> assertThat(problem).startsWith("event.avsc:4:28: gone: Elsewhere (expected:"),
                        problem ->
                                assertThat(problem).startsWith("event.avsc:6:3: id: a second time (expected: names"));
    }

    @Test
    void doesNotLookAtAColumnThatIsSaidElsewhere() throws IOException {
        SchemaFile schema = read("event.avsc", """
                {"type": "record", "name": "Event", "fields": [
                  {"name": "payload", "type": "bytes"}, {"name": "n", "type": "long"}]}
                """, "payload");

        assertThat(columns(schema)).containsExactly("n bigint [n is not null]");
    }

    @Test
    void readsAJsonSchema_withReferencesRangesAndFormats() throws IOException {
        SchemaFile schema = read("product.schema.json", """
                {
                  "$schema": "https://json-schema.org/draft/2020-12/schema",
                  "type": "object",
                  "properties": {
                    "productId": {"description": "The unique identifier for a product", "type": "integer"},
                    "price": {"type": "number", "exclusiveMinimum": 0, "maximum": 1e3},
                    "stock": {"type": ["integer", "null"], "minimum": 0},
                    "sku": {"type": "string", "pattern": "^[A-Z]{3}[0-9]+$", "maxLength": 12},
                    "note": {"type": "string", "pattern": "a|b"},
                    "status": {"enum": ["open", "shut", null]},
                    "grade": {"oneOf": [{"const": 1, "title": "poor"}, {"const": 2}]},
                    "added": {"type": "string", "format": "date-time"},
                    "seller": {"$ref": "#/$defs/party"},
                    "mail": {"type": "string", "format": "email"},
                    "count": {"type": "integer", "format": "int32", "multipleOf": 5},
                    "any": true
                  },
                  "required": ["productId", "price", "stock", "status"],
                  "additionalProperties": false,
                  "$defs": {"party": {"title": "Who sells it", "anyOf": [{"type": "string"}, {"type": "null"}]}}
                }
                """);

        assertThat(columns(schema))
                .containsExactly(
                        "productId bigint [productId is not null] The unique identifier for a product",
                        "price double [price is not null, price <= 1E+3, price > 0]",
                        "stock bigint [stock >= 0]",
                        "sku varchar [sku matches '[A-Z]{3}[0-9]+', sku matches '(?s:.{0,12})']",
                        "note varchar [note matches '(?s:.*)(?:a|b)(?s:.*)']",
                        "status varchar [status in ('open', 'shut')]",
                        "grade bigint [grade in (1, 2)]",
                        "added timestamp []",
                        "seller varchar [] Who sells it",
                        "mail varchar []",
                        "count bigint [count >= -2147483648, count <= 2147483647]",
                        "any ? []");
        assertThat(schema.others()).isEqualTo(OtherColumns.REFUSE);
        assertThat(schema.notes())
                .containsExactly(
                        "product.schema.json:14:13: mail: format: email is not checked; a 'pattern' would be.",
                        "product.schema.json:15:67: count: multipleOf: 5 is not checked.");
    }

    @Test
    void refusesWhatAContractCantHold_andSchemasInOtherFilesOrInCircles() {
        assertThat(problems("p.json", """
                        {"type": "object", "properties": {
                          "a": {"type": ["string", "number"]},
                          "b": {"$ref": "https://example.org/b.json"},
                          "c": {"$ref": "#/properties/c"},
                          "d": {"type": "integer", "enum": [1, "x"]},
                          "e": false
                        }}
                        """))
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .startsWith("p.json:2:17: a: [\"string\",\"number\"] (expected: boolean, integer,"),
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "p.json:3:17: $ref: https://example.org/b.json (expected: a place in this file,"
                                                + " such as #/$defs/address; bundle the schema into one file)."),
                        problem -> assertThat(problem)
                                .contains("c: $ref leads in a circle (expected: a schema that ends)."),
                        problem -> assertThat(problem)
                                .startsWith("p.json:5:36: d: [1,\"x\"] (expected: values of one type"),
                        problem -> assertThat(problem).startsWith("p.json:6:8: e: false, which no value meets"));
    }

    @Test
    void namesThePlaceWhereAFileIsNoSchema() {
        assertThat(problems("p.json", "{\"type\": \"object\",\n oops}"))
                .singleElement()
                .asString()
                .startsWith("p.json:2:")
                .contains("not JSON: ");
        assertThat(problems("p.json", "{\"a\": 1, \"a\": 2}"))
                .singleElement()
                .asString()
                .contains("Duplicate field 'a'");
        assertThat(problems("p.avsc", "\"string\""))
                .first()
                .isEqualTo(
                        "p.avsc:1:1: not a record (expected: {\"type\": \"record\", \"name\": …, \"fields\": […]} at the"
                                + " top).");
        assertThat(problems("p.json", "{}"))
                .containsExactly(
                        "p.json:1:1: no columns (expected: a record of Avro, or a JSON Schema of an object with"
                                + " 'properties').");
        assertThat(catchThrowableOfType(
                        MillwrightException.class, () -> SchemaFile.read("p.json", folder.resolve("none"), Set.of())))
                .hasMessageStartingWith("p.json: can't be read (expected: the file of a schema, at ");
    }
}
