package io.penstock.test;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A JUnit extension that captures log entries during a test. It keeps them out of the build's output, and fails the
 * test if a warning is left that no assertion has taken.
 *
 * <pre>{@code
 * @RegisterExtension
 * final LogCapture log = LogCapture.of("io.penstock.call");
 *
 * @Test
 * void warnsOfAFailedCall() {
 *     …
 *     assertThat(log.awaitWarning("500 SERVER_ERROR").level()).isEqualTo(Level.WARN);
 * }
 * }</pre>
 *
 * <p>Warnings are entries of level WARN and ERROR. {@link #takeWarnings()} and {@link #awaitWarning} take them. A test
 * that passes with warnings left fails afterwards. {@link #text()} returns everything that was captured, stack traces
 * included, for tests that search it for text that must not be logged.
 *
 * <p>Entries arrive on any thread. The whole JVM shares its loggers: a test that captures must not run in parallel with
 * another test that logs to the same logger. SLF4J must be bound to Logback.
 */
public final class LogCapture implements BeforeEachCallback, AfterEachCallback, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SHOWN = 5;

    private final List<Captured> captured = new ArrayList<>();
    private final List<Captured> untaken = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Sink sink = new Sink();
    private final Set<String> names;
    private final Level level;
    private final List<Restore> restores = new ArrayList<>();

    /** The state of a logger before the capture. */
    private record Restore(
            ch.qos.logback.classic.Logger logger,
            ch.qos.logback.classic.@Nullable Level level,
            boolean additive,
            List<Appender<ILoggingEvent>> appenders) {}

    /**
     * One captured entry.
     *
     * @param level the level of the entry
     * @param logger the name of the logger
     * @param message the formatted message
     * @param stackTrace the stack trace of the logged exception, or an empty string
     */
    public record Captured(Level level, String logger, String message, String stackTrace) {

        /** Returns the entry as a line, followed by its stack trace if there is one. */
        @Override
        public String toString() {
            return level + " " + logger + " - " + message + (stackTrace.isEmpty() ? "" : "\n" + stackTrace);
        }
    }

    private LogCapture(Set<String> names, Level level) {
        this.names = names;
        this.level = level;
    }

    /**
     * Returns a capture of these loggers and their descendants, at INFO and above. An empty name stands for the root
     * logger.
     */
    public static LogCapture of(String... loggers) {
        return new LogCapture(Set.of(loggers), Level.INFO);
    }

    /** Returns a capture of all loggers, at INFO and above. */
    public static LogCapture ofEverything() {
        return of(Logger.ROOT_LOGGER_NAME);
    }

    /** Returns a capture of the same loggers at another level. The loggers have that level while the capture lasts. */
    public LogCapture at(Level other) {
        return new LogCapture(names, other);
    }

    /**
     * Starts the capture. JUnit calls it before each test. Without JUnit, use it in a try-with-resources statement.
     *
     * @throws IllegalStateException if SLF4J is bound to something other than Logback
     */
    public LogCapture start() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            throw new IllegalStateException(
                    "SLF4J logs through " + factory.getClass().getName()
                            + " (expected: Logback; put ch.qos.logback:logback-classic on the test class path, and no other"
                            + " SLF4J provider)");
        }
        lock.lock();
        try {
            captured.clear();
            untaken.clear();
        } finally {
            lock.unlock();
        }
        sink.setContext(context);
        sink.start();
        for (String name : names) {
            ch.qos.logback.classic.Logger logger = context.getLogger(name.isEmpty() ? Logger.ROOT_LOGGER_NAME : name);
            List<Appender<ILoggingEvent>> others = new ArrayList<>();
            logger.iteratorForAppenders().forEachRemaining(others::add);
            restores.add(new Restore(logger, logger.getLevel(), logger.isAdditive(), others));
            logger.setLevel(ch.qos.logback.classic.Level.convertAnSLF4JLevel(level));
            logger.setAdditive(false);
            logger.addAppender(sink);
            others.forEach(logger::detachAppender);
        }
        return this;
    }

    /** Ends the capture and restores the loggers. The captured entries can still be read. */
    @Override
    public void close() {
        for (Restore restore : restores) {
            restore.appenders().forEach(restore.logger()::addAppender);
            restore.logger().detachAppender(sink);
            restore.logger().setLevel(restore.level());
            restore.logger().setAdditive(restore.additive());
        }
        restores.clear();
        sink.stop();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start();
    }

    /** Ends the capture. If the test has passed, {@linkplain #verify() checks} that no warning is left. */
    @Override
    public void afterEach(ExtensionContext context) {
        close();
        if (context.getExecutionException().isEmpty()) {
            verify();
        }
    }

    /**
     * Checks that every captured warning has been taken. JUnit calls it after each test.
     *
     * @throws AssertionError if a warning is left
     */
    public void verify() {
        List<Captured> left = takeWarnings();
        if (!left.isEmpty()) {
            StringBuilder text = new StringBuilder("warnings that no assertion has taken: " + left.size());
            left.stream().limit(SHOWN).forEach(entry -> text.append('\n').append(entry));
            throw new AssertionError(text.toString());
        }
    }

    /** Returns all entries so far, oldest first. */
    public List<Captured> entries() {
        lock.lock();
        try {
            return List.copyOf(captured);
        } finally {
            lock.unlock();
        }
    }

    /** Returns all entries so far as text, stack traces included. */
    public String text() {
        StringBuilder text = new StringBuilder();
        entries().forEach(entry -> text.append(entry).append('\n'));
        return text.toString();
    }

    /** Takes the warnings that have not been taken yet, and returns them. The test thereby accepts them. */
    public List<Captured> takeWarnings() {
        lock.lock();
        try {
            List<Captured> warnings = List.copyOf(untaken);
            untaken.clear();
            return warnings;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits up to 30 s for a warning whose message contains a text, takes it and returns it. It blocks: call it from
     * the test's own thread.
     *
     * @throws AssertionError if no such warning arrives
     */
    public Captured awaitWarning(String text) {
        Captured found = await(text);
        if (found == null) {
            throw new AssertionError(
                    "no warning contains \"" + text + "\" after " + PATIENCE.toSeconds() + " s; captured:\n" + text());
        }
        return found;
    }

    private @Nullable Captured await(String text) {
        long left = PATIENCE.toNanos();
        lock.lock();
        try {
            while (true) {
                for (Captured warning : untaken) {
                    if (warning.message().contains(text)) {
                        untaken.remove(warning);
                        return warning;
                    }
                }
                if (left <= 0) {
                    return null;
                }
                left = arrived.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a log entry", e);
        } finally {
            lock.unlock();
        }
    }

    /** The appender. It runs inside Logback, where BlockHound allows locks. */
    private final class Sink extends AppenderBase<ILoggingEvent> {

        @Override
        protected void append(ILoggingEvent event) {
            Captured entry = new Captured(
                    Level.valueOf(event.getLevel().toString()),
                    event.getLoggerName(),
                    event.getFormattedMessage(),
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
            lock.lock();
            try {
                captured.add(entry);
                if (entry.level().toInt() >= Level.WARN.toInt()) {
                    untaken.add(entry);
                }
                arrived.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
