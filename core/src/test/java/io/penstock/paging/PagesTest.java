package io.penstock.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.Page;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

/** Demand, prefetch, cancellation and resumption of pages. */
class PagesTest {

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** Returns a subscriber without initial demand. */
    private static <T> TestSubscriber<T> patient() {
        return TestSubscriber.builder().initialRequest(0).build();
    }

    @Test
    void fetchesNothingBeforeDemand() {
        ListServer server = new ListServer(6, 2);
        TestSubscriber<Page<Integer>> reader = patient();

        server.pages().prefetch(3).subscribe(reader);

        assertThat(server.asked).isEmpty();
    }

    @Test
    void fetchesPagesOnDemandAndCompletesWithLast() {
        ListServer server = new ListServer(5, 2);
        TestSubscriber<Page<Integer>> reader = patient();
        server.pages().subscribe(reader);

        reader.request(1);
        assertThat(server.asked).hasSize(1);
        reader.request(1);
        assertThat(server.asked).hasSize(2);
        assertThat(reader.isTerminatedOrCancelled()).isFalse();
        reader.request(1);

        assertThat(server.asked).containsExactly("GET numbers, page 1", "GET numbers, page 2", "GET numbers, page 3");
        assertThat(reader.isTerminatedComplete()).isTrue();
        assertThat(reader.getReceivedOnNext()).extracting(Page::position).containsExactly(0L, 2L, 4L);
        assertThat(reader.getReceivedOnNext()).extracting(Page::total).containsOnly(5L);
        assertThat(reader.getReceivedOnNext())
                .extracting(Page::resumeToken)
                .last()
                .isNull();
    }

