package io.penstock.request;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keys without a system call for each: a random UUID takes its bits from the operating system, which counts as blocking on
 * an event loop. Two processes differ by 256 random bits, two keys of one process by the counter.
 */
final class GeneratedKeys {

    private static final byte[] SECRET = new byte[32];
    private static final AtomicLong COUNTER = new AtomicLong();

    static {
        new SecureRandom().nextBytes(SECRET);
    }

    private GeneratedKeys() {}

    static void prepare() {
        // Being called has loaded the class, and drawn the secret.
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
