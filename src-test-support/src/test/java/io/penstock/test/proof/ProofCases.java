package io.penstock.test.proof;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cases: a fault at every byte of request and answer, and what the attempts after it meet.
 *
 * <p>The short list takes at each byte one of the endings and one of the second outcomes, in turn, shifted from shape to
 * shape; the long list takes every ending at each byte, and adds sequences of three and random ones.
 */
final class ProofCases {

    private static final int WHOLE_REQUEST = 4096;
    private static final List<Ending> ENDINGS = List.of(Ending.FIN, Ending.RST, Ending.STALL, Ending.CANCEL);

    /** What may happen to one attempt, one of each kind. */
    private static final List<Step> KINDS = List.of(
            new Step.Cut(60, Ending.FIN),
            new Step.Cut(60, Ending.RST),
            new Step.Cut(60, Ending.STALL),
            new Step.Cut(WHOLE_REQUEST, Ending.FIN),
            new Step.Cut(WHOLE_REQUEST, Ending.RST),
            new Step.Cut(WHOLE_REQUEST, Ending.LATE),
            new Step.Cut(WHOLE_REQUEST, Ending.CANCEL),
            new Step.Reply(Answer.CREATED, Answer.Framing.LENGTH, 20, Ending.RST),
            new Step.Reply(Answer.CREATED, Answer.Framing.LENGTH, 90, Ending.FIN),
            new Step.Reply(Answer.OK, Answer.Framing.CHUNKED, 90, Ending.STALL),
            Step.whole(Answer.INVALID),
            Step.whole(Answer.UNAUTHORIZED),
            Step.whole(Answer.MISSING),
            Step.whole(Answer.CONFLICT),
            Step.whole(Answer.LIMITED),
            Step.whole(Answer.LIMITED_LONG),
            Step.whole(Answer.FAILED),
            Step.whole(Answer.FAILED_ACTED),
            Step.whole(Answer.BUSY),
            Step.whole(Answer.BUSY_ACTED),
            Step.whole(Answer.BUSY_HINTED),
            new Step.Refuse());

    private final Map<RequestShape, Integer> lengths;

    ProofCases(Map<RequestShape, Integer> lengths) {
        this.lengths = lengths;
    }

    /** Every byte, one ending and one second outcome at each. */
    Stream<ProofCase> shortList() {
        List<Place> places = places().toList();
        return Stream.of(
                        IntStream.range(0, places.size())
                                .mapToObj(i -> places.get(i).fault(i % ENDINGS.size(), i % (KINDS.size() + 1), i / 4)),
                        sequencesOfTwo(),
                        underPolicies(3),
                        closing())
                .flatMap(s -> s);
    }

    /** Every byte with every ending, each with one of the second outcomes; sequences of three; random cases. */
    Stream<ProofCase> longList(long seed, int random) {
        List<Place> places = places().toList();
        return Stream.of(
                        IntStream.range(0, places.size()).boxed().flatMap(i -> everyEnding(places.get(i), i)),
                        sequencesOfTwo(),
                        sequencesOfThree(),
                        underPolicies(1),
                        closing(),
                        randomCases(new SplittableRandom(seed), random))
                .flatMap(s -> s);
    }

    private static Stream<ProofCase> everyEnding(Place place, int number) {
        return IntStream.range(0, ENDINGS.size())
                .mapToObj(i -> place.fault(i, (number + 5 * i) % (KINDS.size() + 1), number + i));
    }

    /** A byte of a request, or of an answer where there is one, at which something may end. */
    private record Place(RequestShape shape, @Nullable Answer answer, Answer.Framing framing, int bytes) {

        /** That fault, followed by one of the kinds, or by nothing. A connection that is cut at byte 0 is always new. */
        ProofCase fault(int ending, int kind, int turn) {
            Ending chosen = ENDINGS.get(ending);
            Step step = answer == null ? new Step.Cut(bytes, chosen) : new Step.Reply(answer, framing, bytes, chosen);
            boolean used = turn % 2 == 1 && (answer != null || bytes > 0);
            return kind == KINDS.size()
                    ? ProofCase.of(shape, used, step)
                    : ProofCase.of(shape, used, step, KINDS.get(kind));
        }
    }

