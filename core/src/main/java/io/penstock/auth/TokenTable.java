package io.penstock.auth;

import io.penstock.http.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The tokens of the secrets that single requests bring. The secret that has not been used for longest is dropped first. */
final class TokenTable {

    static final int MOST = 1_000;

    private final Function<Secret, TokenSource> make;
    private final Map<Secret, TokenSource> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Secret, TokenSource> eldest) {
            return size() > MOST;
        }
    };

    TokenTable(Function<Secret, TokenSource> make) {
        this.make = make;
    }

    synchronized TokenSource of(Secret secret) {
        return known.computeIfAbsent(secret, make);
    }
}
