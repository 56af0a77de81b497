package io.penstock.infraon;

import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.transientError;
import static io.penstock.retry.RetryRestriction.atMost;
import static io.penstock.retry.RetryRestriction.onlyOn;
import static io.penstock.retry.RetryRestriction.onlyUnanswered;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.FailureSign;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.envelope.FieldShape;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.infraon.model.ListQuery;
import io.penstock.paging.Paging;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.ListForm;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The spec of the Infraon API: pages "authorization", "authentication" and the module pages of its guide and, where
 * they are silent, observations of its public clients. Infraon documents no rate limit, quota header, machine code,
 * request id or idempotency key.
 */
public final class InfraonVendor implements Vendor {

    /** The default of a public client. A tenant has its own address, {@code https://<subdomain>.api.infraon.app}. */
    private static final URI HINT = URI.create("https://api.infraon.app");

    /**
     * The error samples are from page "authorization", the rest from the public clients. {@code msg} belongs to a
     * failure inside a 200. No success has an {@code error}, whatever its status. {@code detail} and the map from field
     * to messages are typical of the product's framework. Such a map is not nested in a member: the whole body is read
     * as one if it has none of the texts.
     */
    private static final ErrorShape SHAPE = ErrorShape.messageAt("/error", "/msg", "/message", "/detail")
            .withFields(FieldShape.at("", "", "", ""))
            .withFailureSigns(FailureSign.isOneOf("status", "error", "failed", "failure"), FailureSign.isSet("error"));

    /** It is not documented that the server did nothing at all. */
    private static final ErrorRule FAILED_INSIDE_A_SUCCESS =
            permanent(ErrorKind.VALIDATION).withCertainty(Certainty.MAYBE_PROCESSED);

    private static final String LOGIN_REFUSED = "Incorrect username or password.";

    /** The only advice on page "authorization" for a refused request. */
    private static final String CHECK_REQUEST = "check the payload and the headers before sending it again";

    /**
     * The status decides, with one exception: the samples show a missing key with 403, which the guide describes as
     * 401. The other texts only select the advice. A 500 says "try again later" and is retried once.
     */
    private static final ErrorTable ERRORS = ErrorTable.ofCases(
            ErrorCase.ofText(
                    403,
                    "API key is missing.",
                    permanent(ErrorKind.AUTHENTICATION)
                            .withRemedy("send the key as the tenant expects it: see InfraonCredential")),
            // The guide documents the text, but not its status.
            ErrorCase.ofText(
                    400,
                    LOGIN_REFUSED,
                    permanent(ErrorKind.VALIDATION).withRemedy("verify user name and password, and log in again")),
            ErrorCase.ofText(
                    401,
                    LOGIN_REFUSED,
                    ErrorRule.renewable().withRemedy("verify user name and password, and log in again")),
            ErrorCase.ofText(
                    400,
                    "Please provide ",
                    permanent(ErrorKind.VALIDATION).withRemedy("send user name and password; " + CHECK_REQUEST)),
            ErrorCase.ofStatus(400, permanent(ErrorKind.VALIDATION).withRemedy(CHECK_REQUEST)),
            ErrorCase.ofStatus(401, ErrorRule.renewable().withRemedy("verify the key or token and authenticate again")),
            ErrorCase.ofStatus(
                    403,
                    permanent(ErrorKind.PERMISSION)
                            .withRemedy("check the headers, and what the user of the key or token may do")),
            ErrorCase.ofStatus(
                    500,
                    transientError(ErrorKind.SERVER_ERROR)
                            .withMaxAttempts(2)
                            .withRemedy("try again later; if it goes on, contact Infraon's support")),
            ErrorCase.ofStatusClass(2, FAILED_INSIDE_A_SUCCESS));

    /**
     * The guide only says "check payload and headers before retrying". The rest is this client's choice: a POST is
     * never retried once it was written; a PUT, which writes back a whole object, is never retried without reading the
     * object again.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard()
            .withRestrictions(
                    onlyOn(Set.of(Method.GET), 429, 500, 502, 503, 504),
                    onlyUnanswered(Set.of(Method.POST)),
                    atMost(1, Set.of(Method.PUT)));

    /**
     * Page numbers from 1. The last page is determined by the first of {@code total_pages}, {@code next}, {@code count}
     * and a short page that the response has; an empty page is always the last. The address in {@code next} is not
     * followed: behind a proxy it may name another host. A size above the announced {@code max_page_limit} is reduced
     * to it.
     */
    static final Paging PAGES = Paging.number("page", 1)
            .sizedBy("items_per_page")
            .atMost("/max_page_limit")
            .untilPage("/total_pages")
            .untilNull("/next")
            .untilItem("/count")
            .untilEmpty();

    /**
     * A bare array (module pages), or the rows beside {@code count}, {@code next} and {@code previous} (observed
     * responses).
     */
    static final Payload<Page<JsonNode>> ROWS = Payload.page(JsonNode.class, List.of("results"), List.of());

    /** Pages "incident", "change": both parameters are required. 100 rows are the default of a public client. */
    private static final ListForm LISTS = ListForm.of(ROWS.orEmpty(), PAGES)
            .with("page", 1)
            .with("items_per_page", ListQuery.first().itemsPerPage());

    static final VendorSpec SPEC = spec(InfraonCredential.apiKey());

    /** Creates the vendor for the service loader. */
    public InfraonVendor() {}

    @Override
    public VendorSpec spec() {
        return SPEC;
    }

    static VendorSpec spec(CredentialScheme credential) {
        return VendorSpec.of("infraon", "Infraon", HINT, credential)
                .withErrors(new ErrorModel(SHAPE, ERRORS, InfraonException::of))
                .withRetry(RETRY)
                .withLists(LISTS);
    }
}
