package io.penstock.picus;

import static io.penstock.request.ApiRequest.post;

import io.penstock.body.Payload;
import io.penstock.paging.Pages;
import io.penstock.picus.model.Template;
import io.penstock.request.ApiRequest;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Templates for simulations: {@link Picus#templates()}. */
public final class PicusTemplates {

    private static final Payload<Template> TEMPLATE =
            Payload.json(Template.class).orWrappedIn("Template");

    private final Calls calls;

    PicusTemplates(Calls calls) {
        this.calls = calls;
    }

    /** Returns the templates. Filters: {@code category_name}, {@code content_type}. */
    public Pages<Template> list(ListQuery query) {
        return calls.pages(ApiRequest.get("v1/templates"), query, Template.class, "templates");
    }

    /** Emits one template. 2500 requests a minute (page "rate-limit"). */
    public Mono<Template> get(long id) {
        return calls.value(ApiRequest.get("v1/templates/{Id}").path("Id", id).as(TEMPLATE));
    }

    /**
     * Creates a template from {@code content}, {@code description}, {@code name}. Retried only if Picus certainly did
     * not act.
     */
    public Mono<Template> create(Map<String, ?> members) {
        return calls.value(post("v1/templates").body(members).as(TEMPLATE));
    }
}
