package io.penstock.test;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Simulator;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** The description of a vendor for {@link VendorConformance}: immutable; every wither returns a copy. */
public final class VendorFixture {

    private final Members members;

    private VendorFixture(Members members) {
        this.members = members;
    }

    /**
     * Creates a fixture without operations, errors and lists.
     *
     * @param spec the vendor's spec, as its service provider returns it
     * @param simulator a factory that starts a fresh simulator, on which all requests and operations succeed
     * @param credential the start of the value of the credential's header: the text before the secret or token, and the
     *     prefix that all secrets of this vendor have
     * @param read a GET that succeeds and decodes to a record
     * @param unsafe a POST without an idempotency key that has one effect
     */
    public static VendorFixture of(
            VendorSpec spec,
            Supplier<Simulator> simulator,
            String credential,
            ApiRequest<?> read,
            ApiRequest<?> unsafe) {
        return new VendorFixture(new Members(spec, simulator, credential, read, unsafe));
    }

    /** The members, which are changed only between their copying and the creation of a fixture. */
    private static final class Members {
        VendorSpec spec;
        Supplier<Simulator> simulator;
        String credential;
        final ApiRequest<?> read;
        final ApiRequest<?> unsafe;
        Function<ApiClientBuilder, ApiClientBuilder> configure = UnaryOperator.identity();
        List<TypedOperation> operations = List.of();
        List<DocumentedError> errors = List.of();
        List<ListOperation<?>> lists = List.of();
        List<Recording> recordings = List.of();
        Map<String, String> excuses = Map.of();

        @Nullable
        Path report;

        Members(
                VendorSpec spec,
                Supplier<Simulator> simulator,
                String credential,
                ApiRequest<?> read,
                ApiRequest<?> unsafe) {
            this.spec = spec;
            this.simulator = simulator;
            this.credential = credential;
            this.read = read;
            this.unsafe = unsafe;
        }

        Members(Members other) {
            this(other.spec, other.simulator, other.credential, other.read, other.unsafe);
            this.configure = other.configure;
            this.operations = other.operations;
            this.errors = other.errors;
            this.lists = other.lists;
            this.recordings = other.recordings;
            this.excuses = other.excuses;
            this.report = other.report;
        }
    }

    private VendorFixture with(Consumer<Members> change) {
        Members changed = new Members(members);
        change.accept(changed);
        return new VendorFixture(changed);
    }

    /** Returns a copy with another spec. */
    public VendorFixture withSpec(VendorSpec newSpec) {
        return with(copy -> copy.spec = newSpec);
    }

    /** Returns a copy with another factory of fresh simulators. */
    public VendorFixture withSimulator(Supplier<Simulator> newSimulator) {
        return with(copy -> copy.simulator = newSimulator);
    }

    /** Returns a copy with another start of the credential. */
    public VendorFixture withCredential(String newCredential) {
        return with(copy -> copy.credential = newCredential);
    }

    /**
     * Returns a copy with the configuration that a client of the simulator needs beyond address and secret, such as
     * mandatory headers.
     */
    public VendorFixture withConfiguration(Function<ApiClientBuilder, ApiClientBuilder> newConfiguration) {
        return with(copy -> copy.configure = newConfiguration);
    }

    /** Returns a copy with these typed operations in place of the current ones. */
    public VendorFixture withOperations(List<TypedOperation> newOperations) {
        return with(copy -> copy.operations = List.copyOf(newOperations));
    }

    /**
     * Returns a copy with these documented errors in place of the current ones, including 2xx bodies that mark a
     * failure.
     */
    public VendorFixture withErrors(List<DocumentedError> newErrors) {
        return with(copy -> copy.errors = List.copyOf(newErrors));
    }

    /** Returns a copy with these lists in place of the current ones. */
    public VendorFixture withLists(List<ListOperation<?>> newLists) {
        return with(copy -> copy.lists = List.copyOf(newLists));
    }

    /** Returns a copy with these recorded runs in place of the current ones. */
    public VendorFixture withRecordings(List<Recording> newRecordings) {
        return with(copy -> copy.recordings = List.copyOf(newRecordings));
    }

    /**
     * Returns a copy that excuses the vendor from a rule. The reason stands in the report in place of a verdict. A rule
     * about operations, errors or lists fails if the fixture has none of them, unless it is excused.
     *
     * @param rule the name of the method that tests the rule, such as {@code endsEveryList}
     * @param reason why the vendor cannot keep it, in one sentence
     */
    public VendorFixture excused(String rule, String reason) {
        if (reason.isBlank()) {
            throw ApiException.invalidConfiguration("excuse from " + rule + ": no reason (expected: one sentence)");
        }
        Map<String, String> more = new LinkedHashMap<>(members.excuses);
        more.put(rule, reason);
        return with(copy -> copy.excuses = Collections.unmodifiableMap(more));
    }

