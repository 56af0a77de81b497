package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.StubTransport.Sent;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorModel;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.spec.ListForm;
import io.penstock.spec.VendorSpec;
import io.penstock.timeout.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Lists of a client: each page is a call, whose failures are the vendor's exceptions. */
class PagesOfAClientTest {

    /** An exception class of a vendor. */
    static final class AcmeException extends ApiException {
        private static final long serialVersionUID = 1L;

        AcmeException(Failure failure) {
            super(failure);
        }
    }

    private static final VendorSpec SPEC = Lab.SPEC
            .withErrors(ErrorModel.byStatusOnly().withExceptions(AcmeException::new))
            .withLists(ListForm.of(
                            Payload.page(JsonNode.class, List.of(), List.of("next"))
                                    .notBeside("pageInfo"),
                            Paging.cursor("after"))
                    .with("size", 2));

    private final Lab lab = new Lab();

    private Pages<Integer> numbers(StubTransport wire) {
        return lab.client(SPEC, wire).build().pages(ApiRequest.get("numbers"), Integer.class);
    }

    private ApiException failure(Mono<?> pages) {
        return lab.failure(pages);
    }

    @Test
    void readsListAsSpecifiedWithOneCallPerPage() {
        StubTransport wire = new StubTransport(
                n -> Answer.of(200, n == 1 ? "{\"rows\":[1,2],\"next\":\"c2\"}" : "{\"rows\":[3],\"next\":null}"));

        List<Page<Integer>> pages = lab.value(numbers(wire).collectList());

        assertThat(wire.sent)
                .extracting(Sent::line)
                .containsExactly(
                        "GET https://api.example.com/v1/numbers?size=2",
                        "GET https://api.example.com/v1/numbers?size=2&after=c2");
        assertThat(pages).extracting(Page::items).containsExactly(List.of(1, 2), List.of(3));
        assertThat(pages)
                .extracting(page -> page.journey().parent())
                .containsExactly("GET numbers, page 1", "GET numbers, page 2");
        assertThat(pages.get(0)).hasToString("Page[2 items, more]");
        assertThat(pages.get(1)).hasToString("Page[1 items from 2]");
    }

    @Test
    void retriesPageAndResumesAtFailedPage() {
        StubTransport wire = new StubTransport(n -> n == 1
                ? Answer.of(200, "{\"rows\":[1,2],\"next\":\"c2\"}")
                : n <= 3 ? Answer.of(503, "") : n == 4 ? Answer.of(404, "") : Answer.of(200, "{\"rows\":[3]}"));
        List<Integer> read = new ArrayList<>();
        Pages<Integer> pages = numbers(wire);

        ApiException failure = failure(pages.items().doOnNext(read::add).then());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(failure).isInstanceOf(AcmeException.class);
        assertThat(failure.journey().attempts()).hasSize(3);
        assertThat(failure.journey().parent()).isEqualTo("GET numbers, page 2");
        assertThat(read).containsExactly(1, 2);
        assertThat(lab.value(pages.resumeFrom(failure.resumeToken()).items().collectList()))
                .containsExactly(3);
        assertThat(wire.sent).extracting(Sent::line).last().asString().endsWith("?size=2&after=c2");
    }

    @Test
    void failsWithVendorsExceptionOnRepeatedCursor() {
        StubTransport wire = StubTransport.always(200, "{\"rows\":[1],\"next\":\"c1\"}");

        ApiException failure = failure(numbers(wire).then());

        assertThat(failure).isInstanceOf(AcmeException.class).hasMessageContaining("just sent");
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure.journey().parent()).isEqualTo("GET numbers, page 2");
        assertThat(failure.resumeToken()).isNotNull();
        assertThat(failure.safeToRepeat()).isTrue();
        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void failsOnListOfUnexpectedForm() {
        for (String body : List.of(
                "{\"rows\":[1],\"pageInfo\":{}}", "{\"rows\":[1],\"others\":[]}", "{\"rows\":7}", "{\"rows\":null}")) {
            ApiException failure =
                    failure(numbers(StubTransport.always(200, body)).then());

            assertThatObject(failure.kind()).as(body).isEqualTo(ErrorKind.UNDECODABLE);
            assertThat(failure).as(body).hasMessageContaining("expected: ");
        }
        assertThat(lab.value(numbers(StubTransport.always(200, "[1,2]")).items().collectList()))
                .containsExactly(1, 2);
    }

