package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.ApiClient;
import io.penstock.auth.CredentialScheme;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.RetryClass;
import io.penstock.retry.Backoff;
import io.penstock.spec.Vendor;
import io.penstock.spec.Vendors;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.Effect;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.Simulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conformance kit: rules for every vendor module, checked over real sockets against the vendor's simulator. A
 * vendor's test extends this class and describes the vendor in {@link #fixture()}. Each rule is one public method, and
 * its display name states the rule. A vendor that cannot keep a rule is {@linkplain VendorFixture#excused excused} from it
 * by the name of the method.
 *
 * <p>The verdicts stand in {@code target/conformance/<vendor>.md}, and are printed with
 * {@code -Dpenstock.conformance=print}. A broken rule shows what was expected and seen, and the last requests with their
 * answers.
 *
 * <p>It needs Logback, because it reads the log. With BlockHound installed and {@code -Dio.netty.leakDetection.level=paranoid}, it also
 * checks that nothing blocks an event loop and that no buffer leaks.
 */
@ExtendWith({NoBufferLeaks.class, ConformanceReport.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class VendorConformance {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** More pages than any list here has, but fewer than the calls that vendors allow in a minute. */
    private static final int MOST_PAGES = 40;

    private static final Backoff FAST = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);
    /** More than any answer of a simulator, and less than the bodies that are too large. */
    private static final int LIMIT = 512 * 1024;

    private static final int EXCHANGES_SHOWN = 3;
    private static final int SHOWN = 400;

    private static final Pattern QUOTA_HEADER =
            Pattern.compile("(x-)?rate-?limit.*|.*-(remaining|limit-reset)", Pattern.CASE_INSENSITIVE);

    private static final Set<ErrorKind> TIME_DOES_NOT_HEAL = EnumSet.of(
            ErrorKind.VALIDATION,
            ErrorKind.AUTHENTICATION,
            ErrorKind.PAYMENT_REQUIRED,
            ErrorKind.PERMISSION,
            ErrorKind.NOT_FOUND,
            ErrorKind.CONFLICT,
            ErrorKind.KEY_REUSED,
            ErrorKind.GONE);
    private static final Set<Retryability> PERSON_HAS_TO_ACT =
            EnumSet.of(Retryability.PERMANENT, Retryability.AFTER_ACTION);

    private VendorFixture fixture;
    private @Nullable Simulator running;
    private @Nullable ApiClient open;

    /** Creates the test. For subclasses. */
    protected VendorConformance() {}

    /** Returns the description of the vendor. It is called once, after the fields of the test have been initialized. */
    protected abstract VendorFixture fixture();

    @BeforeAll
    final void askForTheFixture() {
        fixture = fixture();
        ConformanceReport.rejectUnknownRules(fixture.excuses().keySet());
    }

    /** Returns the fixture, or null before it was asked for. */
    @Nullable
    VendorFixture knownFixture() {
        return fixture;
    }

    /** Returns the last requests that the running simulator has received, each with its answer, for a failure. */
    String exchanges() {
        Simulator simulator = running;
        if (simulator == null) {
            return "no simulator ran";
        }
        List<LoggedRequest> all = simulator.requests().all();
        return all.isEmpty()
                ? "request: none arrived"
                : all.subList(Math.max(0, all.size() - EXCHANGES_SHOWN), all.size()).stream()
                        .map(request -> described(simulator, request))
                        .collect(Collectors.joining("\n"));
    }

    private static String described(Simulator simulator, LoggedRequest request) {
        String body = request.body().replaceAll("\\R", " ");
        String text = "request: " + request.method() + " " + request.uri() + " "
                + request.headers().keySet()
                + (body.isEmpty() ? "" : " " + body.substring(0, Math.min(body.length(), SHOWN)))
                + "\nanswer: " + simulator.requests().answerTo(request);
        return text.replace(simulator.secret(), "****");
    }

    @BeforeEach
    final void start() {
        Simulator simulator = fixture.simulator().get();
        running = simulator;
        open = client(simulator);
    }

    private ApiClient client(Simulator simulator) {
        return fixture.configure()
                .apply(ApiClient.builder(fixture.spec())
                        .baseUri(simulator.baseUri())
                        .secret(Secret.of(simulator.secret()))
                        .maxResponseBytes(LIMIT)
                        // One client makes all calls, and its retry budget and quota are not under test.
                        .withoutGate()
                        .retry(fixture.spec().retry().withBackoff(FAST).withBudgetShare(1)))
                .build();
    }

    private Simulator simulator() {
        if (running == null) {
            throw new IllegalStateException("no simulator runs outside a test");
        }
        return running;
    }

    private ApiClient client() {
        if (open == null) {
            throw new IllegalStateException("no client is open outside a test");
        }
        return open;
    }

    @AfterEach
    final void everyConnectionComesBack() {
        try {
            Connections.awaitReturn(client());
        } finally {
            stop();
        }
    }

    private void stop() {
        client().closeLater().block(PATIENCE);
        simulator().close();
    }

    /** Returns a test that has a simulator and a client of its own: it does not see what earlier tests have done. */
    private DynamicTest fresh(TypedOperation operation, Executable rule) {
        return DynamicTest.dynamicTest(operation.name(), () -> {
            stop();
            start();
            rule.execute();
            Connections.awaitReturn(client());
        });
    }

    private ApiException failureOf(Mono<?> call) {
        Throwable failure = catchThrowable(() -> call.block(PATIENCE));
        assertThat(failure).as("failure of a call that must fail").isInstanceOf(ApiException.class);
        return (ApiException) failure;
    }

    /** Fails with the failure in one line: its stack trace is in the cause. */
    private static void expectNone(String what, @Nullable Throwable failure) {
        if (failure != null) {
            throw new AssertionError(what + "\nexpected: none\nseen: " + failure, failure);
        }
    }

    private ApiResponse<?> read() {
        return Objects.requireNonNull(client().execute(fixture.read()).block(PATIENCE));
    }

    /** Returns the logged requests for the operation itself, without those that fetch a token. */
    private List<LoggedRequest> requestsFor(ApiRequest<?> request) {
        String path = request.resolve(client().baseUri()).getRawPath();
        return simulator().requests().of(request.method().name(), path);
    }

    /**
     * Makes a first call, which fetches a token if the vendor needs one, so that faults hit the request itself. Then
     * clears the log and the ledger.
     */
    private void warmUp() {
        client().execute(fixture.read()).block(PATIENCE);
        forgetAll();
    }

    private void forgetAll() {
        simulator().requests().clear();
        simulator().effects().clear();
    }

    /** Warms up and prepares the operation. Then clears the log and the ledger, and returns the call. */
    private Supplier<Mono<?>> prepared(TypedOperation operation) {
        warmUp();
        AtomicReference<@Nullable Supplier<Mono<?>>> call = new AtomicReference<>();
        Throwable failure = catchThrowable(
                () -> call.set(operation.preparation().apply(client()).block(PATIENCE)));
        expectNone("failure of the preparation", failure);
        Supplier<Mono<?>> emitted = call.get();
        if (emitted == null) {
            throw new AssertionError("what the preparation emitted: nothing (expected: one value for the call)");
        }
        forgetAll();
        return emitted;
    }

    private void faults(ApiRequest<?> request, Fault... faults) {
        simulator()
                .faults()
                .on(request.method().name(), request.resolve(client().baseUri()).getRawPath(), faults);
    }

    /**
     * Verifies that {@code Vendors.byId} finds the vendor by its service file, and that its spec equals that of the
     * fixture.
     */
    @Test
    @DisplayName("The service loader finds the vendor, and its spec is the one that is tested")
    public final void isFoundByServiceLoader() {
        assertThat(Vendors.byId(fixture.spec().id()))
                .as("spec that META-INF/services/%s leads to", Vendor.class.getName())
                .isEqualTo(fixture.spec());
    }

    /** Verifies that the read request decodes to a value with a single attempt. */
    @Test
    @DisplayName("A success decodes, and its journey has one attempt")
    public final void decodesSuccessInOneAttempt() {
        ApiResponse<?> response = read();

        assertThat(response.value()).isNotNull();
        assertThat(response.journey().attempts()).hasSize(1);
    }

    /** Verifies that the read request carries the credential once, in the form that the fixture states. */
    @Test
    @DisplayName("The credential stands in its header, exactly once")
    public final void sendsCredentialOnceInItsHeader() {
        client().execute(fixture.read()).onErrorComplete().block(PATIENCE);

        String header = fixture.spec().credential().header();
        List<LoggedRequest> sent = requestsFor(fixture.read());
        assertThat(sent).as("requests that were sent").isNotEmpty();
        assertThat(sent.get(0).headers().get(header))
                .as("header " + header)
                .singleElement()
                .asString()
                .startsWith(fixture.credential());
    }

    /**
     * Verifies that a wrong secret fails with {@code AUTHENTICATION} after at most four requests, exchanges included.
     */
    @Test
    @DisplayName("A wrong credential is an authentication failure and does not loop")
    public final void failsWrongCredentialWithoutLoop() {
        ApiClient stranger = fixture.configure()
                .apply(ApiClient.builder(fixture.spec())
                        .baseUri(simulator().baseUri())
                        .secret(Secret.of("wrong-" + simulator().secret())))
                .build();

        assertThat(failureOf(stranger.execute(fixture.read())).kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(simulator().requests().count()).isLessThanOrEqualTo(4);
        stranger.closeLater().block(PATIENCE);
    }

    /**
     * Verifies that a 401 leads to one more send with a new token, or to {@code AUTHENTICATION} if there is nothing to
     * exchange.
     */
    @Test
    @DisplayName("A refused credential is exchanged anew once where it can be, and final where it cannot")
    public final void renewsRefusedCredentialOnceOrFails() {
        warmUp();
        faults(fixture.read(), Fault.status(401));

        if (fixture.spec().credential().exchange() == null) {
            assertThat(failureOf(client().execute(fixture.read())).kind()).isEqualTo(ErrorKind.AUTHENTICATION);
            assertThat(requestsFor(fixture.read())).hasSize(1);
        } else {
            assertThat(read().journey().attempts()).hasSize(2);
            assertThat(requestsFor(fixture.read())).hasSize(2);
        }
    }

    /**
     * Verifies that neither the secret nor what is sent in its place is printed or logged, even if the server echoes it
     * in every text of every documented error.
     */
    @Test
    @DisplayName("The secret is in no message, toString, journey, excerpt, explanation or log")
    public final void revealsSecretNowhere() {
        StringBuilder printed = new StringBuilder();
        String logged;
        Set<String> secrets;
        try (LogCapture log = LogCapture.ofEverything().at(Level.DEBUG).start()) {
            read();
            secrets = secretsSent();
            String canary = String.join(" ", secrets);
            warmUp();
            faults(
                    fixture.read(),
                    Fault.status(
                            400,
                            Map.of("x-request-id", canary),
                            "application/json",
                            "{\"message\":\"" + canary + "\"}"));
            print(failureOf(client().execute(fixture.read())), printed);
            for (VendorFixture.DocumentedError error : fixture.errors()) {
                String echo = Echo.of(canary, error, fixture.spec().errors().shape());
                print(failureOfUnsafe(error.status(), Map.of("x-request-id", canary), echo), printed);
            }
            printed.append(client())
                    .append(client().spec())
                    .append(client().inspect().explain(fixture.read()));
            logged = log.text();
        }

        CredentialScheme scheme = fixture.spec().credential();
        boolean sentAsIs = scheme.exchange() == null && scheme.form() == CredentialScheme.Form.PLAIN;
        assertThat(secrets).hasSize(sentAsIs ? 1 : 2);
        assertThat(secrets).as("printed").noneMatch(secret -> printed.toString().contains(secret));
        assertThat(logged).as("the log is on").contains("io.penstock.call", "io.penstock.wire");
        assertThat(secrets).as("logged").noneMatch(logged::contains);
    }

    /** Returns the secret, and what is sent in its place: a token, or the secret in another form. */
    private Set<String> secretsSent() {
        List<LoggedRequest> sent = requestsFor(fixture.read());
        String credential = Objects.requireNonNull(
                sent.get(sent.size() - 1).header(fixture.spec().credential().header()));
        return new LinkedHashSet<>(
                List.of(simulator().secret(), credential.substring(credential.lastIndexOf(' ') + 1)));
    }

    private static void print(ApiException failure, StringBuilder printed) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        printed.append(trace)
                .append(failure)
                .append(failure.failure())
                .append(failure.serverMessage())
                .append(failure.bodyExcerpt())
                .append(failure.journey().timeline())
                .append(failure.journey().toJson());
    }

    /** Verifies that a 302 of the read request fails with {@code UNEXPECTED_STATUS} after one request. */
    @Test
    @DisplayName("No redirect is followed unless the operation allows it, and never with the credential")
    public final void followsNoRedirectByDefault() {
        warmUp();
        faults(
                fixture.read(),
                Fault.status(302, Map.of("Location", simulator().baseUri() + "/elsewhere"), "text/plain", ""));

        assertThat(failureOf(client().execute(fixture.read())).kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
        assertThat(simulator().requests().count()).isEqualTo(1);
    }

    /** Returns the failure of the unsafe request if the server answers every attempt with this response. */
    private ApiException failureOfUnsafe(int status, Map<String, String> headers, String body) {
        Fault[] always = new Fault[fixture.spec().retry().maxAttempts()];
        Arrays.fill(always, Fault.status(status, headers, "application/json", body));
        faults(fixture.unsafe(), always);
        ApiException failure = failureOf(client().execute(fixture.unsafe()));
        simulator().faults().clear();
        return failure;
    }

    /**
     * Verifies that each operation succeeds without faults, that it sends a request, and that the simulator's ledger
     * has an effect of it unless it is idempotent. It fails if the fixture has no operations.
     */
    @TestFactory
    @DisplayName("A typed operation succeeds, and has an effect unless it only reads")
    public final Stream<DynamicTest> callsOperationsCleanly() {
        return notEmpty("operations", fixture.operations())
                .map(operation -> fresh(operation, () -> {
                    Supplier<Mono<?>> call = prepared(operation);
                    Throwable failure = catchThrowable(() -> call.get().block(PATIENCE));

                    expectNone("failure of a call without faults", failure);
                    assertThat(simulator().requests().count()).as("requests").isPositive();
                    if (operation.retryClass() != RetryClass.IDEMPOTENT) {
                        assertThat(simulator().effects().count())
                                .as(
                                        "effects in the simulator's ledger, by an operation that is %s",
                                        operation.retryClass())
                                .isPositive();
                    }
                }));
    }

    /** Returns the elements; a rule about none of them would pass whatever the vendor does. */
    private static <T> Stream<T> notEmpty(String what, List<T> elements) {
        assertThat(elements)
                .as(what + " of the fixture (expected: at least one, or an excuse from this rule with its reason)")
                .isNotEmpty();
        return elements.stream();
    }

    /**
     * Verifies kind, status, code and retryability of each documented error, and that an error that time does not heal
     * is sent once. It fails if the fixture has no errors.
     */
    @TestFactory
    @DisplayName("A documented error means what the documents say, whatever else it carries")
    public final Stream<DynamicTest> classifiesDocumentedErrors() {
        return notEmpty("errors", fixture.errors())
                .map(error -> DynamicTest.dynamicTest(error.toString(), () -> {
                    warmUp();
                    ApiException failure = failureOfUnsafe(error.status(), Map.of(), error.body());

                    assertThat(failure.kind()).as("kind of %s", error).isEqualTo(error.kind());
                    assertThat(failure.status()).as("status of %s", error).isEqualTo(error.status());
                    if (error.code() != null) {
                        assertThat(failure.code()).as("code of %s", error).isEqualTo(error.code());
                    }
                    if (error.retryability() != null) {
                        assertThat(failure.retryability())
                                .as("retryability of %s", error)
                                .isEqualTo(error.retryability());
                    } else if (TIME_DOES_NOT_HEAL.contains(failure.kind())) {
                        assertThat(failure.retryability())
                                .as("retryability of " + failure.kind())
                                .isNotEqualTo(Retryability.TRANSIENT);
                    }
                    if (PERSON_HAS_TO_ACT.contains(failure.retryability())) {
                        assertThat(requestsFor(fixture.unsafe())).as("sends").hasSize(1);
                    }
                }));
    }

    /** Verifies that a 410 with any body at all is {@code GONE} and {@code REJECTED}. */
    @Test
    @DisplayName("An error that nobody has documented is told by its status, and its body may be anything")
    public final void classifiesUnknownErrorsByStatus() {
        warmUp();
        for (String body : List.of("", "<html>", "[]", "{\"brand\":{\"new\":1}}", "{\"a\":", "null")) {
            faults(fixture.read(), Fault.status(410, Map.of(), "application/json", body));
            ApiException failure = failureOf(client().execute(fixture.read()));
            assertThat(failure.kind()).as(body).isEqualTo(ErrorKind.GONE);
            assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        }
    }

    /**
     * Verifies that malformed JSON fails at once with {@code UNDECODABLE}, and that a body that breaks off is asked for
     * again.
     */
    @Test
    @DisplayName("A malformed body is undecodable and not asked for again; a cut one is a lost connection and is")
    public final void rejectsMalformedBodiesAndRetriesTruncatedOnes() {
        warmUp();
        faults(fixture.read(), Fault.status(200, Map.of(), "application/json", "{\"a\":}"));
        assertThat(failureOf(client().execute(fixture.read())).kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(requestsFor(fixture.read())).hasSize(1);

        faults(fixture.read(), Fault.truncateBody(3), Fault.resetInsideBody(2));
        ApiResponse<?> response = read();
        assertThat(response.journey().attempts()).hasSize(3);
    }

    /**
     * Verifies {@code RESPONSE_TOO_LARGE} for bodies over the limit, compressed ones included, and {@code UNDECODABLE}
     * for an HTML page with status 200.
     */
    @Test
    @DisplayName("A body over the limit is refused, however well it was compressed, and so is a page of something else")
    public final void rejectsOversizedAndForeignBodies() {
        warmUp();
        faults(fixture.read(), Fault.largeBody(200, 4L * LIMIT), Fault.gzipBomb(50L << 20), Fault.htmlPage(200));

        assertThat(failureOf(client().execute(fixture.read())).kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
        assertThat(failureOf(client().execute(fixture.read())).kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
        assertThat(failureOf(client().execute(fixture.read())).kind()).isEqualTo(ErrorKind.UNDECODABLE);
    }

    /** Verifies that the read request decodes with a member that the record lacks. */
    @Test
    @DisplayName("Members that nobody knows do no harm")
    public final void acceptsUnknownMembers() {
        warmUp();
        JsonNode body = Objects.requireNonNull(
                client().value(fixture.read().as(Payload.tree())).block(PATIENCE));
        ObjectNode more = body instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        more.putObject("brand_new_member").putArray("of").add("any").add(1).addNull();
        faults(fixture.read(), Fault.status(200, Map.of(), "application/json", more.toString()));

        assertThat(read().value()).isNotNull();
    }

    /** Verifies that the read request decodes if every word of the body is one that the record has never seen. */
    @Test
    @DisplayName("Words that nobody knows pass as data: a new constant breaks no answer")
    public final void acceptsUnknownWords() {
        warmUp();
        JsonNode body = Objects.requireNonNull(
                client().value(fixture.read().as(Payload.tree())).block(PATIENCE));
        faults(
                fixture.read(),
                Fault.status(
                        200, Map.of(), "application/json", withNewWords(body).toString()));

        assertThat(read().value()).isNotNull();
    }

    /**
     * Replaces each string that has only letters and underscores: those are words. Ids, times and addresses contain
     * digits or other characters and stay.
     */
    private static JsonNode withNewWords(JsonNode node) {
        if (node.isString()) {
            boolean word = !node.asString().isEmpty()
                    && node.asString().chars().allMatch(c -> Character.isLetter(c) || c == '_');
            return word ? JsonNodeFactory.instance.stringNode("brand_new_word") : node;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> array.add(withNewWords(item)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(member -> object.set(member.getKey(), withNewWords(member.getValue())));
            return object;
        }
        return node;
    }

    /** Verifies that the client knows a quota from the headers of the spec's family on a 404. */
    @Test
    @DisplayName("Quota headers of any status are remembered, where the vendor has them")
    public final void remembersQuotaHeaders() {
        HeaderFamily family = fixture.spec().quota().headers();
        if (family == null) {
            warmUp();
            assertThat(client().inspect().quotas()).isEmpty();
            return;
        }
        warmUp();
        Map<String, String> headers = family.sample(777, 5, 30);
        faults(fixture.read(), Fault.status(404, headers, "application/json", "{}"));

        failureOf(client().execute(fixture.read()));

        assertThat(client().inspect().quotas()).anySatisfy(quota -> {
            assertThat(quota.limit()).isEqualTo(777);
            assertThat(quota.remaining()).isEqualTo(5);
            assertThat(quota.resetsAt()).isNotNull();
        });
    }

    /**
     * Verifies that the spec's header family reads the quota headers that the simulator really sends, and that it sends
     * none if the spec has no family.
     */
    @Test
    @DisplayName("The quota headers that the simulator sends are those that the spec reads")
    public final void readsQuotaHeadersOfSimulator() {
        List<String> sent = read().headers().names().stream()
                .filter(name -> QUOTA_HEADER.matcher(name).matches())
                .sorted()
                .toList();

        if (fixture.spec().quota().headers() == null) {
            assertThat(sent)
                    .as("quota headers of the simulator (expected: none, because the spec has no header family)")
                    .isEmpty();
        } else {
            assertThat(sent)
                    .as("quota headers of the simulator, which the spec could read")
                    .isNotEmpty();
            assertThat(client().inspect().quotas())
                    .as("quotas that the spec's header family reads from %s", sent)
                    .isNotEmpty();
        }
    }

    /**
     * Verifies for each recording of the fixture that its run succeeds with the answers on the cassette, and that it
     * makes all requests that are on it. A fixture without recordings keeps this rule.
     */
    @TestFactory
    @DisplayName("What the real server has answered is read, and the requests are those that were recorded")
    public final Stream<DynamicTest> readsRecordedAnswers() {
        return fixture.recordings().stream()
                .map(recording -> DynamicTest.dynamicTest(
                        String.valueOf(recording.cassette().getFileName()), () -> play(recording)));
    }

    private void play(VendorFixture.Recording recording) {
        CassettePlayer player = CassettePlayer.of(recording.cassette());
        ApiClient client = fixture.configure()
                .apply(ApiClient.builder(fixture.spec())
                        .secret(Secret.of(simulator().secret()))
                        .withoutGate()
                        .retry(fixture.spec().retry().withBackoff(FAST).withBudgetShare(1)))
                .transport(player)
                .build();
        try {
            Throwable failure = catchThrowable(
                    () -> Flux.from(recording.run().apply(client)).then().block(PATIENCE));
            expectNone("failure of a recorded run", failure);
            assertThat(player.unused())
                    .as("recorded requests that were not made")
                    .isEmpty();
        } finally {
            client.closeLater().block(PATIENCE);
        }
    }

    /**
     * Verifies that a {@code Retry-After} of one second is waited for, and that a negative or unreadable one is noted
     * and replaced by the backoff.
     */
    @Test
    @DisplayName("A wait hint is obeyed, and nonsense in its place does no harm")
    public final void obeysWaitHints() {
        warmUp();
        faults(fixture.read(), refusal("1"), refusal("-5"), refusal("soon"));

        ApiResponse<?> response = read();

        assertThat(response.journey().attempts()).hasSize(4);
        assertThat(response.journey().attempts().get(0).waitNanos())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(response.journey().notes()).hasSizeGreaterThanOrEqualTo(2);
    }

    private static Fault refusal(String hint) {
        return Fault.status(503, Map.of("Retry-After", hint), "application/json", "{}");
    }

    /**
     * Verifies that the unsafe request is sent once and has one effect if the connection breaks after the server acted,
     * and that its failure is {@code MAYBE_PROCESSED}.
     */
    @Test
    @DisplayName("An unkeyed POST has one effect and one send when the connection breaks after the server acted")
    public final void sendsUnkeyedPostOnce() {
        warmUp();
        faults(fixture.unsafe(), Fault.resetAfterEffect());

        ApiException failure = failureOf(client().execute(fixture.unsafe()));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(requestsFor(fixture.unsafe())).hasSize(1);
        assertThat(simulator().effects().count()).isEqualTo(1);
    }

    /**
     * Verifies for each operation, over a connection that is lost: an unsafe one is sent once; another one is sent
     * again, succeeds, and has one effect. It fails if the fixture has no operations.
     */
    @TestFactory
    @DisplayName("A typed operation is sent again after a lost connection if, and only if, its retry class allows it,"
            + " and acts once")
    public final Stream<DynamicTest> resendsAsRetryClassAllows() {
        return notEmpty("operations", fixture.operations())
                .map(operation -> fresh(operation, () -> {
                    Supplier<Mono<?>> call = prepared(operation);
                    boolean unsafe = operation.retryClass() == RetryClass.UNSAFE;
                    simulator().faults().next(unsafe ? Fault.resetBeforeRequestActs() : Fault.resetAfterEffect());

                    Throwable failure = catchThrowable(() -> call.get().block(PATIENCE));

                    int sends = sendsOfTheFirst();
                    if (unsafe) {
                        assertThat(failure)
                                .isInstanceOfSatisfying(
                                        ApiException.class,
                                        e -> assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED));
                        assertThat(sends)
                                .as("sends by an operation that is %s, after a lost connection", operation.retryClass())
                                .isEqualTo(1);
                    } else {
                        assertThat(sends)
                                .as("sends by an operation that is %s, after a lost connection", operation.retryClass())
                                .isGreaterThanOrEqualTo(2);
                        int onceDone = statusOnceDone(operation);
                        if (onceDone == 0) {
                            expectNone("failure of the resend", failure);
                        } else if (failure != null) {
                            assertThat(failure)
                                    .isInstanceOfSatisfying(
                                            ApiException.class,
                                            e -> assertThat(e.status())
                                                    .as("%s", e)
                                                    .isEqualTo(onceDone));
                            assertThat(simulator().effects().count())
                                    .as("effects before the resend was refused with %d", onceDone)
                                    .isPositive();
                        }
                        if (operation.retryClass() == RetryClass.KEYED) {
                            assertThat(simulator().effects().count())
                                    .as("effects in the simulator's ledger, by an operation that is KEYED")
                                    .isPositive();
                        }
                        Map<String, Set<String>> affected = idsByOperation();
                        if (affected.values().stream().anyMatch(ids -> ids.size() != 1)) {
                            throw new AssertionError("ids that one call has affected\nexpected: one for each operation"
                                    + "\nseen: " + affected);
                        }
                    }
                }));
    }

    /** Returns the status of a resend that came after the work was done; 0 if such a resend has to succeed. */
    private int statusOnceDone(TypedOperation operation) {
        if (operation.statusOnceDone() != 0) {
            return operation.statusOnceDone();
        }
        // A resent DELETE no longer finds what the first one deleted.
        return simulator().requests().all().get(0).method().equals("DELETE") ? 404 : 0;
    }

    /** Returns how often the first request of the call was sent. A probe for its outcome is a different request. */
    private int sendsOfTheFirst() {
        LoggedRequest first = simulator().requests().all().get(0);
        return simulator().requests().of(first.method(), first.path()).size();
    }

    private Map<String, Set<String>> idsByOperation() {
        Map<String, Set<String>> ids = new TreeMap<>();
        for (Effect effect : simulator().effects().all()) {
            ids.computeIfAbsent(effect.operation(), operation -> new TreeSet<>())
                    .add(effect.id());
        }
        return ids;
    }

    /**
     * Verifies that each list ends, without a page that repeats and with all items of the simulator, that each of its
     * tokens leads to the items behind it, and that a server that goes round in circles is an error. It fails if the
     * fixture has no lists.
     */
    @TestFactory
    @DisplayName("A list comes to its end, and a server that goes round in circles is an error")
    public final Stream<DynamicTest> endsEveryList() {
        return notEmpty("lists", fixture.lists())
                .map(list -> DynamicTest.dynamicTest(list.toString(), () -> comesToItsEnd(list)));
    }

    private <T> void comesToItsEnd(VendorFixture.ListOperation<T> list) {
        warmUp();
        expectNone(
                "failure of the preparation",
                catchThrowable(() ->
                        Flux.from(list.preparation().apply(client())).then().block(PATIENCE)));
        Pages<T> whole = client().pages(list.request(), list.paging());
        List<Page<T>> pages =
                Objects.requireNonNull(whole.take(MOST_PAGES).collectList().block(PATIENCE));
        assertThat(pages).as("pages until the end").hasSizeLessThan(MOST_PAGES);
        assertThat(pages.stream().map(Page::items)).as("no page comes twice").doesNotHaveDuplicates();
        List<T> items = pages.stream().flatMap(page -> page.items().stream()).toList();
        assertThat(items)
                .as("items of the list (expected: at least one; a list without items shows nothing about its pages)")
                .isNotEmpty();
        if (list.items() >= 0) {
            assertThat(items).as("items on " + pages.size() + " pages").hasSize(list.items());
        }
        for (Page<T> page : pages) {
            String token = page.resumeToken();
            long behind = page.position() + page.items().size();
            assertThat(
                            token == null
                                    ? List.of()
                                    : whole.resumeFrom(token)
                                            .items()
                                            .collectList()
                                            .block(PATIENCE))
                    .as("items behind " + behind + ", by the token of their page")
                    .isEqualTo(items.subList((int) behind, items.size()));
        }

        String endless = list.endless();
        if (endless != null) {
            faults(
                    list.request(),
                    Fault.status(200, Map.of(), "application/json", endless),
                    Fault.status(200, Map.of(), "application/json", endless));
            Throwable circle = catchThrowable(() -> whole.blockLast(PATIENCE));
            assertThat(circle)
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNDECODABLE));
            simulator().faults().clear();
        }
    }

    /** Verifies that calls that are cancelled at any time return their connections. */
    @Test
    @DisplayName("A cancel at any time gives the connection up")
    public final void releasesConnectionOnCancelAtAnyTime() throws InterruptedException {
        warmUp();
        List<Disposable> calls = new ArrayList<>();
        for (int delay = 0; delay < 40; delay++) {
            faults(fixture.read(), Fault.delay(Duration.ofMillis(delay % 8L)));
            Disposable call = client().execute(fixture.read()).onErrorComplete().subscribe();
            Thread.sleep(delay % 5);
            call.dispose();
            calls.add(call);
        }
        simulator().faults().clear();
        assertThat(calls).allMatch(Disposable::isDisposed);
        assertThat(client().execute(fixture.read()).block(PATIENCE)).isNotNull();
    }
}
