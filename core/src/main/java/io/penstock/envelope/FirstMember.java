package io.penstock.envelope;

import io.netty.buffer.ByteBuf;

/**
 * Looks whether a JSON object begins with a certain member, before any parser is made: the first bytes tell a success from
 * an error envelope, at a few nanoseconds, and the payload's reader then starts where it expects to.
 */
final class FirstMember {

    private FirstMember() {}

    /** Whether the object's first member has that name (of ASCII letters) and a value other than null and false. */
    static boolean isSet(ByteBuf body, String name) {
        if (name.isEmpty()) {
            return false;
        }
        int at = afterSpace(body, body.readerIndex());
        if (!is(body, at, '{')) {
            return false;
        }
        at = afterSpace(body, at + 1);
        if (!is(body, at, '"')) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!is(body, ++at, name.charAt(i))) {
                return false;
            }
        }
        if (!is(body, ++at, '"')) {
            return false;
        }
        at = afterSpace(body, at + 1);
        if (!is(body, at, ':')) {
            return false;
        }
        at = afterSpace(body, at + 1);
        return at < body.writerIndex() && !is(body, at, 'n') && !is(body, at, 'f');
    }

    private static boolean is(ByteBuf body, int at, char expected) {
        return at < body.writerIndex() && body.getByte(at) == expected;
    }

    private static int afterSpace(ByteBuf body, int from) {
        int at = from;
        while (is(body, at, ' ') || is(body, at, '\n') || is(body, at, '\r') || is(body, at, '\t')) {
            at++;
        }
        return at;
    }
}
