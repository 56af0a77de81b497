package io.penstock.test;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Simulator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The description of a vendor for {@link VendorConformance}.
 *
 * @param spec the vendor's spec, as its service provider returns it
 * @param simulator a factory that starts a fresh simulator, on which all requests and operations below succeed
 * @param credential the start of the value of the credential's header: the text before the secret or token, and the
 *     prefix that all secrets of this vendor have
 * @param configure the configuration that a client of the simulator needs beyond address and secret, such as mandatory
 *     headers
 * @param read a GET that succeeds and decodes to a record
 * @param unsafe a POST without an idempotency key that has one effect
 * @param operations the typed operations
 * @param errors the documented errors, including 2xx bodies that mark a failure
 * @param lists the lists
 */
public record VendorFixture(
        VendorSpec spec,
        Supplier<Simulator> simulator,
        String credential,
        Function<ApiClientBuilder, ApiClientBuilder> configure,
        ApiRequest<?> read,
        ApiRequest<?> unsafe,
        List<TypedOperation> operations,
        List<DocumentedError> errors,
        List<ListOperation<?>> lists) {

    /** Creates a fixture with copies of the lists. */
    public VendorFixture {
        operations = List.copyOf(operations);
        errors = List.copyOf(errors);
        lists = List.copyOf(lists);
    }

    /**
     * A typed operation.
     *
     * @param name the name in the test report
     * @param call the call of the operation on a client
     * @param retryClass the effect of sending it twice
     */
    public record TypedOperation(String name, Function<ApiClient, Mono<?>> call, RetryClass retryClass) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * An error as the vendor documents it.
     *
     * @param status the status
     * @param body the body, verbatim
     * @param kind the expected kind
     * @param code the vendor's error code; null if there is none
     * @param retryability the expected retryability; null if the documents do not say. Even then, a conflict, a refused
     *     credential or an invalid request must not be transient
     */
    public record DocumentedError(
            int status,
            String body,
            ErrorKind kind,
            @Nullable String code,
            @Nullable Retryability retryability) {

        /** Creates an error for which the documents do not say whether a retry can help. */
        public DocumentedError(int status, String body, ErrorKind kind, @Nullable String code) {
            this(status, body, kind, code, null);
        }

        @Override
        public String toString() {
            return status + (code == null ? "" : " " + code);
        }
    }

    /**
     * A list.
     *
     * @param request the request for the first page
     * @param paging the paging style
     * @param endless a page body that is contradictory if it is received twice in a row, such as a repeated cursor or
     *     an empty page that announces more; null for a list that has a single page
     * @param items the number of items on all pages of the simulator; -1 if unknown
     * @param <T> the type of the items
     */
    public record ListOperation<T>(
            ApiRequest<Page<T>> request,
            Paging paging,
            @Nullable String endless,
            int items) {

        /** Creates a list with an unknown number of items. */
        public ListOperation(ApiRequest<Page<T>> request, Paging paging, @Nullable String endless) {
            this(request, paging, endless, -1);
        }

        @Override
        public String toString() {
            return request.toString();
        }
    }
}
