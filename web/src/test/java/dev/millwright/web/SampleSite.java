package dev.millwright.web;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import java.time.InstantSource;
import java.util.concurrent.Executors;

/** Serves the sample pages, to look at them while working on templates and styles: run with the port as argument. */
final class SampleSite {
    private SampleSite() {}

    public static void main(String[] arguments) {
        ServerBuilder builder = Server.builder().http(Integer.parseInt(arguments[0]));
        SafeHeaders.setOn(builder);
        Assets assets = Assets.load();
        Templates templates = new Templates(InstantSource.fixed(SampleValues.NOW), "0.1.0", assets);
        Routes routes = new Routes(builder, Executors.newVirtualThreadPerTaskExecutor(), new ApiDocument());
        routes.get("/static/{version}/{name}", call -> assets.serve(call.path("name")));
        new SamplePages(templates::head)
                .all()
                .forEach((path, page) -> routes.get(path, call -> templates.page(page.template(), page.content())));
        routes.post("/endpoints/flight-delay/try", call -> templates.page("tryAnswer", SampleEndpointPages.answer()));
        builder.build().start().join();
    }
}
