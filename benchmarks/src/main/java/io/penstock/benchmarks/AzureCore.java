package io.penstock.benchmarks;

import com.azure.core.credential.KeyCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.KeyCredentialPolicy;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * azure-core's pipeline with the minimal policies of an SDK: user agent, retry, credential. It has no gate and no
 * circuit breaker.
 */
final class AzureCore {

    private final HttpPipeline pipeline;

    /** Creates a pipeline around a stub. */
    AzureCore() {
        byte[] body = StubAnswer.body();
        HttpHeaders headers = new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json");
        HttpClient stub = request -> Mono.just(new Answer(request, headers, body));
        this.pipeline = new HttpPipelineBuilder()
                .httpClient(stub)
                .policies(
                        new UserAgentPolicy("benchmarks"),
                        new RetryPolicy(),
                        new KeyCredentialPolicy("authorization", new KeyCredential(StubAnswer.KEY), "Bearer "))
                .build();
    }

    /** Returns a call. */
    Mono<HttpResponse> call() {
        return pipeline.send(new HttpRequest(HttpMethod.GET, "https://api.example.com/v1/scans")
                .setHeader(HttpHeaderName.ACCEPT, "application/json"));
    }

    private static final class Answer extends HttpResponse {
        private final HttpHeaders headers;
        private final byte[] body;

        Answer(HttpRequest request, HttpHeaders headers, byte[] body) {
            super(request);
            this.headers = headers;
            this.body = body;
        }

        @Override
        public int getStatusCode() {
            return 200;
        }

        @Override
        @Deprecated
        public @Nullable String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.just(ByteBuffer.wrap(body));
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.just(body);
        }

        @Override
        public Mono<String> getBodyAsString() {
            return getBodyAsString(StandardCharsets.UTF_8);
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.just(new String(body, charset));
        }
    }
}
