package io.penstock.micrometer;

import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of keys. */
final class Outcomes {

    static final String NONE = "none";

    private Outcomes() {}

    static String template(ApiRequest<?> request) {
        return template(request.pathTemplate());
    }

    static String template(Plan plan) {
        return template(plan.template());
    }

    /** Returns a path template. An absolute URI is none: it has as many values as there are calls. */
    private static String template(String template) {
        return template.isEmpty() || template.contains("://") ? NONE : template;
    }

    static int status(Call call, @Nullable Throwable error, boolean cancelled) {
        if (cancelled) {
            return 0;
        }
        if (error instanceof ApiException failed) {
            return failed.status();
        }
        List<Journey.Attempt> attempts = call.attempts();
        return error != null || attempts.isEmpty()
                ? 0
                : attempts.get(attempts.size() - 1).status();
    }

    static int status(Attempt attempt, @Nullable Throwable error) {
        return error instanceof ApiException failed && failed.status() != 0 ? failed.status() : attempt.status();
    }

    static String status(int status, @Nullable Throwable error) {
        if (status != 0) {
            return Integer.toString(status);
        }
        return error instanceof ApiException failed && isOfConnection(failed) ? "IO_ERROR" : "CLIENT_ERROR";
    }

    private static boolean isOfConnection(ApiException failed) {
        return switch (failed.kind()) {
            case CONNECT, TLS, CONNECTION_LOST, TIMEOUT -> true;
            default -> false;
        };
    }

    static String outcome(int status) {
        return switch (status / 100) {
            case 1 -> "INFORMATIONAL";
            case 2 -> "SUCCESS";
            case 3 -> "REDIRECTION";
            case 4 -> "CLIENT_ERROR";
            case 5 -> "SERVER_ERROR";
            default -> "UNKNOWN";
        };
    }

    static String exception(@Nullable Throwable error) {
        if (error == null) {
            return NONE;
        }
        String name = error.getClass().getSimpleName();
        return name.isEmpty() ? error.getClass().getName() : name;
    }

    static String kind(@Nullable Throwable error, boolean cancelled) {
        if (cancelled) {
            return "CANCELLED";
        }
        return error == null
                ? NONE
                : error instanceof ApiException failed ? failed.kind().name() : "OPERATOR_FAILED";
    }

    static String errorType(int status, @Nullable Throwable error, boolean cancelled) {
        return status >= 400 && !cancelled ? Integer.toString(status) : kind(error, cancelled);
    }

    static String host(URI uri) {
        String host = uri.getHost();
        return host == null ? NONE : host;
    }

    /** Returns the host of the API. Servers may name any number of others, for files and redirects. */
    static String server(Plan plan) {
        return plan.elsewhere() ? "elsewhere" : host(plan.uri());
    }

    static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
    }
}
