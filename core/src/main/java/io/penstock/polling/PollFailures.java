package io.penstock.polling;

import io.penstock.call.ClientRuntime;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.request.ApiRequest;
import org.jspecify.annotations.Nullable;

/** The failures of a polling that ends without a result; they cover all polls together. */
final class PollFailures {

    private final PollAccount account;
    private final ClientRuntime client;
    private final ApiRequest<?> request;

    PollFailures(PollAccount account, ClientRuntime client, ApiRequest<?> request) {
        this.account = account;
        this.client = client;
        this.request = request;
    }

    /** Returns the failure of an operation that ended without a result. */
    Failure ofTheOperation(int status, PollStatus ended) {
        String reason =
                ended.reason() == null ? null : client.secretsOf(request).line(ended.reason());
        boolean cancelled = ended.state() == PollState.CANCELLED;
        return Failure.of(
                        cancelled ? ErrorKind.JOB_CANCELLED : ErrorKind.JOB_FAILED,
                        Certainty.PROCESSED,
                        Retryability.PERMANENT,
                        "the operation behind " + account.what() + (cancelled ? " was cancelled" : " has failed")
                                + " (state " + account.lastWord() + (reason == null ? ")" : "): " + reason))
                .withStatus(status)
                .withCode(account.lastWord())
                .withServerMessage(reason);
    }

    /**
     * Returns the failure of a polling whose time limit leaves no time for another poll.
     *
     * @param lastPoll the failure of the last poll, or null if it succeeded
     */
    Failure outOfTime(@Nullable ApiException lastPoll) {
        Failure failure = Failure.of(
                        ErrorKind.DEADLINE_EXCEEDED,
                        lastPoll == null ? Certainty.NOT_SENT : lastPoll.certainty(),
                        Retryability.PERMANENT,
                        "the time limit leaves no time for another poll of " + account.what() + " after "
                                + account.count() + " of them; the last state seen is "
                                + (account.lastWord() == null ? "none" : account.lastWord())
                                + (lastPoll == null ? "" : ", the last poll failed: " + lastPoll.getMessage())
                                + "; the operation may still be running, and can be polled again")
                .withPhase(Phase.TOTAL);
        return lastPoll == null ? failure : failure.withCause(lastPoll);
    }

    /** Returns a poll's own failure, with the reason why it ends the polling. */
    Failure passedOn(ApiException failed, String why) {
        return failed.failure()
                .withMessage(failed.failure().message() + " (poll " + account.count() + " of " + account.what() + ": "
                        + why + (account.lastWord() == null ? "" : "; the last state seen is " + account.lastWord())
                        + ")")
                .withCause(failed);
    }

    Failure swallowed() {
        return Failure.of(
                ErrorKind.OPERATOR_FAILED,
                Certainty.MAYBE_PROCESSED,
                Retryability.PERMANENT,
                "an operator swallowed the answer to " + account.what());
    }

    Failure unreadable(Throwable cause) {
        return Failure.of(
                        ErrorKind.OPERATOR_FAILED,
                        Certainty.PROCESSED,
                        Retryability.PERMANENT,
                        "reading the state out of the answer to " + account.what() + " failed with "
                                + cause.getClass().getSimpleName() + " (see the cause)")
                .withCause(cause);
    }

    Failure closed(Throwable cause) {
        return Failure.of(
                        ErrorKind.CLIENT_CLOSED,
                        Certainty.NOT_SENT,
                        Retryability.PERMANENT,
                        "the client's scheduler takes no more tasks: polling " + account.what() + " is given up")
                .withCause(cause);
    }
}
