package io.penstock.example.tidewater;

import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.transientError;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorShape.Place;
import io.penstock.envelope.ErrorTable;
import io.penstock.envelope.FieldShape;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.paging.Paging;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.spec.ListForm;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The spec of the Tidewater API. */
public final class TidewaterVendor implements Vendor {

    // guide: tidewaterErrors
    /** {@code {"message","errors":[{"field","message"}]}}, without codes. */
    private static final ErrorShape SHAPE = ErrorShape.messageOnly()
            .withFields(FieldShape.at("/errors", "field", "", "message"))
            .withRequestId(Place.header("Tide-Request"));

    /** A 403 with a wait, or of a quota that is used up, is a limit without being mentioned here. */
    private static final ErrorTable ERRORS = ErrorTable.ofCases(
            ErrorCase.ofText(
                    403,
                    "Slow down",
                    transientError(ErrorKind.RATE_LIMITED)
                            .withCertainty(Certainty.REJECTED)
                            .withLeastWait(Duration.ofSeconds(1))),
            ErrorCase.ofHeader(
                    "Tide-Scope-Missing", permanent(ErrorKind.PERMISSION).withRemedy("use a key with that scope")));
    // guide: end

    // guide: tidewaterSpec
    static final Payload<Page<JsonNode>> LIST = Payload.page(JsonNode.class, List.of(), List.of());
    static final Paging PAGES = Paging.linkHeader();

    static final VendorSpec SPEC = VendorSpec.of(
                    "tidewater", "Tidewater", "https://api.tidewater.example", CredentialScheme.bearer())
            .withErrors(new ErrorModel(SHAPE, ERRORS, ApiException::new))
            .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()).namingPartitionsIn("Tide-Quota"))
            .withHeader("Tide-Version", "2026-11-01")
            .withLists(ListForm.of(LIST, PAGES).with("per_page", 2));
    // guide: end

    @Override
    public VendorSpec spec() {
        return SPEC;
    }
}
