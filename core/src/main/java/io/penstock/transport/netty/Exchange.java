package io.penstock.transport.netty;

import io.netty.channel.EventLoop;
import io.penstock.error.ApiException;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SentCredential;
import io.penstock.request.Plan;
import io.penstock.upload.UploadBody;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One attempt on its way: it waits for a connection, has its request written, and makes a reply of the answer.
 *
 * <p>{@code state} settles the races of a cancel, which may come on any thread. Everything else happens on one thread
 * at a time: that of the subscription until there is a connection, then its event loop.
 *
 * <pre>
 *  null --begin--> the connection --reply, failure--> OVER
 *    |                   |        --streamed reply--> HANDED_OVER
 *    +-- cancel ---------+--> CANCELLED
 * </pre>
 *
 * The write announces itself to the attempt before it changes the state, and does not happen if it comes second. What
 * the attempt reports about its dispatch after a cancel has returned is therefore final. A cancel that comes second
 * closes the connection, on its event loop, where it cannot fall between two steps of the exchange. After a reply whose
 * body is still arriving, the body releases the connection, and a cancel of the exchange does nothing.
 */
final class Exchange implements Subscription {

    private static final AtomicReferenceFieldUpdater<Exchange, @Nullable Object> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Exchange.class, Object.class, "state");
    private static final Object CANCELLED = new Object();
    private static final Object HANDED_OVER = new Object();
    private static final Object OVER = new Object();

    private static final int ERRORS = 300;

    private final HttpTransport transport;
    private final RequestHead request;
    private final Attempt attempt;
    private final Receiver receiver;
    private final CoreSubscriber<? super Reply> actual;

    private volatile @Nullable Object state;
    private volatile @Nullable ConnectionPool pool;
    private boolean started;
    private long waitsUntil;

    private @Nullable Answer answer;
    private @Nullable UploadSender upload;

    Exchange(
            HttpTransport transport,
            RequestHead request,
            Attempt attempt,
            Receiver receiver,
            CoreSubscriber<? super Reply> actual) {
        this.transport = transport;
        this.request = request;
        this.attempt = attempt;
        this.receiver = receiver;
        this.actual = actual;
    }

    Origin origin() {
        return request.origin();
    }

    Context context() {
        return actual.currentContext();
    }

    Attempt attempt() {
        return attempt;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && !started) {
            started = true;
            transport.acquire(this);
        }
    }

    /** Sets the pool that is asked for a connection, so that a cancel can leave its line. */
    void asks(ConnectionPool asked) {
        pool = asked;
    }

    /** Sets until when the exchange waits in a line. Guarded by the pool. */
    void waitsUntil(long nanos) {
        waitsUntil = nanos;
    }

    long waitsUntil() {
        return waitsUntil;
    }

    boolean isCancelled() {
        return state == CANCELLED;
    }

    @Override
    public void cancel() {
        Object before = STATE.getAndUpdate(this, now -> now == HANDED_OVER || now == OVER ? now : CANCELLED);
        if (before instanceof ExchangeCarrier connection) {
            EventLoop loop = connection.loop();
            if (loop.inEventLoop()) {
                cancelOn(connection);
                return;
            }
            try {
                loop.execute(() -> cancelOn(connection));
            } catch (RejectedExecutionException e) {
                cancelOn(connection); // the event loop has been shut down, and its connections with it
            }
        } else if (before == null) {
            ConnectionPool asked = pool;
            if (asked != null) {
                asked.leave(this);
            }
        }
    }

    private void cancelOn(ExchangeCarrier connection) {
        stopSending();
        connection.abandon(this);
        Answer begun = answer;
        if (begun != null) {
            begun.cancel();
        }
    }

    /**
     * Writes the request, just after there is a connection. Returns false if the connection has not been used. Runs on
     * the event loop.
     */
    boolean begin(ExchangeCarrier connection) {
        if (state != null) {
            return false; // cancelled
        }
        try {
            ApiException refusal = receiver.refusal(attempt);
            if (refusal != null) {
                fail(refusal); // too late: refused after the wait for the connection
                return false;
            }
            connection.encode(request, attempt.addedHeaders(), query(attempt));
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            fail(e instanceof ApiException known ? known : Receiver.misread(attempt, e));
            return false;
        }
        if (state == null) {
            attempt.dispatched(connection.isReused());
        }
        if (!STATE.compareAndSet(this, null, connection)) {
            connection.discard();
            return false;
        }
        Plan plan = attempt.plan();
        UploadSender sender = plan.body() instanceof UploadBody body ? new UploadSender(this, connection, body) : null;
        upload = sender;
        connection.send(this, plan.method(), plan.body());
        if (sender != null) {
            sender.start();
        }
        return true;
    }

    private static @Nullable String query(Attempt attempt) {
        SentCredential credential = attempt.credential();
        return credential == null ? null : credential.query();
    }

    /** Begins to read the final response, whose status ends the part of the request that the deadline counts. */
    Answer answered(int status) {
        attempt.answered(status);
        if (status >= ERRORS) {
            stopSending(); // the server wants no more of it
        }
        Answer begun = new Answer(this, attempt, receiver);
        answer = begun;
        return begun;
    }

    /** Leaves a connection that may carry another exchange from now on. */
    void detach() {
        stopSending();
        Answer begun = answer;
        if (begun != null) {
            begun.detach();
        }
    }

    /** Ends the exchange with the failure of its connection, which it has left. */
    void failed(Throwable cause) {
        stopSending();
        Answer begun = answer;
        if (begun == null) {
            fail(cause);
        } else {
            begun.failed(cause);
        }
    }

    private void stopSending() {
        UploadSender sender = upload;
        if (sender != null) {
            sender.stop();
        }
    }

    /** Ends the exchange with its reply, unless it has ended or been cancelled. */
    void succeed(Reply reply) {
        if (isFirst(OVER)) {
            signal(reply);
        }
    }

    /** Ends the exchange with a reply whose body is still arriving, unless it has ended or been cancelled. */
    void handOver(Reply reply) {
        if (isFirst(HANDED_OVER)) {
            signal(reply);
        }
    }

    /** Ends the exchange with a failure, unless it has ended or been cancelled. */
    void fail(Throwable cause) {
        if (!isFirst(OVER)) {
            return;
        }
        UploadSender sender = upload;
        Throwable ofBody = sender == null ? null : sender.failure();
        try {
            actual.onError(named(ofBody == null ? cause : ofBody));
        } catch (Throwable e) {
            dropped(e);
        }
    }

    private void signal(Reply reply) {
        try {
            actual.onNext(reply);
            actual.onComplete();
        } catch (Throwable e) {
            dropped(e);
        }
    }

    /** Keeps what a subscriber throws, against the rules, from the connection: it may carry another exchange. */
    private void dropped(Throwable error) {
        Operators.onErrorDropped(error, context());
    }

    ApiException named(Throwable cause) {
        return transport.failures().name(attempt, cause);
    }

    private boolean isFirst(Object outcome) {
        Object now = state;
        while (now == null || now instanceof ExchangeCarrier) {
            if (STATE.compareAndSet(this, now, outcome)) {
                return true;
            }
            now = state;
        }
        return false;
    }
}
