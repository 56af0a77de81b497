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
 * <p>The lock guards every field here, and the fields of connections that say so. Nothing is called under it. A
 * connection belongs to the pool while it is idle, and to one exchange from {@link #serve} until {@link #release} or
 * {@link #closed}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a close or a timer
final class Http1Pool {

    private static final long SHORTEST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The part of its life by which a connection may end early, so that not all of them end at once. */
    private static final double JITTER = 0.1;

    private final Http1Transport transport;
    private final Origin origin;
    private final ConnectionOptions options;
    private final Http1Connector connector;

    private final IdentityHashMap<EventLoop, Deque<Http1Connection>> stacks = new IdentityHashMap<>();
    private final Deque<Http1Exchange> line = new ArrayDeque<>();
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

    Http1Pool(Http1Transport transport, Origin origin, ConnectionOptions options, Http1Connector connector) {
        this.transport = transport;
        this.origin = origin;
        this.options = options;
        this.connector = connector;
        sweepLater(connector.eventLoop());
    }

    Origin origin() {
        return origin;
    }

    int maxHeaderBytes() {
        return options.http().maxResponseHeaderBytes();
    }

    /** Gives the exchange a connection, sooner or later. Returns false if the pool is no longer in use. */
    boolean acquire(Http1Exchange exchange) {
        EventLoop here = connector.eventLoop();
        Http1Connection found;
        ApiException refusal = null;
        boolean connects = false;
        boolean waits = false;
        boolean expiry;
        synchronized (this) {
            if (retired) {
                return false;
            }
            found = closed ? null : takeIdle(here, System.nanoTime());
            if (closed) {
                refusal = NettyTransport.closedBeforeSend();
            } else if (found == null && total < options.pool().maxConnections()) {
                total++;
                connects = true;
            } else if (found == null && line.size() < options.pool().maxPending()) {
                exchange.waitsUntil(
                        System.nanoTime() + options.pool().acquireTimeout().toNanos());
                line.add(exchange);
                waits = true;
            } else if (found == null) {
                refusal = transport.failures().poolIsFull();
            }
            expiry = !expired.isEmpty();
        }
        if (expiry) {
            closeExpired();
        }
        if (found != null) {
            start(found, exchange);
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

    private void start(Http1Connection found, Http1Exchange exchange) {
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

    private Http1Connector.Opening opening(Http1Exchange exchange) {
        return new Http1Connector.Opening() {
            @Override
            public void connected(Http1Connection connection) {
                begins(connection);
                serve(connection, exchange);
            }

            @Override
            public void notConnected(Http1Connection connection, Throwable cause) {
                closed(connection);
                exchange.fail(cause);
            }
        };
    }

    /** Sets the end of the life of a new connection. Runs on its event loop. */
    private void begins(Http1Connection connection) {
        long life = options.pool().maxLife().toNanos();
        synchronized (this) {
            connection.endsAt = System.nanoTime()
                    + life
                    - (long) (life * JITTER * ThreadLocalRandom.current().nextDouble());
        }
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
            total += connects ? 1 : 0;
        }
        if (refuses) {
            opened.error(NettyTransport.closedBeforeSend());
        } else if (connects) {
            connector.connect(new Http1Connection(this, connector.eventLoop()), new Http1Connector.Opening() {
                @Override
                public void connected(Http1Connection connection) {
                    begins(connection);
                    release(connection, Long.MAX_VALUE);
                    opened.success();
                }

                @Override
                public void notConnected(Http1Connection connection, Throwable cause) {
                    closed(connection);
                    opened.error(cause);
                }
            });
        } else {
            opened.success();
        }
        return true;
    }

    /** Takes back a connection on which nothing is under way. Runs on its event loop. */
    void release(Http1Connection connection, long keepNanos) {
        serve(connection, nextOrIdle(connection, keepNanos));
    }

    /** Gives a connection to an exchange, and to the next in the line for as long as it stays unused. */
    private void serve(Http1Connection connection, @Nullable Http1Exchange first) {
        Http1Exchange next = first;
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

    private @Nullable Http1Exchange nextOrIdle(Http1Connection connection, long keepNanos) {
        synchronized (this) {
            long now = System.nanoTime();
            connection.idleUntil =
                    now + Math.min(keepNanos, options.pool().maxIdle().toNanos());
            if (connection.counted && !closed && now - connection.endsAt < 0) {
                Http1Exchange next = line.poll();
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
        Http1Exchange next;
        synchronized (this) {
            if (!connection.counted) {
                return;
            }
            connection.counted = false;
            Deque<Http1Connection> stack = stacks.get(connection.loop());
            if (stack != null && stack.remove(connection)) {
                idle--;
            }
            next = line.poll();
            if (next == null) {
                total--;
            }
            ChannelFuture end = closed ? connection.end() : null;
            if (end != null) {
                ends.add(end);
            }
        }
        endIfClosed();
        if (next != null) {
            connector.connect(new Http1Connection(this, connector.eventLoop()), opening(next));
        }
    }

    /** Removes an exchange from the line. */
    synchronized void leave(Http1Exchange exchange) {
        line.remove(exchange);
    }

    private void timeLine(EventLoop loop) {
        long delay;
        synchronized (this) {
            Http1Exchange head = line.peek();
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
        List<Http1Exchange> late = new ArrayList<>();
        synchronized (this) {
            lineTimed = false;
            long now = System.nanoTime();
            for (Http1Exchange head = line.peek(); head != null && head.waitsUntil() - now <= 0; head = line.peek()) {
                late.add(line.remove());
            }
        }
        timeLine(loop);
        for (Http1Exchange exchange : late) {
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
        synchronized (this) {
            long now = System.nanoTime();
            for (Deque<Http1Connection> stack : stacks.values()) {
                stack.removeIf(connection -> !connection.isUsable(now) && expires(connection));
            }
            retired = total == 0 && line.isEmpty() && !closed;
            over = retired || closed;
        }
        closeExpired();
        if (over) {
            transport.forget(this);
        } else {
            sweepLater(loop);
        }
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
        List<Http1Exchange> waiting;
        synchronized (this) {
            closed = true;
            for (Deque<Http1Connection> stack : stacks.values()) {
                unused.addAll(stack);
                stack.clear();
            }
            unused.forEach(connection -> connection.counted = false);
            total -= unused.size();
            idle = 0;
            waiting = new ArrayList<>(line);
            line.clear();
        }
        List<Mono<Void>> closing = new ArrayList<>(unused.size() + 1);
        unused.forEach(connection -> closing.add(FutureMono.from(connection.closeChannel())));
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
        return total == 0 && line.isEmpty()
                ? null
                : new ConnectionStats(origin.authority(), total - idle, idle, line.size());
    }
}
