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
 * What {@link VendorConformance} has to know of a vendor.
 *
 * @param spec the vendor's own spec, as its service provider gives it
 * @param simulator starts a fresh simulator, on which everything below succeeds
 * @param credential how the value of the credential's header begins: what stands before the secret or token, and what every
 *     secret of this vendor begins with
 * @param configure what a client of the simulator needs beyond its address and secret, such as mandatory headers
 * @param read a GET that succeeds and decodes to a record
 * @param unsafe a POST without key that has one effect
 * @param operations the typed operations, over a given client
 * @param errors error bodies as the vendor documents them, and what they mean; those of a 2xx that is a failure too
 * @param lists lists and how their next pages are asked for
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

    /** Copies the lists. */
    public VendorFixture {
        operations = List.copyOf(operations);
        errors = List.copyOf(errors);
        lists = List.copyOf(lists);
    }

    /**
     * A typed operation.
     *
     * @param name for the report
     * @param call the operation over a client
     * @param retryClass what sending it twice would do
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
     * @param status its status
     * @param body its body, literally
     * @param kind what it means
     * @param code the vendor's code, or null if it has none
     * @param retryability whether sending again can help; null leaves it open, except that time heals no conflict, no
     *     refused credential and nothing that is wrong with the request
     */
    public record DocumentedError(
            int status,
            String body,
            ErrorKind kind,
            @Nullable String code,
            @Nullable Retryability retryability) {

        /** An error of which the documents do not say whether sending again can help. */
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
     * @param request its first page
     * @param paging how the next is asked for
     * @param endless a body that contradicts itself when it comes twice (a repeated cursor, an empty page that promises more),
     *     or null for a list that comes at once
     * @param items how many there are on all pages of the simulator; -1 if that is not known
     */
    public record ListOperation<T>(
            ApiRequest<Page<T>> request,
            Paging paging,
            @Nullable String endless,
            int items) {

        /** A list of nobody knows how many items. */
        public ListOperation(ApiRequest<Page<T>> request, Paging paging, @Nullable String endless) {
            this(request, paging, endless, -1);
        }

        @Override
        public String toString() {
            return request.toString();
        }
    }
}
