package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.LoggedRequest;

/** A check for a part of a {@code multipart/form-data} body. Nothing else of the format is simulated. */
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
