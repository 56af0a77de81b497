package io.penstock.transport.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.penstock.error.ApiException;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.transport.ConnectionOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.netty.FutureMono;

/**
 * The connections to one origin: a stack of idle ones for each event loop, and a line of exchanges that wait for one.
 *
 * <p>An exchange takes the connection that was used last on its own event loop, else one of another event loop, else a
 * new one, else it waits in the line, first come, first served. A connection that becomes free goes to the head of the
 * line before it is idle. An idle connection is used no longer than the options and its server allow.
 *
 * <p>A connection of HTTP/2 is shared: an exchange takes a stream of the first one that has one left. While none is known
 * and the server may speak HTTP/2, one connection is opened at a time, and other exchanges wait in the line for the
 * outcome. If a server chooses HTTP/1.1, they continue as above.
 *
 * <p>The lock guards every field here, and the fields of connections that say so. Nothing is called under it. A
 * connection belongs to the pool while it is idle, and to one exchange from {@link #serve} until {@link #release} or
 * {@link #closed}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a close or a timer
final class ConnectionPool {

    private static final long SHORTEST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The part of its life by which a connection may end early, so that not all of them end at once. */
    private static final double JITTER = 0.1;

    private final HttpTransport transport;
    private final Origin origin;
    private final ConnectionOptions options;
    private final Connector connector;

    private final IdentityHashMap<EventLoop, Deque<Http1Connection>> stacks = new IdentityHashMap<>();
    private final Deque<Exchange> line = new ArrayDeque<>();
    /** Connections that have left the pool because their time is over, and are to be closed. */
    private final List<Http1Connection> expired = new ArrayList<>();

    /** The ends of the connections that have left the pool since it was closed. */
    private final List<ChannelFuture> ends = new ArrayList<>();

    private final Sinks.Empty<Void> allClosed = Sinks.empty();

    private int total;
    private int idle;
    private boolean closed;
    private boolean retired;
    private boolean lineTimed;

    /** The connections of HTTP/2 that may get more streams. */
    private final List<Http2Connection> shared = new ArrayList<>();
    /** Whether the server is expected to speak HTTP/2. */
    private boolean shares;
    /** Whether a connection that may become a shared one is being opened. */
    private boolean opening;

    ConnectionPool(HttpTransport transport, Origin origin, ConnectionOptions options, Connector connector) {
        this.transport = transport;
        this.origin = origin;
        this.options = options;
        this.connector = connector;
        this.shares = mayShare();
        sweepLater(connector.eventLoop());
    }

    Origin origin() {
        return origin;
    }

    int maxHeaderBytes() {
        return options.http().maxResponseHeaderBytes();
    }

    /** Returns whether the server may speak HTTP/2 on a new connection. */
    boolean mayShare() {
        return switch (options.http().version()) {
            case HTTP_1_1 -> false;
            case HTTP_2 -> true;
            case NEGOTIATED -> origin.secure();
        };
    }

    /** Gives the exchange a connection, sooner or later. Returns false if the pool is no longer in use. */
    boolean acquire(Exchange exchange) {
        EventLoop here = connector.eventLoop();
        Http1Connection found;
        Http2Connection stream;
        ApiException refusal = null;
        boolean connects = false;
        boolean waits = false;
        boolean expiry;
        synchronized (this) {
            if (retired) {
                return false;
            }
            found = closed ? null : takeIdle(here, System.nanoTime());
            stream = closed || found != null ? null : takeStream(System.nanoTime());
            boolean served = found != null || stream != null;
            if (closed) {
                refusal = NettyTransport.closedBeforeSend();
            } else if (!served && mayOpen()) {
                opens();
                connects = true;
            } else if (!served && line.size() < options.pool().maxPending()) {
                exchange.waitsUntil(
                        System.nanoTime() + options.pool().acquireTimeout().toNanos());
                line.add(exchange);
                waits = true;
            } else if (!served) {
                refusal = transport.failures().poolIsFull();
            }
            expiry = !expired.isEmpty();
        }
        if (expiry) {
            closeExpired();
        }
        if (found != null) {
            start(found, exchange);
        } else if (stream != null) {
            start(stream, exchange);
        } else if (connects) {
            connector.connect(new Http1Connection(this, here), opening(exchange));
        } else if (refusal != null) {
            exchange.fail(refusal);
        } else if (waits) {
            timeLine(here);
            if (exchange.isCancelled()) {
                leave(exchange);
            }
        }
        return true;
    }

    private void start(Http1Connection found, Exchange exchange) {
        if (found.loop().inEventLoop()) {
            serve(found, exchange);
            return;
        }
        try {
            found.loop().execute(() -> serve(found, exchange));
        } catch (RejectedExecutionException e) {
            closed(found); // its event loop has been shut down
            transport.acquire(exchange);
        }
    }

    /** Counts a connection that is to be opened. Called under the lock. */
    private void opens() {
        total++;
        opening |= shares;
    }

    /** Returns whether another connection may be opened. Called under the lock. */
    private boolean mayOpen() {
        if (total >= options.pool().maxConnections() || (shares && opening)) {
            return false;
        }
        for (Http2Connection connection : shared) {
            if (connection.limit == 0) {
                return false; // another one would not be allowed more
            }
        }
        return true;
    }

    private @Nullable Http2Connection takeStream(long now) {
        for (Http2Connection connection : shared) {
            if (connection.isUsable(now)) {
                connection.taken++;
                return connection;
            }
        }
        return null;
    }

    private void start(Http2Connection taken, Exchange exchange) {
        if (taken.loop().inEventLoop()) {
            begin(taken, exchange);
            return;
        }
        try {
            taken.loop().execute(() -> begin(taken, exchange));
        } catch (RejectedExecutionException e) {
            closed(taken); // its event loop has been shut down
            transport.acquire(exchange);
        }
    }

    private void begin(Http2Connection taken, Exchange exchange) {
        if (!taken.isOpen()) {
            drains(taken); // first: its channel may have closed before it learns of it, and would be found again
            streamEnded(taken);
            transport.acquire(exchange);
        } else if (!taken.begin(exchange)) {
            streamEnded(taken);
        }
    }

    /**
     * Takes a new connection of HTTP/2 into use, and takes a stream of it. Runs on its event loop.
     *
     * @param place the connection that was to be opened
     * @return false if there is no such stream: the pool is closed, or the server allows none
     */
    private boolean joins(Http1Connection place, Http2Connection connection) {
        long life = options.pool().maxLife().toNanos();
        synchronized (this) {
            long now = System.nanoTime();
            opening = false;
            shares = true;
            place.counted = false;
            connection.counted = true;
            connection.taken = 1;
            connection.idleUntil = now + options.pool().maxIdle().toNanos();
            connection.endsAt = now
                    + life
                    - (long) (life * JITTER * ThreadLocalRandom.current().nextDouble());
            if (closed) {
                connection.draining = true;
            } else {
                shared.add(connection);
            }
            return !closed && connection.limit > 0;
        }
    }

    /** Sets how many streams the server allows on a connection. */
    void streamsAllowed(Http2Connection connection, int limit) {
        synchronized (this) {
            connection.limit = limit;
        }
        serveLine();
    }

    /** Gives a connection no more streams, and closes it after the last one. */
    void drains(Http2Connection connection) {
        boolean unused;
        synchronized (this) {
            connection.draining = true;
            shared.remove(connection);
            unused = connection.counted && connection.taken == 0;
        }
        if (unused) {
            connection.close();
        }
    }

    /** Takes back the place of a stream. */
    void streamEnded(Http2Connection connection) {
        boolean last;
        synchronized (this) {
            long now = System.nanoTime();
            connection.taken--;
            boolean unused = connection.taken == 0;
            if (unused) {
                connection.idleUntil = now + options.pool().maxIdle().toNanos();
            }
            last = unused && connection.counted && (connection.draining || now - connection.endsAt >= 0);
        }
        if (last) {
            connection.close();
        } else {
            serveLine();
        }
    }

    /** Removes a connection of HTTP/2. May be called repeatedly. */
    void closed(Http2Connection connection) {
        synchronized (this) {
            if (!connection.counted) {
                return;
            }
            connection.counted = false;
            shared.remove(connection);
            total--;
            endsWith(connection.end());
        }
        endIfClosed();
        serveLine();
    }

    /** Records the end of a connection that the closing of the pool waits for. Called under the lock. */
    private void endsWith(@Nullable ChannelFuture end) {
        if (closed && end != null) {
            ends.add(end);
        }
    }

    /** Gives those in the line the streams that are left, and opens connections for the others. */
    private void serveLine() {
        while (true) {
            Exchange next;
            Http2Connection stream;
            synchronized (this) {
                if (closed || line.isEmpty()) {
                    return;
                }
                stream = takeStream(System.nanoTime());
                if (stream == null) {
                    if (!mayOpen()) {
                        return;
                    }
                    opens();
                }
                next = line.remove();
            }
            if (stream != null) {
                start(stream, next);
            } else {
                connector.connect(new Http1Connection(this, connector.eventLoop()), opening(next));
            }
        }
    }

    private void closeExpired() {
        List<Http1Connection> gone;
        synchronized (this) {
            gone = new ArrayList<>(expired);
            expired.clear();
        }
        gone.forEach(Http1Connection::closeChannel);
    }

    private @Nullable Http1Connection takeIdle(EventLoop here, long now) {
        if (idle == 0) {
            return null;
        }
        Http1Connection found = take(stacks.get(here), now);
        Iterator<Deque<Http1Connection>> others = stacks.values().iterator();
        while (found == null && idle > 0 && others.hasNext()) {
            found = take(others.next(), now);
        }
        return found;
    }

    private @Nullable Http1Connection take(@Nullable Deque<Http1Connection> stack, long now) {
        while (stack != null && !stack.isEmpty()) {
            Http1Connection top = stack.removeLast();
            if (top.isUsable(now)) {
                idle--;
                return top;
            }
            expires(top);
        }
        return null;
    }

    private Connector.Opening opening(Exchange exchange) {
        return new Connector.Opening() {
            @Override
            public void connected(Http1Connection connection) {
                boolean chosen = begins(connection);
                serve(connection, exchange);
                if (chosen) {
                    serveLine();
                }
            }

            @Override
            public void shared(Http1Connection place, Http2Connection connection) {
                if (joins(place, connection) && !exchange.isCancelled()) {
                    begin(connection, exchange);
                    serveLine();
                } else {
                    streamEnded(connection);
                    transport.acquire(exchange); // refused if closed; waits if the server allows no stream
                }
            }

            @Override
            public void notConnected(Http1Connection connection, Throwable cause) {
                List<Exchange> waiting = lost(connection);
                exchange.fail(cause);
                waiting.forEach(other -> other.fail(cause));
            }
        };
    }

    /**
     * Sets the end of the life of a new connection of HTTP/1.1. Runs on its event loop.
     *
     * @return whether those in the line waited for the choice of the server, and have to be served
     */
    private boolean begins(Http1Connection connection) {
        long life = options.pool().maxLife().toNanos();
        synchronized (this) {
            connection.endsAt = System.nanoTime()
                    + life
                    - (long) (life * JITTER * ThreadLocalRandom.current().nextDouble());
            boolean chosen = shares;
            shares = false;
            opening = false;
            return chosen;
        }
    }

    /** Drops a connection that could not be opened. Returns those in the line who waited for this outcome. */
    private List<Exchange> lost(Http1Connection connection) {
        List<Exchange> waiting = List.of();
        synchronized (this) {
            if (shares) {
                opening = false;
                if (shared.isEmpty()) {
                    waiting = new ArrayList<>(line);
                    line.clear();
                }
            }
        }
        closed(connection);
        return waiting;
    }

    /** Opens a connection for later, unless there is one. Returns false if the pool is no longer in use. */
    boolean warm(MonoSink<Void> opened) {
        boolean connects;
        boolean refuses;
        synchronized (this) {
            if (retired) {
                return false;
            }
            refuses = closed;
            connects = !closed && total == 0;
            if (connects) {
                opens();
            }
        }
        if (refuses) {
            opened.error(NettyTransport.closedBeforeSend());
        } else if (connects) {
            connector.connect(new Http1Connection(this, connector.eventLoop()), warming(opened));
        } else {
            opened.success();
        }
        return true;
    }

    private Connector.Opening warming(MonoSink<Void> opened) {
        return new Connector.Opening() {
            @Override
            public void connected(Http1Connection connection) {
                boolean chosen = begins(connection);
                release(connection, Long.MAX_VALUE);
                if (chosen) {
                    serveLine();
                }
                opened.success();
            }

            @Override
            public void shared(Http1Connection place, Http2Connection connection) {
                boolean unused = joins(place, connection);
                streamEnded(connection);
                opened.success();
            }

            @Override
            public void notConnected(Http1Connection connection, Throwable cause) {
                List<Exchange> waiting = lost(connection);
                opened.error(cause);
                waiting.forEach(other -> other.fail(cause));
            }
        };
    }

    /** Takes back a connection on which nothing is under way. Runs on its event loop. */
    void release(Http1Connection connection, long keepNanos) {
        serve(connection, nextOrIdle(connection, keepNanos));
    }

    /** Gives a connection to an exchange, and to the next in the line for as long as it stays unused. */
    private void serve(Http1Connection connection, @Nullable Exchange first) {
        Exchange next = first;
        while (next != null) {
            if (!connection.isOpen()) {
                closed(connection);
                transport.acquire(next);
                return;
            }
            if (next.begin(connection)) {
                return;
            }
            next = nextOrIdle(connection, connection.unusedNanos());
        }
    }

    private @Nullable Exchange nextOrIdle(Http1Connection connection, long keepNanos) {
        synchronized (this) {
            long now = System.nanoTime();
            connection.idleUntil =
                    now + Math.min(keepNanos, options.pool().maxIdle().toNanos());
            if (connection.counted && !closed && now - connection.endsAt < 0) {
                Exchange next = line.poll();
                if (next != null) {
                    return next;
                }
                if (keepNanos > 0) {
                    stacks.computeIfAbsent(connection.loop(), loop -> new ArrayDeque<>())
                            .addLast(connection);
                    idle++;
                    return null;
                }
            }
        }
        connection.close();
        return null;
    }

    /** Removes a connection, and opens another one if exchanges wait for it. May be called repeatedly. */
    void closed(Http1Connection connection) {
        Exchange next;
        boolean sharing;
        synchronized (this) {
            if (!connection.counted) {
                return;
            }
            connection.counted = false;
            Deque<Http1Connection> stack = stacks.get(connection.loop());
            if (stack != null && stack.remove(connection)) {
                idle--;
            }
            next = shares ? null : line.poll();
            if (next == null) {
                total--;
            }
            sharing = shares;
            endsWith(connection.end());
        }
        endIfClosed();
        if (next != null) {
            connector.connect(new Http1Connection(this, connector.eventLoop()), opening(next));
        } else if (sharing) {
            serveLine();
        }
    }

    /** Removes an exchange from the line. */
    synchronized void leave(Exchange exchange) {
        line.remove(exchange);
    }

    private void timeLine(EventLoop loop) {
        long delay;
        synchronized (this) {
            Exchange head = line.peek();
            if (lineTimed || head == null) {
                return;
            }
            lineTimed = true;
            delay = head.waitsUntil() - System.nanoTime();
        }
        try {
            loop.schedule(() -> expireLine(loop), Math.max(delay, 0), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                lineTimed = false;
            }
        }
    }

    /** Fails those that have waited too long. One timer serves the line, whose order is that of its ends. */
    private void expireLine(EventLoop loop) {
        List<Exchange> late = new ArrayList<>();
        synchronized (this) {
            lineTimed = false;
            long now = System.nanoTime();
            for (Exchange head = line.peek(); head != null && head.waitsUntil() - now <= 0; head = line.peek()) {
                late.add(line.remove());
            }
        }
        timeLine(loop);
        for (Exchange exchange : late) {
            exchange.fail(transport.failures().poolTookTooLong());
        }
    }

    private void sweepLater(EventLoop loop) {
        long period = Math.min(
                LONGEST_SWEEP_NANOS,
                Math.max(SHORTEST_SWEEP_NANOS, options.pool().maxIdle().toNanos() / 2));
        try {
            loop.schedule(() -> sweep(loop), period, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // the event loops have been shut down, and the connections with them
        }
    }

    /** Closes idle connections whose time is over, and retires a pool that is not used any more. */
    private void sweep(EventLoop loop) {
        boolean over;
        List<Http2Connection> unused = new ArrayList<>(0);
        synchronized (this) {
            long now = System.nanoTime();
            for (Deque<Http1Connection> stack : stacks.values()) {
                stack.removeIf(connection -> !connection.isUsable(now) && expires(connection));
            }
            for (Http2Connection connection : shared) {
                if (connection.taken == 0 && (now - connection.idleUntil >= 0 || now - connection.endsAt >= 0)) {
                    unused.add(connection);
                }
            }
            unused.forEach(this::leaves);
            retired = total == 0 && line.isEmpty() && !closed;
            over = retired || closed;
        }
        closeExpired();
        unused.forEach(Http2Connection::closeChannel);
        if (over) {
            transport.forget(this);
        } else {
            sweepLater(loop);
        }
    }

    /** Removes a connection without streams, which is then closed. Called under the lock. */
    private void leaves(Http2Connection connection) {
        connection.counted = false;
        connection.draining = true;
        shared.remove(connection);
        total--;
    }

    private boolean expires(Http1Connection connection) {
        connection.counted = false;
        idle--;
        total--;
        return expired.add(connection);
    }

    /**
     * Closes idle connections and fails those that wait. Connections in use are closed when they become free.
     *
     * @return completes when all of them are closed
     */
    Mono<Void> close() {
        List<Http1Connection> unused = new ArrayList<>();
        List<Http2Connection> unshared = new ArrayList<>();
        List<Exchange> waiting;
        synchronized (this) {
            closed = true;
            for (Deque<Http1Connection> stack : stacks.values()) {
                unused.addAll(stack);
                stack.clear();
            }
            unused.forEach(connection -> connection.counted = false);
            total -= unused.size();
            idle = 0;
            for (Http2Connection connection : shared) {
                connection.draining = true;
                if (connection.taken == 0) {
                    unshared.add(connection);
                }
            }
            unshared.forEach(this::leaves);
            shared.clear();
            waiting = new ArrayList<>(line);
            line.clear();
        }
        List<Mono<Void>> closing = new ArrayList<>(unused.size() + unshared.size() + 1);
        unused.forEach(connection -> closing.add(FutureMono.from(connection.closeChannel())));
        unshared.forEach(connection -> closing.add(FutureMono.from(connection.closeChannel())));
        waiting.forEach(exchange -> exchange.fail(NettyTransport.closedBeforeSend()));
        endIfClosed();
        closing.add(allClosed.asMono().then(Mono.defer(this::channelsClosed)));
        return Mono.whenDelayError(closing);
    }

    private void endIfClosed() {
        boolean over;
        synchronized (this) {
            over = closed && total == 0;
        }
        if (over) {
            allClosed.tryEmitEmpty();
        }
    }

    private Mono<Void> channelsClosed() {
        List<Mono<Void>> closing;
        synchronized (this) {
            closing = ends.stream().map(end -> FutureMono.from(end)).toList();
        }
        return Mono.whenDelayError(closing);
    }

    synchronized @Nullable ConnectionStats stats() {
        int unused = idle;
        for (Http2Connection connection : shared) {
            unused += connection.taken == 0 ? 1 : 0;
        }
        return total == 0 && line.isEmpty()
                ? null
                : new ConnectionStats(origin.authority(), total - unused, unused, line.size());
    }
}
