package io.penstock.request;

import io.penstock.body.JsonCodec;
import io.penstock.http.Method;
import io.penstock.upload.RequestBody;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans with any headers and any URI, also such as no planner makes. */
public final class TestPlans {

    private TestPlans() {}

    /** Returns a plan that is sent as it is given. */
    public static Plan of(Method method, URI uri, List<String> headers, @Nullable RequestBody body) {
        Planning.Defaults defaults = Planning.Defaults.within(Duration.ofSeconds(60));
        Planning planning = new Planning(uri, new JsonCodec(1 << 20), null, "no API", defaults);
        return new Plan(ApiRequest.of(method, "x"), uri, headers, body, planning);
    }
}
