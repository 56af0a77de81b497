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
 * The signs by which a 2xx body says that it is a failure. A sign is a parsed member at the top of the body's object: its
 * place among the others, the spelling of its name, and a byte order mark before it carry no meaning (RFC 8259).
 *
 * <p>A body is parsed for signs only if one can be in it. To stand there a name is written as it is, or with an escape: a
 * pass over the bytes that finds neither costs a fraction of a parser.
 */
@Internal
public final class FailureSigns {

    /** One bit for each name; the sign bit is left. */
    private static final int MOST = Integer.SIZE - 1;

    private final List<FailureSign> signs;
    /** The names and the quotes behind them; empty where one cannot be looked for by its bytes. */
    private final byte[][] names;

    /**
     * Compiles the signs of an API.
     *
     * @param shown what says that a body is a failure
     * @param member the member whose presence says so too; empty if there is none
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

    /** Whether a body is worth parsing for them. */
    public boolean mayStandIn(ByteBuf body) {
        if (signs.isEmpty() || !body.isReadable()) {
            return false;
        }
        return names.length == 0 || body.forEachByte(body.readerIndex(), body.readableBytes(), new Search(names)) >= 0;
    }

    /** Whether the member at whose value the parser stands is one. */
    static boolean isAmong(List<FailureSign> signs, String name, JsonParser atValue) {
        for (FailureSign sign : signs) {
            if (sign.member().equals(name) && sign.isSaidBy(atValue)) {
                return true;
            }
        }
        return false;
    }

    /** Stops at a quoted name, at an escape that can be a part of one, and at a NUL: UTF-16 and UTF-32 are full of them. */
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

        /** Keeps the names that go on with that byte; less than 0 once one of them is whole. */
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

    /** Looks for them in a document that arrives part by part. */
    public static final class Watch {
        private final List<FailureSign> signs;
        private @Nullable String name;

        public Watch(FailureSigns signs) {
            this.signs = signs.signs;
        }

        /**
         * Whether the token at which the parser stands is the value of a sign.
         *
         * @param depth how many objects and arrays are open, with the one that the token opens
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
