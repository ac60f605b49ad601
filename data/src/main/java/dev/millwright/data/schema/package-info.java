/**
 * Contracts that were written elsewhere, as an Avro schema or a JSON Schema. Start reading at {@link
 * dev.millwright.data.schema.SchemaFile}.
 */
@NullMarked
package dev.millwright.data.schema;

import org.jspecify.annotations.NullMarked;
