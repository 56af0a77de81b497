package io.penstock.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The JSON that {@link Decode} reads: one finding or a list of findings, bare or in the envelope of IXON's API. */
final class DecodeBodies {

    /** The number of findings in a body of about 8 KB; {@link #MANY} is the number for about 1 MB. */
    private static final int FEW = 50;

    private static final int MANY = 6_500;

    private DecodeBodies() {}

    static byte[] json(Decode.Size size, Decode.Shape shape) {
        String value = size == Decode.Size.SMALL ? finding(1) : list(size == Decode.Size.KB8 ? FEW : MANY);
        String body = shape == Decode.Shape.BARE
                ? value
                : "{\"type\":\"Finding\",\"data\":" + value + ",\"moreAfter\":null,\"status\":\"success\"}";
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static String list(int findings) {
        return IntStream.range(0, findings).mapToObj(DecodeBodies::finding).collect(Collectors.joining(",", "[", "]"));
    }

    private static String finding(int number) {
        return "{\"id\":\"fnd_01HFY3%010d\",\"severity\":\"medium\",\"title\":\"TLS certificate expires soon\","
                        .formatted(number)
                + "\"port\":443,\"score\":5.3,\"seen_at\":\"2026-04-29T14:11:09Z\",\"fixed\":false}";
    }
}
