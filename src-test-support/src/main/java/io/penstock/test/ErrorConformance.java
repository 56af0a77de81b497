package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The errors of a vendor by answer, without a socket. A vendor's test extends this class, gives the documented advice in
 * {@link #remedies()} and asserts more with {@link #failure}.
 *
 * <p>It needs JUnit and AssertJ.
 */
public abstract class ErrorConformance {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VendorSpec spec;
    private final String path;
    private final Supplier<ApiClientBuilder> clients;

    /**
     * Creates the test. For subclasses.
     *
     * @param spec the vendor's spec
     * @param path the path of all requests
     * @param clients a factory of the vendor's client with its secret; transport and retries are set afterwards
     */
    protected ErrorConformance(VendorSpec spec, String path, Supplier<ApiClientBuilder> clients) {
        this.spec = spec;
        this.path = path;
        this.clients = clients;
    }

    /**
     * Returns the advice of the vendor's documents as lines with three cells, below a line of titles:
     *
     * <pre>
     * status | body                                  | words of the remedy
     * 401    | {"error":{"code":"invalid_api_key"}}  | key; dashboard
     * 409    | {"error":{"code":"conflict"}}         | -
     * </pre>
     *
     * The remedy must contain all words, which a semicolon separates; {@code -} stands for no remedy. An empty cell is
     * an empty body.
     */
    protected abstract String remedies();

    /** Returns the scripted answers to requests before the one under test, such as a token's; by default none. */
    protected List<ScriptedTransport.Step> answersBefore() {
        return List.of();
    }

    /** Returns the failure of a call whose only attempt gets this answer with the media type of JSON. */
    protected final ApiException failure(int status, String body) {
        return failure(status, Headers.of("content-type", "application/json"), body);
    }

    /** Returns the failure of a call whose only attempt gets this answer. */
    protected final ApiException failure(int status, Headers headers, String body) {
        ScriptedTransport transport = ScriptedTransport.of(answersBefore().toArray(new ScriptedTransport.Step[0]))
                .then(ScriptedTransport.answer(status, headers, body));
        try (ApiClient client = clients.get()
                .transport(transport)
                .retry(spec.retry().withMaxAttempts(1))
                .build()) {
            Throwable failure =
                    catchThrowable(() -> client.value(ApiRequest.get(path)).block(PATIENCE));
            assertThat(failure).isInstanceOf(ApiException.class);
            return (ApiException) failure;
        }
    }

    @TestFactory
    final Stream<DynamicTest> returnsDocumentedAdviceAsRemedy() {
        List<String> rows = remedies().lines().skip(1).toList();
        assertThat(rows).as("rows of the remedies").isNotEmpty();
        return rows.stream().map(row -> DynamicTest.dynamicTest(row, () -> checkRemedy(row.split("\\|", -1))));
    }

    private void checkRemedy(String[] cells) {
        assertThat(cells).as("status | body | words").hasSize(3);
        int status = Integer.parseInt(cells[0].strip());
        String words = cells[2].strip();

        ApiException failure = failure(status, cells[1].strip());

        assertThat(failure.status()).isEqualTo(status);
        if (words.equals("-")) {
            assertThat(failure.remedy()).isNull();
        } else {
            assertThat(failure.remedy())
                    .contains(Stream.of(words.split(";", -1)).map(String::strip).toList());
            assertThat(failure).hasMessageContaining(failure.remedy());
        }
    }
}
