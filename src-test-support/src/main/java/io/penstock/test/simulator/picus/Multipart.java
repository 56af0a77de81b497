package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.LoggedRequest;

/** As much of {@code multipart/form-data} as tells whether a part is there. */
final class Multipart {

    private Multipart() {}

    static void require(LoggedRequest request, String part) {
        String type = request.header("content-type");
        if (type == null || !type.startsWith("multipart/form-data")) {
            throw Refusal.parsing("request Content-Type isn't multipart/form-data");
        }
        if (!request.body().contains("name=\"" + part + "\"")) {
            throw Refusal.required(part);
        }
    }
}
