package io.penstock.spec;

/**
 * A pluggable API. It is found by {@link java.util.ServiceLoader}: a module names its class in
 * {@code META-INF/services/io.penstock.spec.Vendor}.
 */
public interface Vendor {

    /** Returns the description of the API. */
    VendorSpec spec();
}
