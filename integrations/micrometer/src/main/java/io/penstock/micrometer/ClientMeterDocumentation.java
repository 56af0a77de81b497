package io.penstock.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** The meters of a client. All of them are gauges and have the keys {@code vendor} and {@code client}. */
public enum ClientMeterDocumentation implements MeterDocumentation {

    /** Calls under way, including those that wait. */
    CALLS_ACTIVE("penstock.client.calls.active", "calls"),

    /** Calls that wait at the gate, for a circuit or for retry budget. */
    CALLS_WAITING("penstock.client.calls.waiting", "calls"),

    /** Retries that the budget covers now; infinite if the policy sets no bound. */
    RETRY_BUDGET("penstock.client.retry.budget", "retries"),

    /** Time for which the token can still be used; absent if the API takes the secret itself. */
    TOKEN_LIFE("penstock.client.token.life", "seconds"),

    /** Calls that a window of the quota allows, reported or declared; NaN if unknown. */
    QUOTA_LIMIT("penstock.client.quota.limit", "calls", KeyNames.QUOTA),

    /** Calls that are left in the window; NaN if unknown. */
    QUOTA_REMAINING("penstock.client.quota.remaining", "calls", KeyNames.QUOTA),

    /** Time until the whole quota is available again; NaN if unknown. */
    QUOTA_RESET("penstock.client.quota.reset", "seconds", KeyNames.QUOTA),

    /** Time that one more call would wait; NaN if it cannot be told. */
    QUOTA_WAIT("penstock.client.quota.wait", "seconds", KeyNames.QUOTA),

    /** 1 for the phase in which the circuit is, 0 for the others. */
    CIRCUIT_STATE("penstock.client.circuit.state", null, KeyNames.CIRCUIT, KeyNames.STATE),

    /** Share of failed calls among those that the circuit counts, from 0 to 1. */
    CIRCUIT_FAILURE_RATE("penstock.client.circuit.failure.rate", null, KeyNames.CIRCUIT),

    /** Connections to an origin that are active or idle, and requests that wait for one (pending). */
    CONNECTIONS("penstock.client.connections", "connections", KeyNames.ORIGIN, KeyNames.STATE);

    private final String name;
    private final @Nullable String unit;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final KeyNames[] keys;

    ClientMeterDocumentation(String name, @Nullable String unit, KeyNames... keys) {
        this.name = name;
        this.unit = unit;
        this.keys = keys;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public @Nullable String getBaseUnit() {
        return unit;
    }

    @Override
    public Meter.Type getType() {
        return Meter.Type.GAUGE;
    }

    @Override
    public KeyName[] getKeyNames() {
        return KeyName.merge(new KeyName[] {KeyNames.VENDOR, KeyNames.CLIENT}, keys);
    }

    /** The keys of meters. */
    public enum KeyNames implements KeyName {
        /** The id of the vendor. */
        VENDOR("vendor"),
        /** The name of the client. */
        CLIENT("client"),
        /** The name of a quota; there are at most 50. */
        QUOTA("quota"),
        /** The origin of a circuit, and the operation if each has its own; there are at most 50. */
        CIRCUIT("circuit"),
        /** The phase of a circuit in lower case, or {@code active}, {@code idle}, {@code pending}. */
        STATE("state"),
        /** The origin of connections; there are at most 50. */
        ORIGIN("origin");

        private final String key;

        KeyNames(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
