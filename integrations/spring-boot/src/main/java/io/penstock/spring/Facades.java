package io.penstock.spring;

import io.penstock.ApiClient;
import io.penstock.infraon.Infraon;
import io.penstock.invicti.Invicti;
import io.penstock.ixon.Ixon;
import io.penstock.pentify.Pentify;
import io.penstock.picus.Picus;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** The typed operations of the vendors whose modules are on the class path. */
final class Facades {

    /** The facade of each vendor: its class is loaded only if it is there. */
    private static final Map<String, Supplier<Facade<?>>> ALL = Map.of(
            "infraon", () -> new Facade<>(Infraon.class, Infraon::over),
            "invicti", () -> new Facade<>(Invicti.class, Invicti::over),
            "ixon", () -> new Facade<>(Ixon.class, Ixon::over),
            "pentify", () -> new Facade<>(Pentify.class, Pentify::over),
            "picus", () -> new Facade<>(Picus.class, Picus::over));

    private Facades() {}

    /** A class of typed operations, and how to create it. */
    record Facade<T>(Class<T> type, Function<ApiClient, T> over) {}

    /** Returns the facade of a vendor, or null if it has none. */
    static @Nullable Facade<?> of(String vendor) {
        Supplier<Facade<?>> facade = ALL.get(vendor);
        String type =
                "io.penstock." + vendor + "." + vendor.substring(0, 1).toUpperCase(Locale.ROOT) + vendor.substring(1);
        return facade == null || !ClassUtils.isPresent(type, null) ? null : facade.get();
    }
}
