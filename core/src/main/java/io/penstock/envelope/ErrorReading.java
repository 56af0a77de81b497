package io.penstock.envelope;

import io.penstock.body.Pointers;
import io.penstock.envelope.ErrorShape.Place;
import io.penstock.error.FieldError;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The parts of one error response, as a shape finds them. Of a problem document (RFC 9457), which its media type tells, the
 * standard members are read where the shape finds nothing.
 *
 * @param code the machine-readable code, or null
 * @param message the text for people, or null
 * @param requestId the id for the vendor's support, or null
 * @param fields the errors by field
 * @param details the other parts
 */
record ErrorReading(
        @Nullable String code,
        @Nullable String message,
        @Nullable String requestId,
        List<FieldError> fields,
        JsonNode details) {

    private static final FieldShape PROBLEM_ERRORS = FieldShape.at("/errors", "pointer", "code", "detail");
    private static final FieldShape INVALID_PARAMS = FieldShape.at("/invalid-params", "name", "code", "reason");

    static ErrorReading of(ErrorShape shape, ResponseHead head, JsonNode body) {
        Headers headers = head.headers();
        ErrorShape.Members places = shape.members();
        boolean problem = isProblem(headers) && body.isObject();
        String code = text(places.code(), headers, body);
        if (code == null && problem) {
            code = problemType(body);
        }
        String message = message(places.message(), headers, body);
        if (message == null && problem) {
            message = Pointers.message(body, List.of("/detail", "/title"));
        }
        String requestId = text(places.requestId(), headers, body);
        if (requestId == null) {
            requestId = headers.first("x-request-id");
        }
        FieldShape fieldShape = shape.fields();
        List<FieldError> fields = fieldShape == null ? List.of() : fieldShape.read(body, code, message);
        if (fields.isEmpty() && problem) {
            fields = PROBLEM_ERRORS.read(body, null, null);
            fields = fields.isEmpty() ? INVALID_PARAMS.read(body, null, null) : fields;
        }
        return new ErrorReading(code, message, requestId, fields, details(places.details(), body));
    }

    private static boolean isProblem(Headers headers) {
        String type = headers.first("content-type");
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("application/problem+json");
    }

    /** Returns the problem type, unless it is the one that says nothing (RFC 9457 §4.2.1). */
    private static @Nullable String problemType(JsonNode body) {
        String type = Pointers.text(body, List.of("/type"));
        return type == null || type.equals("about:blank") ? null : type;
    }

    /** Returns the server's word on sending again: the given retryability, unless a place of the shape says otherwise. */
    static Retryability verdict(ErrorShape shape, ResponseHead head, JsonNode body, Retryability otherwise) {
        String said = text(shape.members().verdict(), head.headers(), body);
        if ("false".equalsIgnoreCase(said)) {
            return otherwise == Retryability.AFTER_ACTION ? otherwise : Retryability.PERMANENT;
        }
        return "true".equalsIgnoreCase(said) && otherwise == Retryability.PERMANENT
                ? Retryability.TRANSIENT
                : otherwise;
    }

    private static @Nullable String text(List<Place> places, Headers headers, JsonNode body) {
        return found(places, headers, pointer -> Pointers.text(body, List.of(pointer)));
    }

    private static @Nullable String message(List<Place> places, Headers headers, JsonNode body) {
        return found(places, headers, pointer -> Pointers.message(body, List.of(pointer)));
    }

    private static @Nullable String found(
            List<Place> places, Headers headers, Function<String, @Nullable String> member) {
        for (Place place : places) {
            String pointer = place.pointer();
            String found = pointer == null ? header(headers, place) : member.apply(pointer);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String header(Headers headers, Place place) {
        String value = headers.first(String.valueOf(place.header()));
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static JsonNode details(List<Place> places, JsonNode body) {
        for (Place place : places) {
            JsonNode found = place.pointer() == null
                    ? MissingNode.getInstance()
                    : Pointers.first(body, List.of(place.pointer()));
            if (!found.isMissingNode()) {
                return found;
            }
        }
        return MissingNode.getInstance();
    }
}
