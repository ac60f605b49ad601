/**
 * Models that other servers answer for: which of them is asked, when one is left alone, and what is asked again. Without a network:
 * what speaks to a server is behind {@link dev.millwright.serving.remote.BackendClient}. Start reading at
 * {@link dev.millwright.serving.remote.RemoteLink}, {@link dev.millwright.serving.remote.RemoteModel},
 * {@link dev.millwright.serving.remote.BackendPool}.
 */
@NullMarked
package dev.millwright.serving.remote;

import org.jspecify.annotations.NullMarked;
