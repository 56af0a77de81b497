package io.penstock.spec;

import io.penstock.error.ApiException;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The vendors on the class path. */
public final class Vendors {

    private Vendors() {}

    /** The file that names the vendors of a jar, one class a line. */
    private static final String FILE = "META-INF/services/" + Vendor.class.getName();

    /**
     * Returns all vendors, sorted by id. It reads files, so do not call it on an event loop.
     *
     * @throws ApiException INVALID_CONFIGURATION if a service file names a class that is no vendor
     */
    public static List<VendorSpec> all() {
        try {
            return ServiceLoader.load(Vendor.class).stream()
                    .map(provider -> provider.get().spec())
                    .sorted(Comparator.comparing(VendorSpec::id))
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw unusable(e);
        }
    }

    /** Returns the error in one sentence. The loader names the file and what is wrong with it, or else the class. */
    private static ApiException unusable(ServiceConfigurationError error) {
        String said = String.valueOf(error.getMessage()).replace(Vendor.class.getName() + ": ", "");
        Throwable cause = error.getCause();
        return ApiException.invalidConfiguration(FILE + ": " + said + (cause == null ? "" : ": " + cause)
                + " (expected: names of classes that implement Vendor, each with a constructor without"
                + " parameters)");
    }

    /**
     * Returns the vendor with an id.
     *
     * @throws ApiException INVALID_CONFIGURATION if there is none, or if a service file names a class that is no vendor
     */
    public static VendorSpec byId(String id) {
        List<VendorSpec> all = all();
        return all.stream()
                .filter(v -> v.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ApiException.invalidConfiguration("vendor: " + id
                        + (all.isEmpty()
                                ? " (expected: one that a file " + FILE + " on the class path names; there is none"
                                : " (expected one of: "
                                        + String.join(
                                                ", ",
                                                all.stream().map(VendorSpec::id).toList()))
                        + ")"));
    }
}
