package io.penstock.body;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The unmodifiable items of a page, with a fingerprint of the bytes that they were decoded from. The fingerprint does
 * not depend on the items' type or on whether it defines equality. For the packages that walk through lists.
 *
 * @param <E> the items' type
 * @hidden
 */
@Internal
public final class FingerprintedList<E> extends AbstractList<E> implements RandomAccess {

    private final List<E> items;
    private final long fingerprint;

    FingerprintedList(List<E> items, ByteBuf body, long from, long to) {
        this.items = items;
        this.fingerprint = items.isEmpty() || from < 0 || to > body.readableBytes() || to <= from
                ? 0
                : fingerprint(body, (int) from, (int) (to - from));
    }

    /** Combines two checksums of 32 bits each, which the platform computes at memory speed. */
    private static long fingerprint(ByteBuf body, int from, int length) {
        CRC32 high = new CRC32();
        CRC32C low = new CRC32C();
        for (ByteBuffer part : body.nioBuffers(body.readerIndex() + from, length)) {
            high.update(part.duplicate());
            low.update(part);
        }
        long both = high.getValue() << Integer.SIZE | low.getValue();
        return both == 0 ? 1 : both;
    }

    /** Returns the fingerprint of a page's items; 0 if they have none or are empty. */
    public static long fingerprintOf(List<?> items) {
        return items instanceof FingerprintedList<?> known ? known.fingerprint : 0;
    }

    @Override
    public E get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
