package io.penstock.test.fuzz;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Compares what a client says of a call with what the server knows of it. */
final class Judge {

    /** The clock goes with the machine's while an answer is under way, and a machine may have other things to do. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Set<ErrorKind> OF_NO_SERVER = EnumSet.of(
            ErrorKind.INVALID_CONFIGURATION,
            ErrorKind.BODY_UNREADABLE,
            ErrorKind.CLIENT_CLOSED,
            ErrorKind.PROTOCOL_VIOLATION,
            ErrorKind.LOCAL_IO,
            ErrorKind.OPERATOR_FAILED,
            ErrorKind.POOL_EXHAUSTED);

    private final List<String> faults = new ArrayList<>();
    private final Trial trial;
    private final Ledger ofTheTokens;

    private Judge(Trial trial, Ledger ofTheTokens) {
        this.trial = trial;
        this.ofTheTokens = ofTheTokens;
    }

    /** What is wrong with how a call went; nothing, if all is well. */
    static List<String> faults(Trial trial, Ledger ofTheTokens) {
        Judge judge = new Judge(trial, ofTheTokens);
        judge.judge();
        return judge.faults;
    }

    private void judge() {
        check(trial.ends() <= 1, "ended " + trial.ends() + " times");
        boolean bounded = trial.ask().isOneCall();
        check(
                !bounded || trial.tookNanos() <= trial.deadlineNanos() + LATE_NANOS,
                "took " + trial.tookNanos() / 1_000_000 + " ms");
        check(!bounded || !trial.isCancelled(), "did not end");
        check(
                !trial.ask().countsEffects() || trial.ledger().effects() <= 1,
                trial.ledger().effects() + " effects");
        Throwable error = trial.error();
        if (error != null) {
            failed(error);
        } else if (bounded && !trial.isCancelled()) {
            succeeded();
        }
    }

    private void failed(Throwable error) {
        if (!(error instanceof ApiException failure)) {
            check(false, "an untyped error: " + error);
            return;
        }
        check(!everything(failure).contains(Talk.SECRET), "the secret is told");
        check(!everything(failure).contains("BlockingOperationError"), "an event loop was blocked");
        check(
                !OF_NO_SERVER.contains(failure.kind())
                        || (failure.kind() == ErrorKind.PROTOCOL_VIOLATION && isOddPiece()),
                "kind " + failure.kind());
        check(
                failure.status() == 0
                        || trial.ledger().hasTold(failure.status())
                        || ofTheTokens.hasTold(failure.status()),
                "status " + failure.status() + " was never told");
        if (!isOfAToken(failure)) {
            kind(failure);
        }
        if (trial.ask().isOneCall()) {
            certainty(failure.certainty());
        }
    }

    /** A piece that does not say which one it is, or another one than was asked for. */
    private boolean isOddPiece() {
        return trial.ask() == Ask.DOWNLOAD
                && (trial.ledger().hasTold(206) || trial.ledger().hasTold(416));
    }

    private boolean isOfAToken(ApiException failure) {
        return ofTheTokens.requests() > 0
                && String.valueOf(failure.getMessage()).startsWith("no token");
    }

    private void kind(ApiException failure) {
        int status = failure.status();
        boolean fits = switch (failure.kind()) {
            case AUTHENTICATION -> status == 401 || ofTheTokens.requests() > 0;
            case PAYMENT_REQUIRED -> status == 402;
            case PERMISSION -> status == 403;
            case NOT_FOUND -> status == 404;
            // A file that is another one by now, as its pieces say.
            case CONFLICT -> status == 409 || status == 412 || isOddPiece();
            case GONE -> status == 410;
            case UNAVAILABLE -> status == 503 || status == 425;
            case SERVER_ERROR -> status >= 500;
            case RATE_LIMITED ->
                status == 0
                        || Set.of(403, 420, 429, 430).contains(status)
                        || trial.ledger().said().stream().anyMatch(said -> said.status() == 429);
            case CONNECTION_LOST ->
                trial.ledger().said().stream().anyMatch(said -> !said.keepsConnection())
                        || ofTheTokens.said().stream().anyMatch(said -> !said.keepsConnection());
            case CONNECT, TLS ->
                trial.ledger().said().stream().anyMatch(said -> said.status() / 100 == 3 || said.success());
            default -> true;
        };
        check(fits, "kind " + failure.kind() + " for status " + status);
    }

    private void certainty(Certainty told) {
        int requests = trial.ledger().requests();
        check(requests > 0 || told == Certainty.NOT_SENT, "nothing was asked, and it says " + told);
        check(requests == 0 || told != Certainty.NOT_SENT, requests + " requests, and it says NOT_SENT");
        if (trial.ask().hasEffect()) {
            int effects = trial.ledger().effects();
            check(effects == 0 || told.mayHaveActed(), "the server has acted, and it says " + told);
            check(effects > 0 || told != Certainty.PROCESSED, "the server has not acted, and it says PROCESSED");
        }
    }

    private void succeeded() {
        if (!(trial.last() instanceof ApiResponse<?> response)) {
            check(false, "neither a response nor an error, but " + trial.last());
            return;
        }
        check(
                trial.ledger().hasTold(response.status()) || isGone(response),
                "status " + response.status() + " was never told");
        boolean success = response.status() < 300;
        check(
                !success || !trial.ask().hasEffect() || trial.ledger().effects() > 0 || isGone(response),
                "a success, and the server has not acted");
        check(!response.journey().toString().contains(Talk.SECRET), "the secret is told");
    }

    /** A DELETE that finds nothing, after one whose answer was lost, is done. */
    private boolean isGone(ApiResponse<?> response) {
        return trial.ask() == Ask.DELETE && (response.status() == 404 || response.status() == 410);
    }

    static String everything(ApiException failure) {
        StringWriter all = new StringWriter();
        failure.printStackTrace(new PrintWriter(all));
        return all.append(failure.journey().timeline())
                .append(failure.journey().toJson())
                .append(failure.failure().toString())
                .append(String.valueOf(failure.bodyExcerpt()))
                .append(String.valueOf(failure.details()))
                .append(String.valueOf(failure.remedy()))
                .toString();
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            faults.add(otherwise + ": " + trial.describe());
        }
    }
}
