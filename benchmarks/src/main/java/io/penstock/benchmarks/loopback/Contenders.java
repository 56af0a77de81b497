package io.penstock.benchmarks.loopback;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The contenders, by name. */
final class Contenders {

    /** A library that Armeria requires. Reactor does more work if it is on the class path. */
    private static final String CONTEXT_PROPAGATION = "context-propagation";

    /**
     * A contender.
     *
     * @param jvm JVM options in addition to the common ones
     * @param without words that name the jars to remove from its class path
     */
    record Entry(String name, List<String> jvm, List<String> without, Function<Target, Contender> factory) {

        Entry(String name, Function<Target, Contender> factory) {
            this(name, List.of(), List.of(CONTEXT_PROPAGATION), factory);
        }

        Entry withJvm(String... options) {
            return new Entry(name, List.of(options), without, factory);
        }

        Entry withoutJars(String word) {
            return new Entry(name, jvm, List.of(CONTEXT_PROPAGATION, word), factory);
        }

        Contender open(Target target) {
            return factory.apply(target);
        }
    }

    private static final List<Entry> PEERS = List.of(
            new Entry("Penstock", PenstockContender::new),
            new Entry("Reactor Netty, tuned", TunedReactorNettyContender::new),
            new Entry("Reactor Netty", ReactorNettyContender::new),
            new Entry("WebClient", WebClientContender::new),
            new Entry(
                    "WebClient + Resilience4j", target -> new WebClientContender(target, new Resilience4jOperators())),
            new Entry("azure-core", AzureContender::new),
            new Entry("Armeria", List.of(), List.of(), ArmeriaContender::new),
            new Entry("Vert.x", VertxContender::new),
            new Entry("async-http-client", AsyncHttpClientContender::new),
            new Entry("JDK HttpClient", JdkContender::new));

    private Contenders() {}

    /** Returns the names of the contenders that are compared with each other. */
    static List<String> peers() {
        return names(PEERS);
    }

    static List<String> names(List<Entry> entries) {
        return entries.stream().map(Entry::name).toList();
    }

    static Entry named(String name) {
        List<Entry> all = Stream.of(
                        PEERS,
                        Choices.POOL_SIZES,
                        Choices.EVENT_LOOPS,
                        Choices.TRANSPORTS,
                        Choices.DECOMPRESSION,
                        TlsContenders.HANDSHAKES,
                        TlsContenders.KEPT)
                .flatMap(List::stream)
                .toList();
        return all.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("contender: " + name + " (expected: one of " + names(all) + ")"));
    }
}
