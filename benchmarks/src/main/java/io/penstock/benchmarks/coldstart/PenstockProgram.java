package io.penstock.benchmarks.coldstart;

import io.penstock.ApiClient;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.util.Objects;

/** One GET with Penstock's defaults. */
public final class PenstockProgram {

    private PenstockProgram() {}

    /** Runs the program. Its argument is the server's address. */
    public static void main(String[] args) {
        ApiClient client = ApiClient.builder(VendorSpec.generic("greetings", URI.create(args[0])))
                .build();
        ApiResponse<Greeting> response =
                client.execute(ApiRequest.get("greeting").as(Greeting.class)).block();
        Greeting.answered(
                Objects.requireNonNull(Objects.requireNonNull(response).value()));
    }
}
