package io.penstock.benchmarks;

import io.penstock.ApiClient;
import io.penstock.benchmarks.StubAnswer.Scan;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.TearDown;

/** The cost of a successful call for a page of 50 objects, about 8 kB, through the whole pipeline on a stub transport. */
public class PipelineOverheadOfPages extends NanosPerCall {

    /** A decoded page. */
    public record Page(List<Scan> items) {}

    private static final int ITEMS = 50;

    private final ApiClient client = ApiClient.builder(VendorSpec.generic("stub", StubPipeline.BASE))
            .secret(Secret.of(StubAnswer.KEY))
            .transport(new StubTransport(
                    "{\"items\":[" + String.join(",", Collections.nCopies(ITEMS, StubAnswer.JSON)) + "]}"))
            .build();
    private final ApiRequest<Page> page = ApiRequest.get("scans").as(Page.class);

    /** Creates the state for JMH. */
    public PipelineOverheadOfPages() {}

    /** Closes the client. */
    @TearDown
    public void tearDown() {
        client.close();
    }

    /** Measures everything, including the decoding of the page to records. */
    @Benchmark
    public @Nullable ApiResponse<Page> wholePage() {
        return client.execute(page).block();
    }
}
