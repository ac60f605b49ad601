/**
 * HTTP: the native API, the Open Inference dialect and the pages that people see. The only room that knows HTTP.
 *
 * <p>Start reading at {@link dev.millwright.web.HttpServer}, {@link dev.millwright.web.Services} and
 * {@link dev.millwright.web.access.AccessControl}; what each page shows is in {@link dev.millwright.web.page}.
 */
@NullMarked
package dev.millwright.web;

import org.jspecify.annotations.NullMarked;
