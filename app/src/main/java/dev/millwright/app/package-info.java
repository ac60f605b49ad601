/** Assembly, configuration, command line. */
@NullMarked
package dev.millwright.app;

import org.jspecify.annotations.NullMarked;
