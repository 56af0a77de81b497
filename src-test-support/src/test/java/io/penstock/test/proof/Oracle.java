package io.penstock.test.proof;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.request.RetryClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compares what a caller was told with what the server did. */
final class Oracle {

    private Oracle() {}

    /**
     * The comparison of one case.
     *
     * @param duplicates effects beyond the first
     * @param wrongCertainties claims about the effect that are not true
     * @param otherFaults anything else that must not be: a wrong resend, a lost key, a call without an end
     * @param vague whether "maybe" was said although what the server had told would have settled it
     * @param disturbed whether the machine was too slow for the case to go as scripted; its claims are checked all the same
     */
    record Verdict(
            int duplicates,
            List<String> wrongCertainties,
            List<String> otherFaults,
            boolean vague,
            boolean disturbed) {}

    static Verdict judge(ProofCase tried, World world, Outcome outcome) {
        List<String> wrong = new ArrayList<>();
        List<String> other = new ArrayList<>();
        int effects = world.effects();
        checkClaim(tried, world, outcome, wrong);
        checkSends(tried, world, other);
        if (outcome instanceof Outcome.Success success && success.status() == ScriptedServer.LEFTOVER_STATUS) {
            other.add("took what was left behind another answer for its own");
        }
        boolean vague = outcome instanceof Outcome.Failure failed
                && failed.certainty() == Certainty.MAYBE_PROCESSED
                && couldBeKnown(requests(tried, world));
        boolean disturbed = isDisturbed(tried, world, outcome);
        if (!disturbed
                && mustSucceed(tried)
                && !(outcome instanceof Outcome.Success)
                && !isGoneAlready(tried, world, outcome)) {
            other.add("should have succeeded: " + outcome);
        }
        if (!disturbed && isLostRefusal(tried, outcome)) {
            other.add("the early answer did not reach the caller: " + outcome);
        }
        return new Verdict(Math.max(0, effects - 1), wrong, other, vague, disturbed);
    }

    private static void checkClaim(ProofCase tried, World world, Outcome outcome, List<String> wrong) {
        int effects = world.effects();
        if (outcome instanceof Outcome.Success
                && tried.shape().hasEffect()
                && effects == 0
                && !isNothingLeftToDelete(tried, world, outcome)) {
            wrong.add("success without an effect");
        } else if (outcome instanceof Outcome.Nothing) {
            wrong.add("neither a result nor an error");
        } else if (outcome instanceof Outcome.Failure failed) {
            Certainty claim = failed.certainty();
            if (claim == null) {
                wrong.add("no ApiException: " + failed.error());
            } else if (!isTrue(claim, tried.shape(), world)) {
                wrong.add(claim + " with " + effects + " effects and "
                        + world.arrivals().size() + " arrivals");
            }
        }
    }

    private static boolean isTrue(Certainty claim, RequestShape shape, World world) {
        List<World.Arrival> arrivals = world.arrivals();
        return switch (claim) {
            case NOT_SENT -> world.effects() == 0 && arrivals.stream().allMatch(a -> a.read() == 0);
            case REJECTED -> world.effects() == 0;
            case MAYBE_PROCESSED -> true;
            case PROCESSED ->
                shape.hasEffect() ? world.effects() == 1 : arrivals.stream().anyMatch(World.Arrival::whole);
        };
    }

    private static void checkSends(ProofCase tried, World world, List<String> other) {
        List<World.Arrival> arrivals = requests(tried, world);
        int most = Lane.MAX_ATTEMPTS * tried.policies().sendsPerAttempt();
        if (arrivals.size() > most) {
            other.add(arrivals.size() + " sends of at most " + most);
        }
        if (tried.shape().retryClass() == RetryClass.UNSAFE
                && arrivals.stream().limit(Math.max(0, arrivals.size() - 1)).anyMatch(World.Arrival::open)) {
            other.add("sent again although it may have acted");
        }
        String key = tried.shape().request().key() == null
                ? null
                : tried.shape().request().key().value();
        if (arrivals.stream().filter(World.Arrival::whole).anyMatch(a -> !Objects.equals(a.key(), key))) {
            other.add("sent with another idempotency key");
        }
    }

    /** What came of the request itself, not of looks for its effect, of which one that was cut at once looks like nothing. */
    private static List<World.Arrival> requests(ProofCase tried, World world) {
        return world.arrivals().stream()
                .filter(a -> tried.shape() != RequestShape.POST_PROBED || (a.read() > 0 && !a.lookup()))
                .toList();
    }

