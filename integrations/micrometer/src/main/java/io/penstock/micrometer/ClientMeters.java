package io.penstock.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.penstock.ApiClient;
import io.penstock.circuit.CircuitState;
import io.penstock.micrometer.ClientMeterDocumentation.KeyNames;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.ratelimit.Forecast;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Schedulers;

/**
 * The meters of one client, as {@link ClientMeterDocumentation} lists them.
 *
 * <pre>{@code
 * ClientMeters meters = ClientMeters.of(client, "billing");
 * meters.bindTo(registry);
 * }</pre>
 *
 * <p>Values are those at the time of the reading. Quotas, circuits and origins appear as the client gets to know them:
 * the list of meters is refreshed every 10 seconds on {@code Schedulers.parallel()}, or by {@link #refresh()}. At most
 * 50 rows of each kind have meters. Closing removes all meters.
 */
public final class ClientMeters implements MeterBinder, AutoCloseable {

    private static final int MOST_ROWS = 50;
    private static final Duration REFRESHED = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ClientMeters.class);

    private final ApiClient client;
    private final Tags tags;
    private final List<Bound> bound = new CopyOnWriteArrayList<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private @Nullable Disposable refreshing;
    private boolean closed;

    private ClientMeters(ApiClient client, String name) {
        this.client = client;
        this.tags = Tags.of(
                Tag.of(KeyNames.VENDOR.asString(), client.spec().id()), Tag.of(KeyNames.CLIENT.asString(), name));
    }

    /**
     * Returns the meters of a client.
     *
     * @param name the name of the client, the value of the key {@code client}
     */
    public static ClientMeters of(ApiClient client, String name) {
        return new ClientMeters(client, name);
    }

    /** Registers the meters. An exception of the registry is thrown. May be called for several registries. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (closed) {
            return;
        }
        Bound its = new Bound(registry);
        try {
            its.fixed();
            its.refresh();
        } catch (Throwable e) {
            its.close();
            throw e;
        }
        bound.add(its);
        if (refreshing == null) {
            long millis = REFRESHED.toMillis();
            refreshing =
                    Schedulers.parallel().schedulePeriodically(this::refresh, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Registers meters for quotas, circuits and origins that are new, and removes those of others that are gone. */
    public void refresh() {
        for (Bound its : bound) {
            try {
                its.refresh();
            } catch (Throwable e) {
                Exceptions.throwIfJvmFatal(e);
                if (told.compareAndSet(false, true)) {
                    LOG.warn("{}: a registry refuses meters; further refusals are not logged", client, e);
                }
            }
        }
    }

    /** Removes all meters from all registries. */
    @Override
    public synchronized void close() {
        closed = true;
        if (refreshing != null) {
            refreshing.dispose();
        }
        bound.forEach(Bound::close);
        bound.clear();
    }

    /** The meters in one registry. */
    private final class Bound {
        private final MeterRegistry registry;
        private final Map<Meter.Id, Meter> fixed = new HashMap<>();
        /** The meters of each row, by the kind of row and its name. */
        private final Map<String, List<Meter>> rows = new HashMap<>();

        private boolean over;

        Bound(MeterRegistry registry) {
            this.registry = registry;
        }

        synchronized void fixed() {
            add(gauge(
                    ClientMeterDocumentation.CALLS_ACTIVE,
                    tags,
                    () -> client.health().calls().active()));
            add(gauge(
                    ClientMeterDocumentation.CALLS_WAITING,
                    tags,
                    () -> client.inspect().waiting()));
            add(gauge(
                    ClientMeterDocumentation.RETRY_BUDGET,
                    tags,
                    () -> client.inspect().retryBudget()));
            if (client.health().tokenLife() != null) {
                add(gauge(
                        ClientMeterDocumentation.TOKEN_LIFE,
                        tags,
                        () -> seconds(client.health().tokenLife())));
            }
        }

        private void add(Meter meter) {
            fixed.put(meter.getId(), meter);
        }

        synchronized void refresh() {
            if (over) {
                return; // closed while a refresh was under way
            }
            refresh("quota", client.inspect().forecasts(), Forecast::quota, this::ofQuota);
            refresh("circuit", client.inspect().circuits(), CircuitState::name, this::ofCircuit);
            refresh("origin", client.inspect().connections(), ConnectionStats::origin, this::ofOrigin);
        }

        private <R> void refresh(
                String kind, List<R> now, Function<R, String> naming, BiFunction<String, R, List<Meter>> meters) {
            Map<String, R> wanted = now.stream()
                    .limit(MOST_ROWS)
                    .collect(Collectors.toMap(row -> kind + " " + naming.apply(row), row -> row, (one, same) -> one));
            rows.entrySet().removeIf(row -> {
                boolean gone = row.getKey().startsWith(kind + " ") && !wanted.containsKey(row.getKey());
                if (gone) {
                    row.getValue().forEach(registry::remove);
                }
                return gone;
            });
            wanted.forEach((key, row) -> {
                if (!rows.containsKey(key)) {
                    rows.put(key, meters.apply(naming.apply(row), row));
                }
            });
        }

        private List<Meter> ofQuota(String name, Forecast first) {
            Tags its = tags.and(KeyNames.QUOTA.asString(), name);
            return List.of(
                    gauge(ClientMeterDocumentation.QUOTA_LIMIT, its, () -> ofQuota(name, q -> known(q.limit()))),
                    gauge(
                            ClientMeterDocumentation.QUOTA_REMAINING,
                            its,
                            () -> ofQuota(name, q -> known(q.remaining()))),
                    gauge(ClientMeterDocumentation.QUOTA_RESET, its, () -> ofQuota(name, q -> seconds(q.resetsIn()))),
                    gauge(ClientMeterDocumentation.QUOTA_WAIT, its, () -> ofQuota(name, q -> seconds(q.nextIn()))));
        }

        private double ofQuota(String name, ToDoubleFunction<Forecast> value) {
            return value(client.inspect().forecasts(), quota -> quota.quota().equals(name), value);
        }

        private List<Meter> ofCircuit(String name, CircuitState first) {
            Tags its = tags.and(KeyNames.CIRCUIT.asString(), name);
            List<Meter> meters = new CopyOnWriteArrayList<>();
            for (CircuitState.Phase phase : CircuitState.Phase.values()) {
                Tags ofPhase = its.and(KeyNames.STATE.asString(), phase.name().toLowerCase(Locale.ROOT));
                meters.add(gauge(
                        ClientMeterDocumentation.CIRCUIT_STATE,
                        ofPhase,
                        () -> ofCircuit(name, circuit -> circuit.phase() == phase ? 1 : 0)));
            }
            meters.add(gauge(
                    ClientMeterDocumentation.CIRCUIT_FAILURE_RATE,
                    its,
                    () -> ofCircuit(name, CircuitState::failureRate)));
            return meters;
        }

        private double ofCircuit(String name, ToDoubleFunction<CircuitState> value) {
            return value(client.inspect().circuits(), circuit -> circuit.name().equals(name), value);
        }

        private List<Meter> ofOrigin(String name, ConnectionStats first) {
            Tags its = tags.and(KeyNames.ORIGIN.asString(), name);
            return List.of(
                    connections(its, "active", () -> ofOrigin(name, ConnectionStats::active)),
                    connections(its, "idle", () -> ofOrigin(name, ConnectionStats::idle)),
                    connections(its, "pending", () -> ofOrigin(name, ConnectionStats::pending)));
        }

        private Meter connections(Tags of, String state, Reading reading) {
            return gauge(ClientMeterDocumentation.CONNECTIONS, of.and(KeyNames.STATE.asString(), state), reading);
        }

        private double ofOrigin(String name, ToDoubleFunction<ConnectionStats> value) {
            return value(client.inspect().connections(), row -> row.origin().equals(name), value);
        }

        private Meter gauge(ClientMeterDocumentation what, Tags of, Reading reading) {
            return Gauge.builder(what.getName(), reading::value)
                    .tags(of)
                    .baseUnit(what.getBaseUnit())
                    .register(registry);
        }

        synchronized void close() {
            over = true;
            fixed.values().forEach(registry::remove);
            rows.values().forEach(meters -> meters.forEach(registry::remove));
            rows.clear();
        }
    }

    @FunctionalInterface
    private interface Reading {
        double value();
    }

    private static <R> double value(List<R> rows, Predicate<R> which, ToDoubleFunction<R> value) {
        for (R row : rows) {
            if (which.test(row)) {
                return value.applyAsDouble(row);
            }
        }
        return Double.NaN;
    }

    private static double known(long count) {
        return count < 0 ? Double.NaN : count;
    }

    private static double seconds(@Nullable Duration time) {
        return time == null ? Double.NaN : time.toMillis() / 1e3;
    }
}
