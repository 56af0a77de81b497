package io.penstock;

import io.micrometer.context.ContextRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Hooks;
import reactor.util.context.Context;

/** A trace id in a ThreadLocal, which Reactor copies from the context of each subscriber while it is told to. */
final class Traces {

    private static final String KEY = "penstock.trace";
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    /** What was seen with another trace than that of the call it belongs to. */
    private final List<String> strangers = new ArrayList<>();

    private int seen;

    static void propagate() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, CURRENT);
        Hooks.enableAutomaticContextPropagation();
    }

    static void stop() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        CURRENT.remove();
    }

    static Context of(String trace) {
        return Context.of(KEY, trace);
    }

    static @Nullable String current() {
        return CURRENT.get();
    }

    /** Leaves a thread as another call's code has it. */
    static void enter(@Nullable String trace) {
        if (trace == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(trace);
        }
    }

    /** Notes what runs now on behalf of the call with that trace. */
    void see(String where, String trace) {
        seen++;
        if (!trace.equals(CURRENT.get())) {
            strangers.add(where + " of " + trace + " ran with trace " + CURRENT.get());
        }
    }

    /** Notes what runs now on behalf of no call. */
    void seeNone(String where) {
        if (CURRENT.get() != null) {
            strangers.add(where + " ran with trace " + CURRENT.get());
        }
    }

    List<String> strangers() {
        return strangers;
    }

    int seen() {
        return seen;
    }
}