    @Test
    void failsUnresolvableRequestBeforeSending() {
        StubTransport wire = StubTransport.always(200, "[]");
        Pages<Integer> pages = lab.client(SPEC, wire).build().pages(ApiRequest.get("of/{owner}"), Integer.class);

        ApiException failure = failure(pages.then());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining("no value for {owner}");
        assertThat(failure.resumeToken()).isNull();
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void refusesUnspecifiedListAndNegativePrefetch() {
        ApiClient plain = lab.client(StubTransport.always(200, "[]")).build();

        assertThatThrownBy(() -> plain.pages(ApiRequest.get("numbers"), Integer.class))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("list numbers: nothing is known");
        assertThatThrownBy(() -> numbers(StubTransport.always(200, "[]")).prefetch(-1))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("prefetch: -1 (expected: >= 0)");
    }

    @Test
    void appliesDeadlineToEachPageAndEnclosingOneToAll() {
        StubTransport wire = new StubTransport(
                n -> Answer.of(200, n % 2 == 1 ? "{\"rows\":[1],\"next\":\"c2\"}" : "{\"rows\":[2]}"));
        Operator slow = Operator.of(
                "slow",
                (call, next) ->
                        Mono.delay(Duration.ofSeconds(40), lab.time).then(Mono.defer(() -> next.exchange(call))));
        Pages<Integer> pages = lab.client(SPEC, wire)
                .operator(Operator.Position.PER_ATTEMPT, slow)
                .deadline(Duration.ofSeconds(60))
                .build()
                .pages(ApiRequest.get("numbers"), Integer.class);

        assertThat(lab.value(pages.items().collectList())).as("80 s in all").containsExactly(1, 2);
        ApiException late = failure(pages.then().contextWrite(Deadline.in(Duration.ofSeconds(70), lab.time)));

        assertThatObject(late.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(late.journey().parent()).isEqualTo("GET numbers, page 2");
        assertThat(late.resumeToken()).isNotNull();
    }

    @Test
    void failsOnNullItem() {
        StubTransport wire = new StubTransport(n -> Answer.of(
                200,
                n == 1 ? "{\"rows\":[1,2],\"next\":\"c2\"}" : n == 2 ? "{\"rows\":[3,null]}" : "{\"rows\":[3,4]}"));
        List<Integer> read = new ArrayList<>();
        Pages<Integer> pages = numbers(wire);

        ApiException failure = failure(pages.items().doOnNext(read::add).then());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).isInstanceOf(AcmeException.class).hasMessageContaining("item 4 of the list is null");
        assertThat(failure.journey().parent()).isEqualTo("GET numbers, page 2");
        assertThat(read).as("items of the first page only").containsExactly(1, 2);
        assertThat(lab.value(pages.resumeFrom(failure.resumeToken()).items().collectList()))
                .containsExactly(3, 4);
    }

    @Test
    void emitsPageBeforeFailingOnItsCursors() {
        Pages<Integer> pages = lab.client(SPEC, StubTransport.always(200, "{\"rows\":[1,2],\"cursors\":[null,{}]}"))
                .build()
                .pages(
                        ApiRequest.get("numbers").as(Payload.page(Integer.class, List.of("rows"), List.of())),
                        Paging.cursorList("after", "/cursors"));
        List<Integer> read = new ArrayList<>();

        ApiException failure = failure(pages.items().doOnNext(read::add).then());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(read).containsExactly(1, 2);
        assertThat(failure.resumeToken()).isNotNull();
    }

    /** A server that remembers the key would answer every page with the first one. */
    @Test
    void refusesListRequestWithIdempotencyKey() {
        ApiClient client = lab.client(SPEC, StubTransport.always(200, "[]")).build();
        ApiRequest<?> keyed = ApiRequest.post("numbers").idempotencyKey(IdempotencyKey.of("k-1"));

        assertThatThrownBy(() -> client.pages(keyed, Integer.class))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("POST numbers: has an idempotency key (expected: none");
    }
}
