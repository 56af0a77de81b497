package io.penstock.test;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class after which a buffer is lost: {@code @ExtendWith(NoBufferLeaks.class)}. See {@link BufferLeaks}. */
public final class NoBufferLeaks implements BeforeAllCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NoBufferLeaks.class);

    /** Creates the extension. JUnit calls it. */
    public NoBufferLeaks() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put(BufferLeaks.class, BufferLeaks.watch());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        BufferLeaks leaks = context.getStore(NAMESPACE).remove(BufferLeaks.class, BufferLeaks.class);
        List<String> found = requireNonNull(leaks, "beforeAll starts the watch").found();
        if (!found.isEmpty()) {
            throw new AssertionError("leaked buffers: " + found);
        }
    }
}
