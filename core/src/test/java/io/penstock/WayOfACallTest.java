package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.StubTransport.Answer;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The packages that a call passes from {@code subscribe} to the transport, as seen on the stack. */
class WayOfACallTest {

    private static final int MOST_MOVES = 10;

    private final Lab lab = new Lab();

    @Test
    void movesBetweenFewPackages() {
        AtomicReference<StackTraceElement[]> stack = new AtomicReference<>();
        ApiClient client = lab.client(new StubTransport(n -> {
                    stack.set(new Throwable().getStackTrace());
                    return Answer.of(200, "{}");
                }))
                .secret(Secret.of("secret-0123456789"))
                .build();

        lab.value(client.value(ApiRequest.get("scans")));

        List<String> rooms = roomsOf(stack.get());
        assertThat(rooms).as(String.join(" > ", rooms)).hasSizeBetween(2, MOST_MOVES + 1);
    }

    /** Packages from the outermost frame to the innermost; frames of other libraries are left out. */
    private static List<String> roomsOf(StackTraceElement[] innermostFirst) {
        List<String> rooms = new ArrayList<>();
        List<StackTraceElement> frames = new ArrayList<>(Arrays.asList(innermostFirst));
        for (int i = frames.size() - 1; i >= 0; i--) {
            String name = frames.get(i).getClassName();
            String room = name.substring(0, name.lastIndexOf('.'));
            boolean ofTheLibrary = room.startsWith("io.penstock.");
            if (ofTheLibrary && (rooms.isEmpty() || !rooms.get(rooms.size() - 1).equals(room))) {
                rooms.add(room);
            }
        }
        return rooms;
    }
}
