package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A value that is chosen from a list. The constants are what the public clients send; tenants can rename the values, and
 * then have ids and names of their own.
 *
 * @param id its number, or null where it is sent by name only
 * @param name its name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Lookup(@Nullable Long id, String name) {

    /** A value by id and name. */
    public static Lookup of(long id, String name) {
        return new Lookup(id, name);
    }

    /** A value by name, as a status and a severity are sent. */
    public static Lookup named(String name) {
        return new Lookup(null, name);
    }

    /** How soon it has to be done. */
    public static final class Urgency {
        /** 1. */
        public static final Lookup HIGH = of(1, "High");

        /** 2. */
        public static final Lookup MEDIUM = of(2, "Medium");

        /** 3. */
        public static final Lookup LOW = of(3, "Low");

        private Urgency() {}
    }

    /** What comes first. */
    public static final class Priority {
        /** 1. */
        public static final Lookup CRITICAL = of(1, "Critical");

        /** 2. */
        public static final Lookup HIGH = of(2, "High");

        /** 3. */
        public static final Lookup MEDIUM = of(3, "Medium");

        /** 4. */
        public static final Lookup LOW = of(4, "Low");

        /** 5. */
        public static final Lookup VERY_LOW = of(5, "Very Low");

        private Priority() {}
    }

    /** Whom it hits. */
    public static final class Impact {
        /** 1. */
        public static final Lookup BUSINESS = of(1, "Business");

        /** 2. */
        public static final Lookup LOCATION = of(2, "Location");

        /** 3. */
        public static final Lookup DEPARTMENT = of(3, "Department");

        /** 4. */
        public static final Lookup GROUP = of(4, "Group");

        /** 5. */
        public static final Lookup USER = of(5, "User");

        private Impact() {}
    }
}
