package io.penstock.test.fuzz;

import io.penstock.test.fuzz.Said.Manner;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What servers say: well-formed HTTP/1.1 with anything in it that may stand there. Times are those of the client's clock.
 * One talk is one answer; the same dice make the same one.
 */
final class Talk {

    static final String SECRET = "s3cret-of-the-fuzzed-client";

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final DateTimeFormatter RFC_850 =
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ROOT);
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private static final Pattern AUTHORITY = Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*)");

    private final Dice dice;
    private final Instant now;
    private final int port;
    private final boolean failsInside;
    private boolean hinted;
    private boolean failedInside;

    /**
     * One answer.
     *
     * @param failsInside whether an {@code error} in a success says that it is none
     */
    Talk(Dice dice, Instant now, int port, boolean failsInside) {
        this.dice = dice;
        this.now = now;
        this.port = port;
        this.failsInside = failsInside;
    }

    /** The answer to a request. */
    Said answer(Ask ask, int sentBefore) {
        boolean well = dice.chance(sentBefore > 0 ? 60 : 35);
        int status = well ? successOf(ask) : status();
        List<String> headers = new ArrayList<>();
        if (!well || dice.chance(30)) {
            sayWhen(headers);
        }
        if (dice.chance(8)) {
            sayQuota(headers);
        }
        String body = status < 300 ? (well && dice.chance(85) ? contentOf(ask) : oddContent(ask)) : error();
        if ((status >= 300 && status < 400) || dice.chance(2)) {
            sayWhere(headers);
        }
        if (ask == Ask.DOWNLOAD || dice.chance(3)) {
            sayVersion(headers, body.length());
        }
        if (!dice.chance(5)) {
            headers.add("content-type: " + typeOf(ask, well));
        }
        if (dice.chance(2)) {
            headers.add("content-encoding: " + dice.of("gzip", "identity", "br", "", "x-unknown", "gzip, gzip"));
        }
        if (dice.chance(10)) {
            headers.add("x-echo: " + SECRET);
        }
        body = status == 205 ? "" : body;
        Said said = new Said(status, headers, body, false, manner());
        return said.with(acts(ask, said));
    }

    /** The answer to an exchange of a secret for a token. */
    Said token() {
        List<String> headers = new ArrayList<>();
        headers.add("content-type: application/json");
        if (dice.chance(75)) {
            String life = dice.chance(70) ? dice.of("1", "2", "30", "61", "3600", "86400") : json(moment());
            return new Said(
                    200,
                    headers,
                    ("{\"access_token\":\"t" + dice.below(1000) + "\",\"expires_in\":" + life + "}"),
                    false,
                    Manner.LENGTH);
        }
        sayWhen(headers);
        String body = dice.chance(50)
                ? error()
                : "{\"access_token\":"
                        + dice.of("null", "\"\"", "\" \"", "\"a\\nb\"", "17", "[]", "\"t \"", "\"\u00fc\"")
                        + ",\"expires_in\":" + json(moment()) + "}";
        return new Said(dice.chance(40) ? 200 : status(), headers, body, false, manner());
    }

    private Manner manner() {
        int what = dice.below(100);
        return what < 62
                ? Manner.LENGTH
                : what < 86
                        ? Manner.CHUNKS
                        : what < 92
                                ? Manner.UNTIL_CLOSE
                                : what < 95 ? Manner.CUT : what < 98 ? Manner.HANGS_UP : Manner.STALLS;
    }

    /**
     * Whether the server has acted. An honest one acts with a success; it does not where its answer says that it has not, and
     * what a failure leaves open is open.
     */
    private boolean acts(Ask ask, Said said) {
        if (!ask.hasEffect()) {
            return false;
        }
        int status = said.status();
        if (said.success()) {
            return !failedInside || said.isBodiless() || !said.isWhole() || said.isCoded();
        }
        boolean open = status == 408
                || status == 303
                || status == 500
                || status == 502
                || status == 504
                || (status == 503 && !hinted)
                || status > 505;
        return open && dice.chance(50);
    }

    private static int successOf(Ask ask) {
        return ask == Ask.POST || ask == Ask.POST_KEYED ? 201 : 200;
    }

    private int status() {
        int what = dice.below(100);
        if (what < 12) {
            return 429;
        }
        if (what < 40) {
            return 503;
        }
        if (what < 55) {
            return dice.number(500, 502, 504);
        }
        return dice.number(
                200, 201, 202, 203, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403,
                404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 415, 416, 418, 420, 421, 422, 423, 424, 425, 426, 428,
                430, 431, 444, 451, 499, 501, 505, 506, 507, 508, 511, 520, 529, 599);
    }

    // waits and instants

    private void sayWhen(List<String> headers) {
        if (!dice.chance(60)) {
            return;
        }
        hinted = true;
        String name = dice.chance(75)
                ? "retry-after"
                : dice.of("retry-after-ms", "x-retry-after", "ratelimit-reset", "x-ratelimit-reset", "Retry-After");
        headers.add(name + ": " + dice.mutated(moment()));
        if (dice.chance(5)) {
            headers.add("retry-after: " + moment());
        }
    }

    private String moment() {
        int what = dice.below(100);
        if (what < 50) {
            return dice.of("0", "1", "2", "5", "0.5", "1.5", "3");
        }
        if (what < 60) {
            return Long.toString(dice.magnitude());
        }
        if (what < 75) {
            Instant then =
                    now.plusSeconds(dice.chance(80) ? dice.below(120) - 20 : dice.magnitude() % 100_000_000_000L);
            return switch (dice.below(6)) {
                case 0 -> then.toString();
                case 1 -> Long.toString(then.getEpochSecond());
                case 2 -> Long.toString(then.toEpochMilli());
                case 3 -> RFC_850.format(then.atOffset(ZoneOffset.UTC));
                case 4 -> ASCTIME.format(then.atOffset(ZoneOffset.UTC));
                default -> httpDate(then);
            };
        }
        return dice.of(
                "",
                " ",
                "-1",
                "3600",
                "31622400",
                "31622401",
                "0000000001",
                "9999999999",
                "99999999999999999999",
                "1, 2",
                "5,5",
                "5;comment",
                "\"5\"",
                "PT5S",
                "PT0.5S",
                "P1D",
                "P400Y",
                "PT-5S",
                "5s",
                "500ms",
                "1m30s",
                "1h",
                "6m0s",
                "1e3",
                "1e400",
                "-1e400",
                "NaN",
                "Infinity",
                "0x10",
                "soon",
                "\u0663",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "9999-12-31T23:59:59Z",
                "1970-01-01T00:00:00Z",
                "+1000000000-01-01T00:00:00Z",
                "-9223372036854775808",
                "9223372036854775807",
                "9".repeat(300));
    }

    private static String httpDate(Instant then) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.format(then.atOffset(ZoneOffset.UTC));
        } catch (DateTimeException beyondFourDigits) {
            return then.toString();
        }
    }

    // quotas

    private void sayQuota(List<String> headers) {
        hinted = true;
        switch (dice.below(5)) {
            case 0 -> threeHeaders(headers, "x-ratelimit-");
            case 1 -> threeHeaders(headers, "ratelimit-");
            case 2 -> threeHeaders(headers, "x-rate-limit-");
            case 3 -> {
                headers.add("x-ratelimit-limit-requests: " + amount());
                headers.add("x-ratelimit-remaining-requests: " + amount());
                headers.add("x-ratelimit-reset-requests: " + moment());
            }
            default -> {
                headers.add("ratelimit-policy: " + dice.mutated("\"p\";q=" + amount() + ";w=" + amount()));
                headers.add("ratelimit: " + dice.mutated("\"p\";r=" + amount() + ";t=" + amount()));
            }
        }
        if (dice.chance(10)) {
            headers.add(
                    "x-ratelimit-resource: " + dice.of("core", "search", "", "c".repeat(200), "k" + dice.below(5000)));
        }
    }

    private void threeHeaders(List<String> headers, String prefix) {
        if (dice.chance(80)) {
            headers.add(prefix + "limit: " + dice.mutated(amount()));
        }
        if (dice.chance(90)) {
            headers.add(prefix + "remaining: " + dice.mutated(amount()));
        }
        if (dice.chance(80)) {
            headers.add(prefix + "reset: " + dice.mutated(moment()));
        }
    }

    private String amount() {
        int what = dice.below(100);
        if (what < 45) {
            return dice.of("0", "1", "5", "60", "100", "5000");
        }
        if (what < 60) {
            return Long.toString(dice.magnitude());
        }
        return dice.of(
                "",
                "-1",
                "1.0",
                "0.5",
                "1e2",
                "1,000",
                "1_000",
                "100, 100;w=60",
                "18446744073709551616",
                "unlimited",
                "?1",
                "007",
                "NaN");
    }

    // bodies

    private String contentOf(Ask ask) {
        return switch (ask) {
            case CURSORS ->
                "{\"items\":" + items(dice.below(4)) + ",\"next\":" + (dice.chance(45) ? "null" : cursor()) + "}";
            case NUMBERS -> "{\"items\":" + items(dice.below(4)) + ",\"pages\":" + number() + "}";
            case OFFSETS -> "{\"items\":" + items(dice.below(4)) + ",\"total\":" + number() + "}";
            case ELEMENTS -> "{\"items\":" + items(dice.below(20)) + "}";
            case LINES -> lines();
            case EVENTS -> events();
            case POLL ->
                "{\"id\":1,\"state\":"
                        + dice.of("\"done\"", "\"done\"", "\"error\"", "\"working\"", "\"?\"", "null", "7") + "}";
            default -> "{\"id\":" + dice.below(100) + ",\"name\":\"n\"}";
        };
    }

    private String oddContent(Ask ask) {
        return switch (dice.below(8)) {
            case 0 -> "";
            case 1 -> failsInside ? failureInside() : error();
            case 2 -> "<html><body>" + SECRET + "</body></html>";
            case 3 -> BYTE_ORDER_MARK + contentOf(ask);
            case 4 -> cutAnywhere(contentOf(ask));
            case 5 -> "[".repeat(dice.below(3000));
            case 6 -> dice.of("null", "true", "17", "\"text\"", "[]", "{}", "1e999999", "\u0000", "{\"a\":1}{\"a\":2}");
            default -> dice.mutated(contentOf(ask)) + dice.of("", " ", "\n", "x", "]");
        };
    }

    private String cutAnywhere(String text) {
        return text.isEmpty() ? text : text.substring(0, dice.below(text.length()));
    }

    private String items(int count) {
        StringBuilder all = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            all.append(i == 0 ? "" : ",")
                    .append("{\"id\":")
                    .append(dice.chance(95) ? dice.below(1000) : number())
                    .append('}');
        }
        return all.append(']').toString();
    }

    private String number() {
        return dice.chance(70)
                ? Integer.toString(dice.below(12))
                : dice.of("null", "-1", "0", "1.5", "1e30", "\"3\"", "\"many\"", "[]", "9223372036854775807", "\"\"");
    }

    private String cursor() {
        return dice.chance(80)
                ? "\"c" + dice.below(30) + "\""
                : dice.of(
                        "\"\"",
                        "\" \"",
                        "17",
                        "{}",
                        "[1]",
                        "false",
                        "\"" + "x".repeat(3000) + "\"",
                        "\"a b&c=d#\u00fc\"");
    }

    private String lines() {
        StringBuilder all = new StringBuilder();
        for (int i = dice.below(12); i > 0; i--) {
            all.append(dice.chance(95) ? "{\"id\":" + dice.below(1000) + "}" : dice.of("", "{", "null", "\r"))
                    .append(dice.of("\n", "\n", "\r\n"));
        }
        return all.toString();
    }

    private String events() {
        StringBuilder all = new StringBuilder();
        for (int i = dice.below(6); i > 0; i--) {
            all.append(dice.of("id: " + dice.below(9) + "\n", "", "id\n", "id: \u0000\n"))
                    .append(dice.of("", "event: e\n", "retry: " + moment() + "\n", ": comment\n"))
                    .append("data: ")
                    .append(dice.below(100))
                    .append(dice.of("\n\n", "\r\n\r\n", "\r\r", "\n"));
        }
        return all.toString();
    }

    private String error() {
        String message = dice.of("no", "", "wait " + dice.below(100) + " s", SECRET, "\u00fc\u4e2d", "x".repeat(2000));
        String hint = json(moment());
        return switch (dice.below(12)) {
            case 0 -> "";
            case 1 -> "{\"error\":" + quoted(message) + "}";
            case 2 -> "{\"error\":null,\"message\":" + quoted(message) + "}";
            case 3 -> "{\"error\":[" + quoted(message) + ",{}]}";
            case 4 -> "{\"error\":{\"code\":17,\"message\":{\"text\":" + quoted(message) + "}}}";
            case 5 -> "[{\"error\":" + quoted(message) + "}]";
            case 6 -> "<html>" + message + "</html>";
            case 7 -> BYTE_ORDER_MARK + "{\"err\\u006fr\":{\"message\":" + quoted(message) + "}}";
            case 8 -> cutAnywhere("{\"error\":{\"message\":" + quoted(message) + "}}");
            case 9 -> "{\"a\":".repeat(dice.below(1200)) + "1";
            default -> {
                hinted = true;
                yield "{\"error\":{\"code\":\"c" + dice.below(5) + "\",\"message\":" + quoted(message)
                        + ",\"request_id\":\"r1\",\"retry_after\":" + hint + ",\"details\":{\"retryAfter\":" + hint
                        + "}}}";
            }
        };
    }

    private String failureInside() {
        failedInside = true;
        return dice.of("", BYTE_ORDER_MARK, " \n")
                + dice.of("{\"id\":1,", "{")
                + dice.of("\"error\"", "\"err\\u006fr\"")
                + ":" + dice.of("\"no\"", "{\"message\":\"no\"}", "[\"no\"]", "true", "{}", "1")
                + dice.of("}", ",\"id\":2}");
    }

    private String json(String text) {
        return dice.chance(50) && text.matches("-?(0|[1-9]\\d*)(\\.\\d+)?") ? text : quoted(text);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String typeOf(Ask ask, boolean well) {
        if (well || dice.chance(60)) {
            return ask == Ask.EVENTS ? "text/event-stream" : "application/json";
        }
        return dice.of(
                "text/html",
                "",
                "application/problem+json",
                "application/json; charset=utf-16",
                "text/event-stream",
                "x",
                "application/x-ndjson",
                "multipart/mixed; boundary=b");
    }

    // places and versions

    private void sayWhere(List<String> headers) {
        if (dice.chance(10)) {
            return;
        }
        String place = place();
        String mutated = dice.mutated(place);
        headers.add("location: " + (staysHere(mutated) ? mutated : place));
        if (dice.chance(5)) {
            headers.add("location: " + place());
        }
    }

    /** Whether a redirect to it reaches this server, a closed port or nothing: another host's answers are not in the ledger. */
    private boolean staysHere(String place) {
        Matcher authority = AUTHORITY.matcher(place.strip());
        return !authority.lookingAt()
                || Set.of(
                                "",
                                "[::1",
                                "x",
                                "127.0.0.1:1",
                                "127.0.0.1:99999",
                                "127.0.0.1:" + port,
                                "user:pw@127.0.0.1:" + port)
                        .contains(authority.group(1));
    }

    /** A place without a name that would have to be looked up. */
    private String place() {
        String here = "127.0.0.1:" + port;
        return dice.of(
                "/v1/x",
                "x",
                "?x=1",
                "",
                "..",
                "../..",
                "../../../..",
                "#f",
                "/\u00fc",
                "/a b",
                "/%",
                "/%zz",
                "\\x",
                "//" + here + "/v1/x",
                "http://" + here + "/v1/x",
                "http://user:pw@" + here + "/v1/x",
                "//127.0.0.1:1/x",
                "http://127.0.0.1:1/",
                "https://127.0.0.1:1/",
                "http://",
                "http://[::1",
                "http://127.0.0.1:99999/",
                "ftp://x/",
                "javascript:alert(1)",
                "mailto:a@b",
                "http:x",
                "/" + "y".repeat(5000),
                "//",
                "///x",
                "http:///x");
    }

    private void sayVersion(List<String> headers, int length) {
        if (dice.chance(60)) {
            headers.add("etag: "
                    + dice.of(
                            "\"v1\"", "W/\"v1\"", "\"\"", "v1", "*", "\"v" + dice.below(3) + "\"", "W/", "\"\u00fc\""));
        }
        if (dice.chance(40)) {
            headers.add("last-modified: " + moment());
        }
        if (dice.chance(40)) {
            headers.add("content-range: "
                    + dice.of(
                            "bytes 0-" + (length - 1) + "/" + length,
                            "bytes " + dice.below(40) + "-" + dice.below(40) + "/" + dice.below(80),
                            "bytes */" + dice.below(80),
                            "bytes 5-2/10",
                            "bytes 0-9/*",
                            "bytes 0-99999999999999999999/*",
                            "items 0-1/2",
                            ""));
        }
        if (dice.chance(50)) {
            headers.add("accept-ranges: " + dice.of("bytes", "none", ""));
        }
    }
}
