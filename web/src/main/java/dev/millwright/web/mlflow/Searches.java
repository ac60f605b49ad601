package dev.millwright.web.mlflow;

import dev.millwright.registry.SearchRequest;

/** Reads what a search asks for. */
final class Searches {
    private Searches() {}

    /** The protocol's words for {@link SearchRequest.View}, in the order of their numbers. */
    private enum ViewType {
        ACTIVE_ONLY,
        DELETED_ONLY,
        ALL
    }

    /**
     * The request.
     *
     * @param view the name of the field that says whether deleted things are shown; empty where there is none
     */
    static SearchRequest request(Fields fields, String view, int page, int largest) {
        SearchRequest.View shown = view.isEmpty()
                ? SearchRequest.View.ACTIVE_ONLY
                : fields.word(view, ViewType.class, 1)
                        .map(word -> SearchRequest.View.valueOf(word.name()))
                        .orElse(SearchRequest.View.ACTIVE_ONLY);
        return new SearchRequest(
                fields.text("filter").orElse(""),
                shown,
                fields.texts("order_by"),
                fields.size("max_results", page, largest),
                fields.filledText("page_token"));
    }
}
