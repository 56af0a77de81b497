package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.NullNode;

/**
 * Readers of plain values, which Picus sends in many forms: as a number or a text, and as Go's nullable structs
 * {@code {"Int64":5,"Valid":true}}. A missing value is null. An unreadable value is rejected in a record that collects
 * further members, so that the record keeps it there; in any other record it is null.
 */
final class Lenient {

    /** The limit below which an epoch is in seconds: 10<sup>11</sup> s is the year 5138. */
    private static final long EPOCH_MILLIS_FROM = 100_000_000_000L;

    private Lenient() {}

    /** Returns the value itself, unwrapped from a struct if necessary. */
    private static JsonNode plain(JsonParser parser, DeserializationContext context) {
        JsonNode node = context.readTree(parser);
        JsonNode valid = node.path("Valid");
        if (!valid.isBoolean() || node.size() != 2) {
            return node;
        }
        return valid.booleanValue()
                ? node.properties().stream()
                        .filter(member -> !member.getKey().equals("Valid"))
                        .findFirst()
                        .orElseThrow()
                        .getValue()
                : NullNode.getInstance();
    }

    static @Nullable BigDecimal decimal(JsonNode node) {
        if (!node.isNumber() && !node.isString()) {
            return null;
        }
        try {
            return new BigDecimal(node.asString().strip());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    static @Nullable Long whole(JsonNode node) {
        BigDecimal number = decimal(node);
        try {
            return number == null ? null : Long.valueOf(number.longValueExact());
        } catch (ArithmeticException notWhole) {
            return null;
        }
    }

    static @Nullable Boolean flag(JsonNode node) {
        String text = node.asString("");
        return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
    }

    /**
     * Parses epoch seconds or milliseconds, distinguished by magnitude, or ISO 8601 with any number of digits. 0 is
     * null.
     */
    static @Nullable Instant time(JsonNode node) {
        Long epoch = whole(node);
        Instant time = null;
        if (epoch != null) {
            time = epoch < EPOCH_MILLIS_FROM ? Instant.ofEpochSecond(Math.max(epoch, 0)) : Instant.ofEpochMilli(epoch);
        } else if (node.isString()) {
            try {
                time = OffsetDateTime.parse(node.asString().strip()).toInstant();
            } catch (DateTimeException notATime) {
                return null;
            }
        }
        return time != null && time.isAfter(Instant.EPOCH) ? time : null; // Go's zero time is in the year 1
    }

    /** The common part of all readers. Subclasses decide which values they read, and which of the others mean null. */
    private abstract static class Plain<T> extends ValueDeserializer<T> {
        private final Class<T> type;
        private final boolean kept;

        Plain(Class<T> type, boolean kept) {
            this.type = type;
            this.kept = kept;
        }

        abstract Plain<T> keeping();

        abstract @Nullable T read(JsonNode value);

        boolean isNone(JsonNode value) {
            return value.isNull()
                    || value.isMissingNode()
                    || (value.isString() && value.asString().isBlank());
        }

        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return property != null && keepsOthers(property.getMember().getDeclaringClass()) ? keeping() : this;
        }

        private static boolean keepsOthers(Class<?> type) {
            return type.isRecord()
                    && Arrays.stream(type.getRecordComponents())
                            .anyMatch(component -> component.getAccessor().isAnnotationPresent(JsonAnySetter.class));
        }

        @Override
        public @Nullable T deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode value = plain(parser, context);
            T read = read(value);
            if (read == null && kept && !isNone(value)) {
                throw MismatchedInputException.from(parser, type, "does not fit");
            }
            return read;
        }
    }

    /** A reader of ids and counts. */
    static final class Whole extends Plain<Long> {
        Whole() {
            this(false);
        }

        private Whole(boolean kept) {
            super(Long.class, kept);
        }

        @Override
        Whole keeping() {
            return new Whole(true);
        }

        @Override
        @Nullable
        Long read(JsonNode value) {
            return whole(value);
        }
    }

    /** A reader of scores and ratios. */
    static final class Decimal extends Plain<BigDecimal> {
        Decimal() {
            this(false);
        }

        private Decimal(boolean kept) {
            super(BigDecimal.class, kept);
        }

        @Override
        Decimal keeping() {
            return new Decimal(true);
        }

        @Override
        @Nullable
        BigDecimal read(JsonNode value) {
            return decimal(value);
        }
    }

    /** A reader of flags. */
    static final class Flag extends Plain<Boolean> {
        Flag() {
            this(false);
        }

        private Flag(boolean kept) {
            super(Boolean.class, kept);
        }

        @Override
        Flag keeping() {
            return new Flag(true);
        }

        @Override
        @Nullable
        Boolean read(JsonNode value) {
            return flag(value);
        }
    }

    /** A reader of times. */
    static final class Time extends Plain<Instant> {
        Time() {
            this(false);
        }

        private Time(boolean kept) {
            super(Instant.class, kept);
        }

        @Override
        Time keeping() {
            return new Time(true);
        }

        @Override
        @Nullable
        Instant read(JsonNode value) {
            return time(value);
        }

        /** Returns whether the value means null, such as 0 and Go's zero time. */
        @Override
        boolean isNone(JsonNode value) {
            Long epoch = whole(value);
            if (super.isNone(value) || (epoch != null && epoch == 0)) {
                return true;
            }
            try {
                return value.isString()
                        && OffsetDateTime.parse(value.asString().strip()).getYear() == 1;
            } catch (DateTimeException notATime) {
                return false;
            }
        }
    }
}
