package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.body.ServerSentEvent;
import io.penstock.pipeline.BodyReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reader of server-sent events, as specified by WHATWG HTML §9.2.6: lines end with CR, LF or both, a byte order mark
 * at the start is skipped, comments are dropped, an event without data is ignored, and an event that is not ended by a
 * blank line is dropped.
 *
 * <p>An id or a retry time without an event is emitted as an event without a type. Only the code that resumes the
 * stream needs it.
 */
final class EventsReader implements BodyReader {

    private static final String USUAL_TYPE = "message";
    private static final int MOST_DIGITS = 9;

    private final int limit;
    private final StreamFailures failures;
    private final Collected line;
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private @Nullable String id;
    private @Nullable Duration retry;
    private boolean news;
    private boolean afterCr;
    private boolean firstLine = true;
    private long events;

    EventsReader(int limit, StreamFailures failures) {
        this.limit = limit;
        this.failures = failures;
        this.line = new Collected(limit);
    }

    @Override
    public boolean opensWithHead() {
        return true;
    }

    @Override
    public void read(ByteBuf part, Consumer<Object> elements) {
        byte[] bytes = ByteBufUtil.getBytes(part);
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\n' && afterCr) {
                from = i + 1;
            } else if (b == '\n' || b == '\r') {
                keep(bytes, from, i - from);
                line(elements);
                from = i + 1;
            }
            afterCr = b == '\r';
        }
        keep(bytes, from, bytes.length - from);
    }

    private void keep(byte[] bytes, int from, int length) {
        if (!line.add(bytes, from, length)) {
            throw tooLarge();
        }
    }

    private RuntimeException tooLarge() {
        return failures.tooLarge("event " + (events + 1), limit);
    }

    private void line(Consumer<Object> elements) {
        String text = new String(line.array(), 0, line.size(), StandardCharsets.UTF_8);
        line.clear();
        if (firstLine && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        firstLine = false;
        if (text.isEmpty()) {
            dispatch(elements);
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            return;
        }
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        field(name, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> {
                if (data.length() + value.length() > limit) {
                    throw tooLarge();
                }
                data.append(value).append('\n');
            }
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = value;
                    news = true;
                }
            }
            case "retry" -> {
                if (isNumber(value)) {
                    retry = Duration.ofMillis(Long.parseLong(value));
                    news = true;
                }
            }
            default -> {
                // other names are ignored (WHATWG HTML §9.2.6)
            }
        }
    }

    /** Returns whether the value is a number of at most nine digits: more would be over eleven days. */
    private static boolean isNumber(String value) {
        return !value.isEmpty()
                && value.length() <= MOST_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private void dispatch(Consumer<Object> elements) {
        String known = id == null || id.isEmpty() ? null : id;
        if (data.length() > 0) {
            events++;
            String text = data.substring(0, data.length() - 1);
            elements.accept(new ServerSentEvent(known, type.isEmpty() ? USUAL_TYPE : type, text, retry));
            news = false;
        } else if (news) {
            elements.accept(new ServerSentEvent(known, "", "", retry));
            news = false;
        }
        data.setLength(0);
        type = "";
    }

    @Override
    public void end(Consumer<Object> elements) {
        // an event that no blank line has ended is dropped
    }
}
