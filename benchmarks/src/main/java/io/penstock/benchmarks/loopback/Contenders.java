package io.penstock.benchmarks.loopback;

import java.util.List;
import java.util.function.Function;

/** Who takes part, by name. */
final class Contenders {

    /** One of them. */
    record Entry(String name, Function<Target, Contender> factory) {
        Contender open(Target target) {
            return factory.apply(target);
        }
    }

    private static final List<Entry> ALL = List.of(
            new Entry("Penstock", PenstockContender::new),
            new Entry("Reactor Netty, tuned", TunedReactorNettyContender::new),
            new Entry("Reactor Netty", ReactorNettyContender::new),
            new Entry("WebClient", WebClientContender::new),
            new Entry(
                    "WebClient + Resilience4j", target -> new WebClientContender(target, new Resilience4jOperators())),
            new Entry("azure-core", AzureContender::new),
            new Entry("Armeria", ArmeriaContender::new),
            new Entry("Vert.x", VertxContender::new),
            new Entry("async-http-client", AsyncHttpClientContender::new),
            new Entry("JDK HttpClient", JdkContender::new));

    private Contenders() {}

    static List<String> names() {
        return ALL.stream().map(Entry::name).toList();
    }

    static Entry named(String name) {
        return ALL.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("contender: " + name + " (expected: one of " + names() + ")"));
    }
}
