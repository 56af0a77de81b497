package io.penstock.example.mooring;

import static io.penstock.envelope.ErrorRule.afterAction;
import static io.penstock.envelope.ErrorRule.keyInProgress;
import static io.penstock.envelope.ErrorRule.keyReused;
import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.transientError;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.BodyFormat;
import io.penstock.body.BodyFormat.ListStyle;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorShape.Place;
import io.penstock.envelope.ErrorTable;
import io.penstock.envelope.FieldShape;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.paging.Paging;
import io.penstock.request.KeyPlacement;
import io.penstock.spec.ListForm;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The spec of the Mooring API. */
public final class MooringVendor implements Vendor {

    // guide: mooringErrors
    /** {@code {"error":{"code","message","param"}}}; the header says whether sending again can help. */
    private static final ErrorShape SHAPE = ErrorShape.messageAt("/error/message")
            .withCode("/error/code")
            .withFields(FieldShape.named("/error/param"))
            .withRequestId(Place.header("Request-Id"))
            .withVerdict(Place.header("Mooring-Should-Retry"));

    private static final Map<String, ErrorRule> ERRORS = Map.of(
            "key_expired", permanent(ErrorKind.AUTHENTICATION).withRemedy("use a key that has not expired"),
            "parameter_invalid", permanent(ErrorKind.VALIDATION),
            "no_such_booking", permanent(ErrorKind.NOT_FOUND),
            "berth_taken", afterAction(ErrorKind.CONFLICT, "book another berth"),
            "berth_locked", permanent(ErrorKind.CONFLICT),
            "key_in_use", keyInProgress(),
            "key_mismatch", keyReused(),
            "rate_limit", transientError(ErrorKind.RATE_LIMITED).withLeastWait(Duration.ofSeconds(1)));
    // guide: end

    // guide: mooringLists
    static final Payload<Page<JsonNode>> LIST =
            Payload.page(JsonNode.class, List.of("data"), List.of()).cursorInLastItem("/id");
    static final Paging PAGES = Paging.cursor("starting_after").whileTrue("/has_more");
    // guide: end

    // guide: mooringSpec
    static final VendorSpec SPEC = VendorSpec.of(
                    "mooring", "Mooring", "https://api.mooring.example/v1", CredentialScheme.basicUser())
            .withErrors(new ErrorModel(SHAPE, new ErrorTable(ERRORS), ApiException::new))
            .withBodies(BodyFormat.form(ListStyle.INDEXED))
            .withKeyPlacement(KeyPlacement.header("Idempotency-Key").expiringAfter(Duration.ofDays(1)))
            .withLists(ListForm.of(LIST, PAGES));
    // guide: end

    @Override
    public VendorSpec spec() {
        return SPEC;
    }
}
