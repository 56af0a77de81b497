package io.penstock.spec;

import io.penstock.error.ApiException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The vendors on the class path. */
public final class Vendors {

    private static final String FILE = "META-INF/services/" + Vendor.class.getName();
    private static final char COMMENT = '#';

    private Vendors() {}

    /**
     * Returns all vendors, sorted by id. It reads files, so do not call it on an event loop.
     *
     * @throws ApiException INVALID_CONFIGURATION if a service file names no class, or one that is no vendor; if a spec cannot
     *     be made; or if two vendors have one id
     */
    public static List<VendorSpec> all() {
        return all(Thread.currentThread().getContextClassLoader());
    }

    static List<VendorSpec> all(@Nullable ClassLoader loader) {
        checkFiles(loader);
        List<VendorSpec> all = new ArrayList<>();
        try {
            for (ServiceLoader.Provider<Vendor> provider :
                    ServiceLoader.load(Vendor.class, loader).stream().toList()) {
                all.add(spec(provider));
            }
        } catch (ServiceConfigurationError e) {
            throw wrong(e);
        }
        all.sort(Comparator.comparing(VendorSpec::id));
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).id().equals(all.get(i - 1).id())) {
                throw ApiException.invalidConfiguration(
                        "vendor: id " + all.get(i).id() + " of two vendors, "
                                + all.get(i - 1).name() + " and " + all.get(i).name() + " (expected: an id for each)");
            }
        }
        return Collections.unmodifiableList(all);
    }

    private static VendorSpec spec(ServiceLoader.Provider<Vendor> provider) {
        Vendor vendor;
        try {
            vendor = provider.get();
        } catch (ServiceConfigurationError e) {
            throw wrong(e);
        }
        return Optional.ofNullable(vendor.spec())
                .orElseThrow(() -> ApiException.invalidConfiguration("vendor: "
                        + vendor.getClass().getName() + ".spec() gave null (expected: the description of an API)"));
    }

    /** Returns the sentence for an error of the service loader, or of the spec that could not be made. */
    private static ApiException wrong(ServiceConfigurationError e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException mistake) {
                return mistake;
            }
        }
        String said = String.valueOf(e.getMessage());
        String prefix = Vendor.class.getName() + ": ";
        String what = said.startsWith(prefix) ? said.substring(prefix.length()) : said;
        return ApiException.invalidConfiguration("service file " + FILE + ": " + what
                + (e.getCause() == null ? "" : ", because of " + e.getCause())
                + " (expected: on each line, a public class with a public constructor without parameters that implements "
                + Vendor.class.getSimpleName() + ")");
    }

    private static void checkFiles(@Nullable ClassLoader loader) {
        try {
            ClassLoader from = loader == null ? ClassLoader.getSystemClassLoader() : loader;
            for (URL file : Collections.list(from.getResources(FILE))) {
                if (isEmpty(file)) {
                    throw ApiException.invalidConfiguration(
                            "service file " + file + ": empty (expected: the name of a class that implements "
                                    + Vendor.class.getSimpleName() + ")");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEmpty(URL file) throws IOException {
        URLConnection opened = file.openConnection();
        opened.setUseCaches(false); // the file of a jar that is replaced must not stay open
        try (InputStream in = opened.getInputStream();
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().allMatch(Vendors::isBlank);
        }
    }

    private static boolean isBlank(String line) {
        return line.isBlank() || line.strip().charAt(0) == COMMENT;
    }

    /**
     * Returns the vendor with an id.
     *
     * @throws ApiException INVALID_CONFIGURATION if there is none, or as {@link #all()} does
     */
    public static VendorSpec byId(String id) {
        List<VendorSpec> all = all();
        return all.stream()
                .filter(v -> v.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ApiException.invalidConfiguration("vendor: " + id
                        + (all.isEmpty()
                                ? ": no vendor is on the class path (expected: a module whose " + FILE
                                        + " names a class that implements " + Vendor.class.getSimpleName() + ")"
                                : " (expected one of: "
                                        + String.join(
                                                ", ",
                                                all.stream().map(VendorSpec::id).toList()) + ")")));
    }
}