    /**
     * Returns a copy whose report is kept in a file that belongs to the project. A run of all rules fails if the file has
     * other verdicts; with {@code -Dpenstock.write=true} it writes the file anew.
     *
     * @param file the file, relative to the directory of the module
     */
    public VendorFixture reportedIn(Path file) {
        return with(copy -> copy.report = file);
    }

    /** Returns the file with the expected report, or null if there is none. */
    public @Nullable Path report() {
        return members.report;
    }

    /** Returns the reasons by rule. */
    public Map<String, String> excuses() {
        return members.excuses;
    }

    /** Returns the vendor's spec. */
    public VendorSpec spec() {
        return members.spec;
    }

    /** Returns the factory of fresh simulators. */
    public Supplier<Simulator> simulator() {
        return members.simulator;
    }

    /** Returns the start of the value of the credential's header. */
    public String credential() {
        return members.credential;
    }

    /** Returns the configuration of a client of the simulator. */
    public Function<ApiClientBuilder, ApiClientBuilder> configure() {
        return members.configure;
    }

    /** Returns a GET that succeeds and decodes to a record. */
    public ApiRequest<?> read() {
        return members.read;
    }

    /** Returns a POST without an idempotency key that has one effect. */
    public ApiRequest<?> unsafe() {
        return members.unsafe;
    }

    /** Returns the typed operations. */
    public List<TypedOperation> operations() {
        return members.operations;
    }

    /** Returns the documented errors. */
    public List<DocumentedError> errors() {
        return members.errors;
    }

    /** Returns the lists. */
    public List<ListOperation<?>> lists() {
        return members.lists;
    }

    /** Returns the recorded runs. */
    public List<Recording> recordings() {
        return members.recordings;
    }

    /**
     * A run against the real server, recorded by a {@link CassetteRecorder}. The kit repeats it without a network.
     *
     * @param cassette the file, relative to the directory of the module
     * @param run the calls that were recorded, on a client; it must complete
     */
    public record Recording(Path cassette, Function<ApiClient, Publisher<?>> run) {}

    /**
     * A typed operation. The kit calls it on a fresh simulator and ends its preparation before it counts anything.
     *
     * @param name the name in the test report
     * @param preparation creates what the operation needs, such as the resource that it reads, and emits the call
     * @param retryClass the effect of sending it twice
     * @param statusOnceDone the status that refuses a resend because the work is done; 0 if a resend succeeds. For a
     *     DELETE, 404 needs no mention
     */
    public record TypedOperation(
            String name,
            Function<ApiClient, Mono<Supplier<Mono<?>>>> preparation,
            RetryClass retryClass,
            int statusOnceDone) {

        /**
         * Creates an operation that needs nothing but a fresh simulator.
         *
         * @param call the call of the operation on a client
         */
        public TypedOperation(String name, Function<ApiClient, Mono<?>> call, RetryClass retryClass) {
            this(name, client -> Mono.just(() -> call.apply(client)), retryClass, 0);
        }

        /**
         * Creates an operation that needs a preparation.
         *
         * @param prepare creates what the operation needs, and emits what the call has to know of it, such as an id
         * @param call the call of the operation on a client, with what the preparation has emitted
         */
        public static <P> TypedOperation after(
                String name,
                Function<ApiClient, Mono<P>> prepare,
                BiFunction<ApiClient, P, Mono<?>> call,
                RetryClass retryClass) {
            return new TypedOperation(
                    name,
                    client -> prepare.apply(client).map(prepared -> () -> call.apply(client, prepared)),
                    retryClass,
                    0);
        }

        /** Returns a copy whose resend may be refused with this status because the work is done. */
        public TypedOperation refusedOnceDone(int status) {
            return new TypedOperation(name, preparation, retryClass, status);
        }

        /** Returns the operation with its preparation as one call. */
        public Function<ApiClient, Mono<?>> call() {
            return client -> preparation.apply(client).flatMap(Supplier::get);
        }

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
     * @param items the number of items on all pages of the simulator; -1 if unknown. A list without items fails: it shows
     *     nothing about its pages
     * @param preparation creates the items
     * @param <T> the type of the items
     */
    public record ListOperation<T>(
            ApiRequest<Page<T>> request,
            Paging paging,
            @Nullable String endless,
            int items,
            Function<ApiClient, Publisher<?>> preparation) {

        /** Creates a list whose items exist on a fresh simulator. */
        public ListOperation(ApiRequest<Page<T>> request, Paging paging, @Nullable String endless, int items) {
            this(request, paging, endless, items, client -> Mono.empty());
        }

        /** Returns a copy whose items are created first, by calls on a client. */
        public ListOperation<T> after(Function<ApiClient, Publisher<?>> newPreparation) {
            return new ListOperation<>(request, paging, endless, items, newPreparation);
        }

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
