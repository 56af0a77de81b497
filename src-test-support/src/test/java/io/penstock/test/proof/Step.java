package io.penstock.test.proof;

import java.util.List;

/** What one request meets. The text of a step is what {@link #parse} reads. */
sealed interface Step {

    /** Looks at that many bytes of the request, or at the whole if it is shorter; a whole request is acted on. */
    record Cut(int bytes, Ending ending) implements Step {
        @Override
        public String toString() {
            return "cut:" + bytes + ":" + ending;
        }
    }

    /** Reads the whole request, then sends that many bytes of the answer, or the whole if it is shorter. */
    record Reply(Answer answer, Answer.Framing framing, int bytes, Ending ending) implements Step {
        boolean whole() {
            return bytes >= answer.bytes(framing).length;
        }

        @Override
        public String toString() {
            return "reply:" + answer + ":" + framing + ":" + (bytes == ALL ? "all" : bytes) + ":" + ending;
        }
    }

    /** Sends the whole answer when that many bytes of a longer request were read, and looks at no more of it. */
    record Early(int bytes, Answer answer, Ending ending) implements Step {
        @Override
        public String toString() {
            return "early:" + bytes + ":" + answer + ":" + ending;
        }
    }

    /** Nobody listens, from here to the end of the case. */
    record Refuse() implements Step {
        @Override
        public String toString() {
            return "refuse";
        }
    }

    /** The whole answer, whatever its length. */
    int ALL = Integer.MAX_VALUE;

    /** A whole answer on a connection that is kept. */
    static Step whole(Answer answer) {
        return new Reply(answer, Answer.Framing.LENGTH, ALL, Ending.STALL);
    }

    static Step parse(String text) {
        List<String> parts = List.of(text.split(":", -1));
        return switch (parts.get(0)) {
            case "cut" -> new Cut(Integer.parseInt(parts.get(1)), Ending.valueOf(parts.get(2)));
            case "reply" ->
                new Reply(
                        Answer.valueOf(parts.get(1)),
                        Answer.Framing.valueOf(parts.get(2)),
                        parts.get(3).equals("all") ? ALL : Integer.parseInt(parts.get(3)),
                        Ending.valueOf(parts.get(4)));
            case "early" ->
                new Early(Integer.parseInt(parts.get(1)), Answer.valueOf(parts.get(2)), Ending.valueOf(parts.get(3)));
            case "refuse" -> new Refuse();
            default ->
                throw new IllegalArgumentException("step: " + text + " (expected: cut:…, reply:…, early:… or refuse)");
        };
    }
}
