package io.penstock.pipeline;

import io.penstock.request.ApiRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A listener for the work of a client, such as a tracer or a recorder of times. It learns of three kinds of activity,
 * each of which encloses the next:
 *
 * <pre>
 *  operation  |-- list, poll, events or download ------------------------------------------|
 *  call          |-- page 1 --------------------------|   |-- page 2 --------|
 *  attempt          |-- #1 503 --|  wait  |-- #2 200 -|      |-- #1 200 -----|
 * </pre>
 *
 * <p>An activity begins with its subscription, that of a stream with the first demand. It ends with its last signal and
 * not with its first element: after the body was received and decoded, and before the signal reaches the caller. A
 * parallel send is an attempt of its own. An attempt that never reaches the point of sending is none.
 *
 * <p>The methods are called on the thread of the event and must not block. An exception thrown by a listener is logged
 * once for each client, as a warning to {@code io.penstock.listener}, and has no other effect. A client without
 * listeners does nothing for them.
 */
public interface CallListener {

    /** An operation that consists of several calls. */
    enum Kind {
        /** A list that is read page by page. */
        LIST,
        /** A long operation that is polled. */
        POLL,
        /** Server-sent events, with every resumption. */
        EVENTS,
        /** A file, with every resumption. */
        DOWNLOAD
    }

    /**
     * An operation that begins.
     *
     * @param kind its kind
     * @param request the request of its first call
     * @param baseUri the base URI of the client
     */
    record Operation(Kind kind, ApiRequest<?> request, URI baseUri) {}

    /** An activity that is under way. Exactly one of the last three methods is called, once. */
    interface Activity {

        /**
         * Returns the context of everything inside this activity. Called once, at the start.
         *
         * @param context the context of the subscriber
         */
        default Context inside(Context context) {
            return context;
        }

        /** Ends the activity: it is complete. */
        void succeeded();

        /** Ends the activity with the error that the subscriber receives. */
        void failed(Throwable error);

        /** Ends the activity: the subscriber, or what encloses it, has cancelled. */
        void cancelled();
    }

    /**
     * Returns the listener to use for a client of a vendor, or null if none is needed. Called once, when the client is
     * built.
     */
    default @Nullable CallListener forVendor(String vendor) {
        return this;
    }

    /** Returns the activity for an operation that begins, or null if it is of no interest. */
    default @Nullable Activity operation(Operation operation, ContextView context) {
        return null;
    }

    /**
     * Returns the activity for a call that begins, or null if it is of no interest.
     *
     * @param call the call, whose history grows while it is under way
     * @param context the context of the subscriber
     */
    default @Nullable Activity call(Call call, ContextView context) {
        return null;
    }

    /**
     * Returns the activity for an attempt that is about to be sent, or null if it is of no interest.
     *
     * @param attempt the attempt, to which headers may be added now
     * @param context the context of the subscriber, which the call's activity has been in
     */
    default @Nullable Activity attempt(Attempt attempt, ContextView context) {
        return null;
    }
}
