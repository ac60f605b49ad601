package dev.millwright.web;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a route does, said beside the route: the OpenAPI document is made of these. Immutable; each method gives a changed copy.
 *
 * @param topic what it is about
 * @param summary in a few words
 * @param parameters of the query; those of the path are read off the path
 * @param requests what may be sent, in each media type that is taken; empty for none
 * @param answer what comes back when nothing is wrong
 * @param status of that answer
 */
record Operation(
        Topic topic, String summary, List<Parameter> parameters, List<Content> requests, Content answer, int status) {
    static final String JSON = "application/json";
    private static final String HTML = "text/html";
    private static final String FORM = "application/x-www-form-urlencoded";

    Operation {
        parameters = List.copyOf(parameters);
        requests = List.copyOf(requests);
    }

    /** A parameter of the query. */
    record Parameter(String name, String meaning, Type type) {}

    /**
     * A body.
     *
     * @param type a record, or something else that JSON is made of; a text for what is no JSON; empty for whatever it may be
     */
    record Content(String mediaType, Optional<Type> type, Amount amount) {
        Content(String mediaType, Optional<Type> type) {
            this(mediaType, type, Amount.ONE);
        }
    }

    /** How many of the type a body has. */
    enum Amount {
        ONE,
        /** One, or a list of them. */
        ONE_OR_MORE
    }

    /** A route whose answer is JSON made from a record. */
    static Operation answers(Topic topic, String summary, Type answer) {
        return new Operation(topic, summary, List.of(), List.of(), new Content(JSON, Optional.of(answer)), 200);
    }

    /** A route whose answer is no JSON, or JSON of any form. */
    static Operation gives(Topic topic, String summary, String mediaType) {
        Optional<Type> type = mediaType.startsWith("text/") ? Optional.of(String.class) : Optional.empty();
        return new Operation(topic, summary, List.of(), List.of(), new Content(mediaType, type), 200);
    }

    /** A page, or a part of one. */
    static Operation page(String summary) {
        return gives(Topic.PAGES, summary, HTML);
    }

    /** A form of a page: answered with a page, or sent on to one. */
    static Operation form(String summary) {
        return page(summary).and(new Content(FORM, Optional.empty()));
    }

    /** Takes JSON made from a record. */
    Operation takes(Type request) {
        return and(new Content(JSON, Optional.of(request)));
    }

    /** Takes JSON made from a record, or a list of these. */
    Operation takesOneOrMore(Type request) {
        return and(new Content(JSON, Optional.of(request), Amount.ONE_OR_MORE));
    }

    /** Takes a body that is no JSON, or JSON of any form. */
    Operation takes(String mediaType) {
        return and(
                new Content(mediaType, mediaType.startsWith("text/") ? Optional.of(String.class) : Optional.empty()));
    }

    private Operation and(Content request) {
        List<Content> more = new ArrayList<>(requests);
        more.add(request);
        return new Operation(topic, summary, parameters, more, answer, status);
    }

    /** Has a parameter of the query. */
    Operation query(String name, String meaning) {
        return query(name, meaning, String.class);
    }

    /** The same, a whole number. */
    Operation number(String name, String meaning) {
        return query(name, meaning, int.class);
    }

    /** The same, any number of times. */
    Operation each(String name, String meaning) {
        return query(name, meaning, String[].class);
    }

    private Operation query(String name, String meaning, Type type) {
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(new Parameter(name, meaning, type));
        return new Operation(topic, summary, more, requests, answer, status);
    }

    /** Answers with another status than 200. */
    Operation status(int other) {
        return new Operation(topic, summary, parameters, requests, answer, other);
    }
}
