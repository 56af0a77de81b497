package io.penstock.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.CallListener;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A listener that observes operations, calls and attempts with an {@link ObservationRegistry}.
 *
 * <pre>{@code
 * ApiClient client = ApiClient.builder(spec)
 *         .listener(ClientObservations.of(registry))
 *         .build();
 * }</pre>
 *
 * <p>{@link ClientObservationDocumentation} lists the names and keys. An observation's parent is the one in the Reactor
 * Context, or else the registry's current one at subscription. The observation is in the context of everything inside
 * it, under Micrometer's own key, so that it is also the thread's if Reactor copies contexts to ThreadLocals. A tracer
 * adds its headers, such as {@code traceparent}, to each attempt.
 *
 * <p>A client may have several, each with a registry of its own. A no-op registry costs nothing.
 */
public final class ClientObservations implements CallListener {

    /** The key of Micrometer's own accessor of ThreadLocals. */
    private static final String KEY = ObservationThreadLocalAccessor.KEY;

    private final ObservationRegistry registry;
    private final String vendor;
    private final Conventions conventions;

    /** The conventions that replace the default ones. */
    private record Conventions(
            @Nullable OperationConvention operation,
            @Nullable CallConvention call,
            @Nullable AttemptConvention attempt) {}

    private ClientObservations(ObservationRegistry registry, String vendor, Conventions conventions) {
        this.registry = registry;
        this.vendor = vendor;
        this.conventions = conventions;
    }

    /** Returns a listener with the documented conventions, unless the registry has global ones for the contexts. */
    public static ClientObservations of(ObservationRegistry registry) {
        return new ClientObservations(registry, Outcomes.NONE, new Conventions(null, null, null));
    }

    private ClientObservations with(Conventions others) {
        return new ClientObservations(registry, vendor, others);
    }

    /** Returns a copy with this convention for operations. */
    public ClientObservations withConvention(OperationConvention convention) {
        return with(new Conventions(convention, conventions.call, conventions.attempt));
    }

    /** Returns a copy with this convention for calls. */
    public ClientObservations withConvention(CallConvention convention) {
        return with(new Conventions(conventions.operation, convention, conventions.attempt));
    }

    /** Returns a copy with this convention for attempts. */
    public ClientObservations withConvention(AttemptConvention convention) {
        return with(new Conventions(conventions.operation, conventions.call, convention));
    }

    @Override
    public @Nullable CallListener forVendor(String id) {
        return registry.isNoop() ? null : new ClientObservations(registry, id, conventions);
    }

    @Override
    public @Nullable Activity operation(Operation operation, ContextView context) {
        OperationContext its = new OperationContext(vendor, operation);
        return start(
                ClientObservationDocumentation.OPERATION.observation(
                        conventions.operation, new DefaultOperationConvention(), () -> its, registry),
                context,
                its::cancel);
    }

    @Override
    public @Nullable Activity call(Call call, ContextView context) {
        CallContext its = new CallContext(vendor, call);
        return start(
                ClientObservationDocumentation.CALL.observation(
                        conventions.call, new DefaultCallConvention(), () -> its, registry),
                context,
                its::cancel);
    }

    @Override
    public @Nullable Activity attempt(Attempt attempt, ContextView context) {
        AttemptContext its = new AttemptContext(vendor, attempt);
        return start(
                ClientObservationDocumentation.ATTEMPT.observation(
                        conventions.attempt, new DefaultAttemptConvention(), () -> its, registry),
                context,
                its::cancel);
    }

    private @Nullable Activity start(Observation observation, ContextView context, Runnable cancel) {
        if (observation.isNoop()) {
            return null; // a predicate of the registry has ruled it out
        }
        Observation parent = context.getOrDefault(KEY, null) instanceof Observation outer && isOurs(outer)
                ? outer
                : context.getOrDefault(registry, null);
        if (parent != null) {
            observation.parentObservation(parent);
        }
        observation.start();
        return new Observed(registry, observation, cancel);
    }

    /** Returns whether an observation belongs to this registry: a parent elsewhere would be none to its handlers. */
    private boolean isOurs(Observation outer) {
        ObservationRegistry its = outer.getObservationRegistry();
        return its == registry || its.isNoop();
    }

    /**
     * One observation. Inside it, Micrometer's key holds it, and so does the registry: with two registries, each finds
     * its own.
     */
    private record Observed(ObservationRegistry registry, Observation observation, Runnable cancel)
            implements Activity {

        @Override
        public Context inside(Context context) {
            return context.put(KEY, observation).put(registry, observation);
        }

        @Override
        public void succeeded() {
            observation.stop();
        }

        @Override
        public void failed(Throwable error) {
            observation.error(error);
            observation.stop();
        }

        @Override
        public void cancelled() {
            cancel.run();
            observation.stop();
        }
    }
}
