package dev.millwright.web;

/** What is done with a request that has just arrived on an event loop. */
enum Admission {
    /** It is answered at once, on the event loop. */
    HERE,
    /** It is answered where it may wait. */
    ELSEWHERE,
    /** There is more to do than can be done in time: it is refused before anything of it is read. */
    REFUSED
}
