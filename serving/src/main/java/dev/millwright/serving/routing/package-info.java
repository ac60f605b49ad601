/**
 * How requests are told apart on their way to a version: conditions on headers and inputs, and keys that always lead to the same
 * version. Everything is compiled when a route is made, and evaluated without allocation.
 *
 * <p>Start reading at {@link dev.millwright.serving.routing.Assignment}.
 */
@NullMarked
package dev.millwright.serving.routing;

import org.jspecify.annotations.NullMarked;
