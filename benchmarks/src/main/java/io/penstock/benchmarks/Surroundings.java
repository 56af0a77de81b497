package io.penstock.benchmarks;

import io.netty.buffer.ByteBuf;
import io.penstock.ApiClient;
import java.lang.management.ManagementFactory;
import java.security.CodeSource;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** The machine, JVM and libraries of a run, for its page. */
public final class Surroundings {

    private Surroundings() {}

    /** Returns a description of the machine, Java, the load average, and the libraries, these classes' among them. */
    public static String of(Class<?>... more) {
        Stream<Class<?>> libraries =
                Stream.concat(Stream.of(ApiClient.class, Mono.class, HttpClient.class, ByteBuf.class), Stream.of(more));
        return Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", Java " + System.getProperty("java.runtime.version") + ", "
                + String.format(
                        Locale.ROOT,
                        "load average at the end %.1f, ",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage())
                + libraries.map(Surroundings::jar).collect(Collectors.joining(", "));
    }

    /** Returns the name of a library's jar, which contains its version. */
    private static String jar(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            return type.getSimpleName();
        }
        String path = source.getLocation().getPath();
        return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.jar$", "");
    }
}
