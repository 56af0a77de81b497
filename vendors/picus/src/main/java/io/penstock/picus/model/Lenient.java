package io.penstock.picus.model;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.node.NullNode;

/**
 * Readers of plain values, which Picus sends in many forms: as a number or a text, and as Go's nullable structs
 * {@code {"Int64":5,"Valid":true}}. A value that is not there or that cannot be read is null.
 */
final class Lenient {

    /** Below it an epoch is in seconds: 10<sup>11</sup> s is the year 5138. */
    private static final long EPOCH_MILLIS_FROM = 100_000_000_000L;

    private Lenient() {}

    /** The value itself, out of a struct where it stands in one. */
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

    /** Epoch seconds or milliseconds, told apart by magnitude, or ISO with any number of digits. 0 is none. */
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

    /** Ids and counts. */
    static final class Whole extends ValueDeserializer<Long> {
        @Override
        public @Nullable Long deserialize(JsonParser parser, DeserializationContext context) {
            return whole(plain(parser, context));
        }
    }

    /** Scores and ratios. */
    static final class Decimal extends ValueDeserializer<BigDecimal> {
        @Override
        public @Nullable BigDecimal deserialize(JsonParser parser, DeserializationContext context) {
            return decimal(plain(parser, context));
        }
    }

    /** Flags. */
    static final class Flag extends ValueDeserializer<Boolean> {
        @Override
        public @Nullable Boolean deserialize(JsonParser parser, DeserializationContext context) {
            return flag(plain(parser, context));
        }
    }

    /** Times. */
    static final class Time extends ValueDeserializer<Instant> {
        @Override
        public @Nullable Instant deserialize(JsonParser parser, DeserializationContext context) {
            return time(plain(parser, context));
        }
    }
}
