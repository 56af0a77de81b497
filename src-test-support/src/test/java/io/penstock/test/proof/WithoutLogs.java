package io.penstock.test.proof;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Turns logging off while a class runs that makes tens of thousands of calls fail. */
public final class WithoutLogs implements BeforeAllCallback, AfterAllCallback {

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();

    @Override
    public void beforeAll(ExtensionContext context) {
        root.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        root.setLevel(before);
    }
}
