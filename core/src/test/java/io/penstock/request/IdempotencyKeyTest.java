package io.penstock.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    private static String derived(Map<String, ? extends @Nullable Object> fields) {
        return IdempotencyKey.derivedFrom(fields).value();
    }

    @Test
    void refusesValuesWithoutStableText() {
        for (Object value : new Object[] {new byte[] {1}, Set.of(1, 2), new Object()}) {
            assertThatThrownBy(() -> IdempotencyKey.derivedFrom(Map.of("a", value)))
                    .matches(ErrorKind.INVALID_REQUEST::matches)
                    .hasMessageContaining("field a is a " + value.getClass().getName());
        }
        assertThat(derived(Map.of("a", RetryClass.KEYED))).isEqualTo(derived(Map.of("a", "KEYED")));
    }

    /** If this key changes, an order repeated across an upgrade of the library acts twice. */
    @Test
    void derivesSameKeyInEveryRelease() {
        assertThat(derived(Map.of("target", "https://shop.example.com", "date", "2026-11-20", "depth", 3)))
                .isEqualTo("m984x50ehpm5gzawb3faq0tmhcwwr5ry");
    }

    @Test
    void ignoresOrderOfFields() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", 2);
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("b", 2);
        other.put("a", 1);

        assertThat(derived(one)).isEqualTo(derived(other));
    }

    @Test
    void distinguishesNamesFromValues() {
        assertThat(Set.of(
                        derived(Map.of("a", "bc")),
                        derived(Map.of("ab", "c")),
                        derived(Map.of("abc", "")),
                        derived(Map.of("a", "b", "c", ""))))
                .hasSize(4);
    }

    @Test
    void treatsNullFieldAsAbsent() {
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put("a", "b");
        fields.put("c", null);

        assertThat(derived(fields)).isEqualTo(derived(Map.of("a", "b")));
    }

    @Test
    void refusesFieldsWithoutValue() {
        assertThatThrownBy(() -> IdempotencyKey.derivedFrom(Map.of())).matches(ErrorKind.INVALID_REQUEST::matches);
        assertThatThrownBy(() -> IdempotencyKey.derivedFrom(Collections.singletonMap("a", null)))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("no field has a value");
    }

    @Test
    void derivesDistinctKeysOf32Base32Characters() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            String key = derived(Map.of("n", i, "r", random.nextLong()));
            assertThat(key).as("seed %d", seed).matches("[0-9a-hjkmnp-tv-z]{32}");
            keys.add(key);
        }
        assertThat(keys).as("seed %d", seed).hasSize(2_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\tb", "a\u007f", "ä"})
    void refusesKeysThatCannotBeSent(String value) {
        assertThatThrownBy(() -> IdempotencyKey.of(value))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageStartingWith("idempotency key: ");
    }

    @Test
    void acceptsAtMost255Characters() {
        assertThat(IdempotencyKey.of("k".repeat(255))).hasToString("k".repeat(255));
        assertThatThrownBy(() -> IdempotencyKey.of("k".repeat(256)))
                .hasMessage("idempotency key: 256 characters (expected: 1 to 255 printable ASCII characters)");
    }
}
