package io.penstock.test;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An extension that lets the clients of a test class use the transport over Reactor Netty's {@code HttpClient}. */
final class OverHttpClient implements BeforeAllCallback, AfterAllCallback {

    private static final String TRANSPORT = "penstock.transport";

    private @Nullable String before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = System.setProperty(TRANSPORT, "http-client");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (before == null) {
            System.clearProperty(TRANSPORT);
        } else {
            System.setProperty(TRANSPORT, before);
        }
    }
}
