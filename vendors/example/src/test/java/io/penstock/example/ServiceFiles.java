package io.penstock.example;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;

/** Service files that a test puts in place of those of the class path. */
final class ServiceFiles {

    private ServiceFiles() {}

    /**
     * Runs a test with one service file for a service in place of those of the class path.
     *
     * @param content the content of the file; null for no file
     */
    static <T> T with(Class<?> service, String content, Supplier<T> test) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new ClassLoader(before) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return name.equals("META-INF/services/" + service.getName())
                        ? Collections.enumeration(content == null ? List.of() : List.of(file(content)))
                        : super.getResources(name);
            }
        });
        try {
            return test.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL file(String content) throws IOException {
        return new URL(null, "memory:services", new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
                return new URLConnection(url) {
                    @Override
                    public void connect() {}

                    @Override
                    public InputStream getInputStream() {
                        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
                    }
                };
            }
        });
    }
}
