package io.penstock.request;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A generator of keys without a system call for each. A random UUID takes its bits from the operating system, which
 * counts as blocking on an event loop. Keys of two processes differ by 256 random bits, keys of one process by the
 * counter.
 */
final class GeneratedKeys {

    private static final byte[] SECRET = new byte[32];
    private static final AtomicLong COUNTER = new AtomicLong();

    static {
        new SecureRandom().nextBytes(SECRET);
    }

    private GeneratedKeys() {}

    static void prepare() {
        // Calling this method loads the class, which draws the secret.
    }

    static String next() {
        MessageDigest sha256 = IdempotencyKey.sha256();
        sha256.update(SECRET);
        sha256.update(ByteBuffer.allocate(Long.BYTES)
                .putLong(COUNTER.getAndIncrement())
                .array());
        return IdempotencyKey.base32(sha256.digest());
    }
}
