package io.penstock.spec;

import io.penstock.error.ApiException;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The vendors on the class path. */
public final class Vendors {

    private Vendors() {}

    /** Returns all vendors, sorted by id. It reads files, so do not call it on an event loop. */
    public static List<VendorSpec> all() {
        return ServiceLoader.load(Vendor.class).stream()
                .map(provider -> provider.get().spec())
                .sorted(Comparator.comparing(VendorSpec::id))
                .toList();
    }

    /**
     * Returns the vendor with an id.
     *
     * @throws ApiException INVALID_CONFIGURATION if there is none
     */
    public static VendorSpec byId(String id) {
        List<VendorSpec> all = all();
        return all.stream()
                .filter(v -> v.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ApiException.invalidConfiguration("vendor: " + id + " (expected one of: "
                        + String.join(", ", all.stream().map(VendorSpec::id).toList()) + ")"));
    }
}
