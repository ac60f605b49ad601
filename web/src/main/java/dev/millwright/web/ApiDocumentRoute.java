package dev.millwright.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.web.access.AccessControl;
import dev.millwright.web.access.AccessControl.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the OpenAPI document is. It is written when it is first asked for, since the routes are known once the server is built. */
final class ApiDocumentRoute {
    private final ApiDocument document;
    private final String version;
    private final AccessControl access;
    private volatile @Nullable ObjectNode written;

    private ApiDocumentRoute(ApiDocument document, String version, AccessControl access) {
        this.document = document;
        this.version = version;
        this.access = access;
    }

    static void add(Routes routes, String version, AccessControl access) {
        ApiDocumentRoute handlers = new ApiDocumentRoute(routes.document(), version, access);
        routes.get("/openapi.json", Operation.gives(Topic.SERVER, "This document", Operation.JSON), handlers::answer);
    }

    private HttpResponse answer(Call call) {
        ObjectNode known = written;
        if (known == null) {
            List<Rule> rules = access.rules();
            List<Rule> open = rules.stream().filter(access::isOpen).toList();
            known = new ApiDocumentWriter(document).write(version, rules, open);
            written = known;
        }
        return Json.respond(known);
    }
}
