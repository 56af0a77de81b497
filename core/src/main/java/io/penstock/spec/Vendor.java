package io.penstock.spec;

/**
 * One pluggable API. Found by {@link java.util.ServiceLoader}: a module names its class in
 * {@code META-INF/services/io.penstock.spec.Vendor}.
 */
public interface Vendor {

    /** What the API is like, as data. */
    VendorSpec spec();
}
