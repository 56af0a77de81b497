package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.LogCapture.Captured;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogCaptureTest {

    private final Logger log = LoggerFactory.getLogger("captured.by.name");

    @Test
    void failsForWarningThatWasNotTaken() {
        try (LogCapture capture = LogCapture.of("captured").start()) {
            log.info("fine");
            log.error("disk {} is full", 3, new IllegalStateException("no space"));

            assertThatThrownBy(capture::verify)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("warnings that no assertion has taken: 1")
                    .hasMessageContaining("ERROR captured.by.name - disk 3 is full")
                    .hasMessageContaining("no space");
        }
    }

    @Test
    void passesOnceEveryWarningIsTaken() {
        try (LogCapture capture = LogCapture.of("captured").start()) {
            log.warn("first");
            log.warn("second");

            assertThat(capture.awaitWarning("second").level()).isEqualTo(Level.WARN);
            assertThat(capture.takeWarnings()).extracting(Captured::message).containsExactly("first");
            assertThatCode(capture::verify).doesNotThrowAnyException();
        }
    }

    @Test
    void awaitsWarningOfAnotherThread() {
        try (LogCapture capture = LogCapture.of("captured").start()) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> log.warn("from elsewhere"));

            assertThat(capture.awaitWarning("elsewhere").logger()).isEqualTo("captured.by.name");
            other.join();
        }
    }

    @Test
    void restoresLevelWhenClosed() {
        LogCapture capture = LogCapture.of("captured").at(Level.DEBUG).start();
        assertThat(log.isDebugEnabled()).isTrue();

        capture.close();
        log.warn("after the capture");

        assertThat(log.isDebugEnabled()).isFalse();
        assertThat(capture.entries()).isEmpty();
    }

    @Test
    void ignoresOtherLoggers() {
        try (LogCapture capture = LogCapture.of("captured").start()) {
            LoggerFactory.getLogger("elsewhere").warn("not this one");

            assertThat(capture.entries()).isEmpty();
        }
    }
}