    private Stream<Place> places() {
        return Stream.of(RequestShape.values())
                .flatMap(shape -> Stream.concat(
                        IntStream.rangeClosed(0, lengths.get(shape))
                                .mapToObj(bytes -> new Place(shape, null, Answer.Framing.LENGTH, bytes)),
                        Answer.scripted().stream().flatMap(answer -> places(shape, answer))));
    }

    private static Stream<Place> places(RequestShape shape, Answer answer) {
        return Stream.of(Answer.Framing.values())
                .filter(framing -> answer != Answer.NO_CONTENT || framing == Answer.Framing.LENGTH)
                .flatMap(framing -> IntStream.rangeClosed(0, answer.bytes(framing).length)
                        .mapToObj(bytes -> new Place(shape, answer, framing, bytes)));
    }

    private static Stream<ProofCase> sequencesOfTwo() {
        return Stream.of(RequestShape.values())
                .flatMap(shape ->
                        KINDS.stream().flatMap(one -> KINDS.stream().map(two -> ProofCase.of(shape, false, one, two))));
    }

    /** Two faults in a row while a circuit or a second send has a say; of all of them each so-manieth. */
    private static Stream<ProofCase> underPolicies(int each) {
        List<ProofCase> all = sequencesOfTwo()
                .flatMap(two -> Stream.of(two.under(Policies.HEDGED), two.under(Policies.CIRCUIT)))
                .toList();
        return IntStream.range(0, all.size()).filter(i -> i / 2 % each == 0).mapToObj(all::get);
    }

    private static Stream<ProofCase> sequencesOfThree() {
        return sequencesOfTwo()
                .flatMap(two -> KINDS.stream()
                        .map(three -> ProofCase.of(
                                two.shape(),
                                true,
                                two.steps().get(0),
                                two.steps().get(1),
                                three)))
                .filter(three -> !(three.steps().get(0) instanceof Step.Refuse));
    }

    /** The client is closed: at bytes spread over request and answer, because each needs a client of its own. */
    private Stream<ProofCase> closing() {
        return Stream.of(RequestShape.values()).flatMap(shape -> {
            int length = lengths.get(shape);
            int reply = shape.success().bytes(Answer.Framing.LENGTH).length;
            return IntStream.rangeClosed(0, 10)
                    .boxed()
                    .flatMap(tenth -> Stream.<Step>of(
                            new Step.Cut(length * tenth / 10, Ending.CLOSE),
                            new Step.Reply(shape.success(), Answer.Framing.LENGTH, reply * tenth / 10, Ending.CLOSE)))
                    .map(step -> ProofCase.of(shape, false, step));
        });
    }

    private Stream<ProofCase> randomCases(SplittableRandom random, int count) {
        return IntStream.range(0, count).mapToObj(i -> {
            RequestShape shape = any(List.of(RequestShape.values()), random);
            Step[] steps = new Step[1 + random.nextInt(3)];
            for (int s = 0; s < steps.length; s++) {
                steps[s] = randomStep(shape, random);
            }
            boolean used = random.nextBoolean() && !(steps[0] instanceof Step.Cut cut && cut.bytes() == 0);
            return ProofCase.of(shape, used, steps).under(any(List.of(Policies.values()), random));
        });
    }

    private Step randomStep(RequestShape shape, SplittableRandom random) {
        Ending ending = any(ENDINGS, random);
        if (random.nextInt(3) == 0) {
            return new Step.Cut(random.nextInt(lengths.get(shape) + 1), ending);
        }
        Answer answer = any(Answer.scripted(), random);
        Answer.Framing framing = any(List.of(Answer.Framing.values()), random);
        return new Step.Reply(answer, framing, random.nextInt(answer.bytes(framing).length + 1), ending);
    }

    private static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
