package io.penstock.benchmarks.loopback;

import io.penstock.benchmarks.loopback.Contenders.Entry;
import io.penstock.transport.netty.Transports;
import java.util.List;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;

/**
 * Penstock and its foundation with other settings than the defaults. The measurements are the basis of the defaults.
 */
final class Choices {

    static final List<Integer> POOLS = List.of(8, 32, 64, 128, 500);

    static final List<Entry> POOL_SIZES = POOLS.stream().map(Choices::pool).toList();

    /** Numbers of event loops, and whether a call stays on the event loop it is made on. */
    static final List<Entry> EVENT_LOOPS = List.of(loops(1), loops(2), loops(4), apart(1), apart(2), apart(4));

    /**
     * The native transport and NIO, and HTTP/1.1 over Reactor Netty's {@code HttpClient} instead of Penstock's own. Without
     * the native jars, Penstock runs on NIO.
     */
    static final List<Entry> TRANSPORTS = List.of(
            new Entry("Penstock, over HttpClient", PenstockContender::new)
                    .withJvm("-D" + Transports.PROPERTY + "=" + Transports.HTTP_CLIENT),
            new Entry("Penstock, epoll", PenstockContender::new),
            new Entry("Penstock, NIO", PenstockContender::new).withoutJars("netty-transport-native-epoll"));

    /** Requests with and without {@code Accept-Encoding}. Penstock itself always asks for compressed responses. */
    static final List<Entry> DECOMPRESSION = List.of(
            new Entry("Penstock, asks for gzip", PenstockContender::new),
            new Entry("Reactor Netty, asks for gzip", target -> tuned(target, true)),
            new Entry("Reactor Netty, does not ask", target -> tuned(target, false)));

    private Choices() {}

    private static Entry pool(int connections) {
        return new Entry("Penstock, pool " + connections, target -> new PenstockContender(target, connections));
    }

    private static Entry loops(int number) {
        return new Entry("Penstock, event loops: " + number, PenstockContender::new)
                .withJvm("-Dreactor.netty.ioWorkerCount=" + number);
    }

    private static Entry apart(int number) {
        return new Entry("Penstock, event loops: " + number + ", not colocated", target -> {
            HttpResources.set(LoopResources.create("apart", 1, number, true, false));
            return new PenstockContender(target);
        });
    }

    private static Contender tuned(Target target, boolean compress) {
        return new TunedReactorNettyContender(target, target.http().compress(compress));
    }
}
