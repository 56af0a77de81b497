package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A value chosen from a list. The constants are the values that the public clients send. Tenants can rename the values
 * and then have their own ids and names.
 *
 * @param id its number, or null if it is sent by name only
 * @param name its name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Lookup(@Nullable Long id, String name) {

    /** Creates a value with an id and a name. */
    public static Lookup of(long id, String name) {
        return new Lookup(id, name);
    }

    /** Creates a value with a name only, as a status and a severity are sent. */
    public static Lookup named(String name) {
        return new Lookup(null, name);
    }

    /** The urgency of an incident. */
    public static final class Urgency {
        /** 1. */
        public static final Lookup HIGH = of(1, "High");

        /** 2. */
        public static final Lookup MEDIUM = of(2, "Medium");

        /** 3. */
        public static final Lookup LOW = of(3, "Low");

        private Urgency() {}
    }

    /** The priority of an incident. */
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

    /** The scope of an incident's impact. */
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