    @Test
    void fetchesOnePageForTakeOne() {
        ListServer server = new ListServer(5, 2);

        assertThat(server.pages().take(1).collectList().block()).hasSize(1);

        assertThat(server.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void fetchesAheadOfDemandByPrefetchOnly(int ahead) {
        ListServer server = new ListServer(20, 2);
        TestSubscriber<Page<Integer>> reader = patient();
        server.pages().prefetch(ahead).subscribe(reader);

        reader.request(1);
        assertThat(server.asked).hasSize(1 + ahead);
        reader.request(2);
        assertThat(server.asked).hasSize(3 + ahead);

        reader.request(Long.MAX_VALUE);
        assertThat(reader.getReceivedOnNext()).flatExtracting(Page::items).isEqualTo(upTo(20));
    }

    @Test
    void fetchesNextPageWhileCurrentIsRead() {
        ListServer server = new ListServer(6, 2);
        List<Integer> askedAtPage = new ArrayList<>();

        server.pages()
                .prefetch(1)
                .doOnNext(p -> askedAtPage.add(server.asked.size()))
                .blockLast();

        assertThat(askedAtPage).containsExactly(2, 3, 3);
    }

    @Test
    void fetchesNextPageForItemsOnlyWhenNoneIsLeft() {
        ListServer server = new ListServer(5, 2);
        TestSubscriber<Integer> reader = patient();
        server.pages().items().subscribe(reader);

        assertThat(server.asked).isEmpty();
        reader.request(2);
        assertThat(server.asked).as("two of two").hasSize(1);
        reader.request(1);
        assertThat(server.asked).as("one of the next two").hasSize(2);
        reader.request(1);
        assertThat(server.asked).hasSize(2);
        reader.request(1);

        assertThat(reader.getReceivedOnNext()).isEqualTo(upTo(5));
        assertThat(reader.isTerminatedComplete()).isTrue();
    }

    @Test
    void readsLongListWithoutGrowingStack() {
        int most = 200_000;

        assertThat(new ListServer(most, 1).pages().count().block()).isEqualTo(most);
        assertThat(new ListServer(most, 1).pages().prefetch(2).items().count().block())
                .isEqualTo(most);
        AtomicInteger seen = new AtomicInteger();
        new ListServer(most, 1).pages().items().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                s.request(1);
            }

            @Override
            protected void hookOnNext(Integer item) {
                seen.incrementAndGet();
                request(1);
            }
        });
        assertThat(seen).hasValue(most);
    }

    @Test
    void continuesItemsPastEmptyPages() {
        ListServer server = new ListServer(3, 1)
                .answering(answer -> answer.map(r -> {
                    Page<Integer> page = r.value();
                    return page.position() == 0 && "2".equals(page.nextCursor())
                            ? new ApiResponse<>(
                                    r.status(), r.headers(), new Page<>(List.<Integer>of(), "2"), r.journey())
                            : r;
                }));

        assertThat(server.pages().items().collectList().block()).containsExactly(0, 2);
    }

    @Test
    void cancelsCallUnderWay() {
        TestPublisher<ApiResponse<Page<Integer>>> pending = TestPublisher.create();
        ListServer server = new ListServer(6, 2);
        TestSubscriber<Page<Integer>> reader = patient();
        server.pages().prefetch(1).subscribe(reader);
        server.answering(answer -> server.asked.size() == 2 ? pending.mono() : answer);

        reader.request(1);
        reader.cancel();

        pending.assertCancelled();
        assertThat(server.asked).hasSize(2);
        assertThat(reader.getReceivedOnNext()).hasSize(1);
        assertThat(reader.isTerminated()).isFalse();
    }

    @Test
    void dropsPrefetchedPagesOnCancel() {
        ListServer server = new ListServer(6, 2);
        TestSubscriber<Page<Integer>> reader = patient();
        server.pages().prefetch(2).subscribe(reader);

        reader.request(1);
        reader.cancel();
        reader.request(5);

        assertThat(reader.getReceivedOnNext()).hasSize(1);
        assertThat(server.asked).hasSize(3);
    }

    @Test
    void emitsNoItemAfterCancelWithinPage() {
        ListServer server = new ListServer(6, 3);

        StepVerifier.create(server.pages().items(), 0)
                .thenRequest(2)
                .expectNext(0, 1)
                .thenCancel()
                .verify();

        assertThat(server.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void rejectsNonPositiveDemand(long n) {
        for (Flux<?> flux : List.of(
                new ListServer(6, 2).pages(), new ListServer(6, 2).pages().items())) {
            AtomicReference<Throwable> error = new AtomicReference<>();
            flux.subscribe(new reactor.core.CoreSubscriber<Object>() {
                @Override
                public void onSubscribe(Subscription s) {
                    s.request(n);
                    s.request(1);
                }

                @Override
                public void onNext(Object page) {
                    throw new AssertionError("an error ends it");
                }

                @Override
                public void onError(Throwable e) {
                    error.set(e);
                }

                @Override
                public void onComplete() {
                    throw new AssertionError("an error ends it");
                }
            });

            assertThat(error.get()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
        }
    }

    @Test
    void addsDemandWithoutOverflow() {
        ListServer server = new ListServer(6, 2);
        TestSubscriber<Integer> reader = patient();
        Sinks.Empty<Void> gate = Sinks.empty();
        server.answering(answer -> gate.asMono().then(answer)).pages().items().subscribe(reader);

        reader.request(Long.MAX_VALUE);
        reader.request(Long.MAX_VALUE);
        gate.tryEmitEmpty();

        assertThat(reader.getReceivedOnNext()).isEqualTo(upTo(6));
    }

    @Test
    void emitsErrorWithTokenAfterPagesBeforeIt() {
        ListServer server = new ListServer(7, 2);
        server.answering(answer -> server.asked.size() == 3 ? Mono.error(ListServer.failure()) : answer);
        List<Integer> read = new ArrayList<>();

        assertThatThrownBy(() ->
                        server.pages().prefetch(3).items().doOnNext(read::add).blockLast())
                .matches(ErrorKind.UNAVAILABLE::matches);
        assertThat(read).isEqualTo(upTo(4));
        server.pages()
                .resumeFrom(server.tokens.get(0))
                .items()
                .doOnNext(read::add)
                .blockLast();

        assertThat(read).isEqualTo(upTo(7));
        assertThat(server.asked).last().isEqualTo("GET numbers, page 4");
    }

    @Test
    void givesTokenForBeginningWhenFirstPageFails() {
        ListServer server = new ListServer(3, 2).answering(answer -> Mono.error(ListServer.failure()));

        assertThatThrownBy(() -> server.pages().blockLast()).matches(ErrorKind.UNAVAILABLE::matches);

        server.answering(answer -> answer);
        assertThat(server.pages()
                        .resumeFrom(server.tokens.get(0))
                        .items()
                        .collectList()
                        .block())
                .isEqualTo(upTo(3));
    }

    @Test
    void resumesBehindPageOfToken() {
        List<Page<Integer>> pages = new ListServer(7, 2).pages().collectList().block();
        for (Page<Integer> page : pages.subList(0, 3)) {
            List<Page<Integer>> rest = new ListServer(7, 2)
                    .pages()
                    .resumeFrom(page.resumeToken())
                    .collectList()
                    .block();

            assertThat(rest).isEqualTo(pages.subList((int) page.position() / 2 + 1, 4));
        }
    }

    @Test
    void readsFromBeginningForEverySubscription() {
        Pages<Integer> pages = new ListServer(5, 2).pages();

        assertThat(pages.items().collectList().block()).isEqualTo(upTo(5));
        assertThat(pages.items().collectList().block()).isEqualTo(upTo(5));
    }

    @Test
    void passesContextToEveryCall() {
        List<String> seen = new ArrayList<>();
        ListServer server = new ListServer(4, 2)
                .answering(answer -> Mono.deferContextual(context -> {
                    seen.add(context.get("who"));
                    return answer;
                }));

        server.pages().items().contextWrite(Context.of("who", "me")).blockLast();

        assertThat(seen).containsExactly("me", "me");
    }

    @Test
    void emitsErrorOfThrowingSource() {
        ListServer server = new ListServer(4, 2).answering(answer -> {
            throw new IllegalStateException("broken");
        });

        StepVerifier.create(server.pages().items()).verifyErrorMessage("broken");
    }

    /** Races cancellation and demand with pages that arrive on other threads. */
    @Test
    void emitsItemsOnceInOrderUnderRaces() throws InterruptedException {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            int cancelAt = random.nextInt(60);
            ListServer server = new ListServer(50, 3)
                    .answering(answer -> answer.publishOn(Schedulers.parallel()).delaySubscription(Duration.ZERO));
            List<Integer> read = new ArrayList<>();
            CountDownLatch over = new CountDownLatch(1);
            BaseSubscriber<Integer> reader = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription s) {
                    // demand comes from other threads, below
                }

                @Override
                protected void hookOnNext(Integer item) {
                    read.add(item);
                    if (read.size() == cancelAt) {
                        cancel();
                        over.countDown();
                    }
                }

                @Override
                protected void hookOnComplete() {
                    over.countDown();
                }
            };
            server.pages().prefetch(random.nextInt(3)).items().subscribe(reader);
            for (int asker = 0; asker < 2; asker++) {
                Schedulers.parallel().schedule(() -> IntStream.range(0, 30).forEach(i -> reader.request(1)));
            }
            assertThat(cancelAt == 0 || over.await(30, TimeUnit.SECONDS))
                    .as("seed %d, run %d", seed, run)
                    .isTrue();
            if (cancelAt > 0) {
                assertThat(read).as("seed %d, run %d", seed, run).isEqualTo(upTo(Math.min(50, cancelAt)));
            } else {
                reader.cancel();
            }
        }
    }
}
