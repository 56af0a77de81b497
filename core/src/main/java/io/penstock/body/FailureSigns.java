package io.penstock.body;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import io.penstock.annotation.Internal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The signs that mark a 2xx body as a failure. A sign is a parsed member at the top of the body's object. Its position
 * among the other members, the spelling of its name, and a byte order mark before the body do not matter (RFC 8259).
 *
 * <p>A body is parsed for signs only if it may contain one. A name can only be written literally or with an escape, and
 * a scan of the bytes that finds neither costs a fraction of parsing.
 *
 * @hidden
 */
@Internal
public final class FailureSigns {

    /** One bit for each name, without the sign bit. */
    private static final int MOST = Integer.SIZE - 1;

    private final List<FailureSign> signs;
    /** The names, each with its closing quote; empty if one of them cannot be searched for by its bytes. */
    private final byte[][] names;

    /**
     * Compiles the signs of an API.
     *
     * @param shown the signs that mark a body as a failure
     * @param member a member that marks a failure if it is set; empty if there is none
     */
    public FailureSigns(List<FailureSign> shown, String member) {
        List<FailureSign> all = new ArrayList<>(shown);
        if (!member.isEmpty()) {
            all.add(FailureSign.isSet(member));
        }
        signs = List.copyOf(all);
        boolean plain = all.size() <= MOST && all.stream().allMatch(sign -> isPlain(sign.member()));
        names = plain
                ? all.stream()
                        .map(sign -> (sign.member() + '"').getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new)
                : new byte[0][];
    }

    private static boolean isPlain(String name) {
        return name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
    }

    public List<FailureSign> all() {
        return signs;
    }

    /** Returns whether the body may contain a sign, so that it is worth parsing. */
    public boolean mayStandIn(ByteBuf body) {
        if (signs.isEmpty() || !body.isReadable()) {
            return false;
        }
        return names.length == 0 || body.forEachByte(body.readerIndex(), body.readableBytes(), new Search(names)) >= 0;
    }

    /** Returns whether the member of this name, at whose value the parser is, is one of the signs. */
    static boolean isAmong(List<FailureSign> signs, String name, JsonParser atValue) {
        for (FailureSign sign : signs) {
            if (sign.member().equals(name) && sign.isSaidBy(atValue)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A scan that stops at a quoted name, at an escape that may be part of one, and at a NUL, because UTF-16 and UTF-32
     * contain many of them.
     */
    private static final class Search implements ByteProcessor {
        private final byte[][] names;
        private int candidates;
        private int matched;
        private boolean escape;

        Search(byte[][] names) {
            this.names = names;
        }

        @Override
        public boolean process(byte b) {
            if (candidates != 0) {
                narrow(b);
                if (candidates < 0) {
                    return false;
                }
            }
            if (b == '"') {
                candidates = (1 << names.length) - 1;
                matched = 0;
            }
            boolean found = b == 0 || (escape && (b == 'u' || b == '/'));
            escape = b == '\\' && !escape;
            return !found;
        }

        /** Keeps the names that continue with this byte; sets the candidates below 0 once one of them is complete. */
        private void narrow(byte b) {
            int left = 0;
            for (int i = 0; i < names.length; i++) {
                if ((candidates & 1 << i) != 0 && names[i][matched] == b) {
                    if (matched + 1 == names[i].length) {
                        candidates = -1;
                        return;
                    }
                    left |= 1 << i;
                }
            }
            candidates = left;
            matched++;
        }
    }

    /**
     * A search for signs in a document that arrives part by part.
     *
     * @hidden
     */
    public static final class Watch {
        private final List<FailureSign> signs;
        private @Nullable String name;

        public Watch(FailureSigns signs) {
            this.signs = signs.signs;
        }

        /**
         * Returns whether the parser's current token is the value of a sign.
         *
         * @param depth how many objects and arrays are open, including one that the token opens
         */
        public boolean sees(JsonToken token, int depth, JsonParser parser) {
            if (token == JsonToken.PROPERTY_NAME) {
                name = depth == 1 ? parser.currentName() : null;
                return false;
            }
            String member = name;
            name = null;
            return member != null && isAmong(signs, member, parser);
        }
    }
}
