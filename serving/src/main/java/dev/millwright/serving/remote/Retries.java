package dev.millwright.serving.remote;

/** Which calls are made again, at another server, within the time that the request has left. */
public enum Retries {
    /** Also those that a server may have answered before it was lost: an inference changes nothing there but its log. */
    ALWAYS,
    /** Only those that no server worked on: never sent, or refused before anything was done. */
    UNPROCESSED
}