    private static boolean couldBeKnown(List<World.Arrival> arrivals) {
        return arrivals.stream()
                        .anyMatch(a -> a.toldStatus() != null && a.toldStatus().success())
                || arrivals.stream()
                        .allMatch(a -> a.toldStatus() != null && a.toldStatus().refusal());
    }

    /** Whether the faults are such that one of the attempts has to get through. */
    private static boolean mustSucceed(ProofCase tried) {
        return tried.shape().retryClass() != RetryClass.UNSAFE
                && !tried.shape().isUpload() // its body never comes to its end
                && tried.policies() != Policies.HEDGED
                && tried.steps().stream().allMatch(Oracle::isSurvivable)
                && tried.steps().stream().mapToInt(Oracle::attempts).sum() < Lane.MAX_ATTEMPTS;
    }

    /** Whether the only attempt was refused while its body was written, without a reset, and the caller does not know. */
    private static boolean isLostRefusal(ProofCase tried, Outcome outcome) {
        return tried.steps().size() == 1
                && tried.steps().get(0) instanceof Step.Early early
                && early.ending() != Ending.RST
                && early.answer().refusal()
                && !early.answer().isTransient()
                && early.answer() != Answer.BUSY_HINTED
                && !(outcome instanceof Outcome.Failure failed
                        && failed.error() instanceof ApiException known
                        && known.status() == early.answer().status()
                        && known.certainty() == Certainty.REJECTED);
    }

    /** A repeated DELETE whose first answer was lost is done when the server says that there is nothing. */
    private static boolean isNothingLeftToDelete(ProofCase tried, World world, Outcome outcome) {
        List<World.Arrival> arrivals = world.arrivals();
        return tried.shape() == RequestShape.DELETE
                && arrivals.size() > 1
                && arrivals.get(arrivals.size() - 1).toldStatus() == Answer.MISSING
                && journey(outcome).attempts().stream()
                        .anyMatch(a ->
                                a.failure() != null && a.failure().certainty().mayHaveActed());
    }

    /** The second DELETE finds nothing, because the first one had its effect: an error, with a claim that is checked. */
    private static boolean isGoneAlready(ProofCase tried, World world, Outcome outcome) {
        return tried.shape() == RequestShape.DELETE
                && world.effects() == 1
                && outcome instanceof Outcome.Failure failed
                && ErrorKind.NOT_FOUND.matches(failed.error());
    }

    /** A connection that ends after a whole answer may have carried the next request already. */
    private static int attempts(Step step) {
        return step instanceof Step.Reply reply
                        && reply.whole()
                        && reply.ending() != Ending.STALL
                        && reply.ending() != Ending.LEFTOVER
                ? 2
                : 1;
    }

    private static boolean isSurvivable(Step step) {
        if (step instanceof Step.Cut cut) {
            return !cut.ending().ofTheClient();
        }
        return step instanceof Step.Reply reply
                && !reply.ending().ofTheClient()
                && !looksEmpty(reply)
                && (reply.bytes() < reply.answer().headLength(reply.framing())
                        || reply.answer().success()
                        || reply.answer().isTransient());
    }

    /** A body without length that is cut before its first byte cannot be told from an empty one. */
    private static boolean looksEmpty(Step.Reply reply) {
        return reply.framing() == Answer.Framing.UNTIL_CLOSE
                && reply.answer().success()
                && reply.bytes() == reply.answer().headLength(reply.framing());
    }

    /** Whether an attempt timed out although nothing in the script stalls, or never came to the server. */
    private static boolean isDisturbed(ProofCase tried, World world, Outcome outcome) {
        List<Journey.Attempt> attempts = journey(outcome).attempts();
        long timeouts = attempts.stream()
                .filter(a -> a.failure() != null && a.failure().kind() == ErrorKind.TIMEOUT)
                .count();
        boolean refused = tried.steps().stream().anyMatch(Step.Refuse.class::isInstance);
        return timeouts > tried.steps().stream().filter(Oracle::stalls).count()
                || (!refused && attempts.size() > world.arrivals().size());
    }

    private static Journey journey(Outcome outcome) {
        if (outcome instanceof Outcome.Success success) {
            return success.journey();
        }
        return outcome instanceof Outcome.Failure failed && failed.error() instanceof ApiException known
                ? known.journey()
                : Journey.none();
    }

    /** Whether the attempt has to time out; after a whole answer nothing is waited for, unless its end is the close. */
    private static boolean stalls(Step step) {
        if (step instanceof Step.Reply reply) {
            return reply.ending() == Ending.STALL && (!reply.whole() || reply.framing() == Answer.Framing.UNTIL_CLOSE);
        }
        return step instanceof Step.Cut cut && (cut.ending() == Ending.STALL || cut.ending() == Ending.LATE);
    }
}
