/**
 * Who may do what over HTTP. Start reading at {@link dev.millwright.web.access.AccessControl}, then
 * {@link dev.millwright.web.access.AccessRules}, the table of all routes.
 */
@NullMarked
package dev.millwright.web.access;

import org.jspecify.annotations.NullMarked;
