/** HTTP: native API, Open Inference dialect, user interface. */
@NullMarked
package dev.millwright.web;

import org.jspecify.annotations.NullMarked;
