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
    private static final List<Answer> REFUSALS =
            List.of(Answer.TOO_LARGE, Answer.UNAUTHORIZED, Answer.BUSY, Answer.BUSY_HINTED, Answer.FAILED);

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
        return Stream.of(everyByte(), sequencesOfTwo(), underPolicies(3), closing(), leftovers(), earlyAnswers())
                .flatMap(s -> s);
    }

    /** One in so many bytes, and what is special about TLS: the ends of connections. */
    Stream<ProofCase> overTls(int each) {
        List<ProofCase> all = Stream.of(everyByte(), sequencesOfTwo(), closing())
                .flatMap(s -> s)
                .toList();
        return Stream.of(
                        IntStream.range(0, all.size())
                                .filter(i -> i % each == 0)
                                .mapToObj(all::get),
                        truncated(each),
                        some(leftovers(), each),
                        some(earlyAnswers(), each))
                .flatMap(s -> s);
    }

    /** All of a short list where everything is wanted, and every fifth elsewhere. */
    private static Stream<ProofCase> some(Stream<ProofCase> list, int each) {
        List<ProofCase> all = list.toList();
        return IntStream.range(0, all.size())
                .filter(i -> each == 1 || i % 5 == 0)
                .mapToObj(all::get);
    }

    private Stream<ProofCase> everyByte() {
        List<Place> places = places().toList();
        return IntStream.range(0, places.size())
                .mapToObj(i -> places.get(i).fault(i % ENDINGS.size(), i % (KINDS.size() + 1), i / 4));
    }

    /** Connections that end without notice; behind a whole answer, too. */
    private Stream<ProofCase> truncated(int each) {
        List<Place> places = places().toList();
        return IntStream.range(0, places.size())
                .filter(i -> i % each == 1 % each || places.get(i).isWholeAnswer())
                .mapToObj(i -> places.get(i).fault(Ending.TRUNCATED, i % (KINDS.size() + 1), i / 2));
    }

    /** Another answer together with the right one. */
    private static Stream<ProofCase> leftovers() {
        List<ProofCase> all = RequestShape.whole().stream()
                .flatMap(shape -> Stream.concat(Answer.scripted().stream(), Stream.of(shape.success()))
                        .distinct()
                        .flatMap(answer -> Stream.of(Answer.Framing.LENGTH, Answer.Framing.CHUNKED)
                                .filter(framing -> !answer.contentless() || framing == Answer.Framing.LENGTH)
                                .map(framing -> new Step.Reply(answer, framing, Step.ALL, Ending.LEFTOVER)))
                        .flatMap(step ->
                                Stream.of(ProofCase.of(shape, false, step), ProofCase.of(shape, true, step, step))))
                .toList();
        return IntStream.range(0, all.size())
                .mapToObj(i -> i % 3 == 0 ? all.get(i).followedBy(KINDS.get(i / 3 % KINDS.size())) : all.get(i));
    }

    /** Final answers, and breaks, while the body is still being written. */
    private static Stream<ProofCase> earlyAnswers() {
        return RequestShape.uploads().stream()
                .flatMap(shape -> IntStream.rangeClosed(1, 8)
                        .map(eighth -> eighth * 25)
                        .boxed()
                        .flatMap(bytes -> Stream.concat(
                                REFUSALS.stream()
                                        .flatMap(answer -> Stream.of(Ending.FIN, Ending.STALL, Ending.RST)
                                                .map(ending -> new Step.Early(bytes, answer, ending))),
                                ENDINGS.stream().map(ending -> new Step.Cut(bytes, ending))))
                        .flatMap(step -> Stream.of(ProofCase.of(shape, false, step), ProofCase.of(shape, true, step))));
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
                        leftovers(),
                        earlyAnswers(),
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
            return fault(ENDINGS.get(ending), kind, turn);
        }

        boolean isWholeAnswer() {
            return answer != null && bytes == answer.bytes(framing).length;
        }

        ProofCase fault(Ending chosen, int kind, int turn) {
            Step step = answer == null ? new Step.Cut(bytes, chosen) : new Step.Reply(answer, framing, bytes, chosen);
            boolean used = turn % 2 == 1 && (answer != null || bytes > 0);
            return kind == KINDS.size()
                    ? ProofCase.of(shape, used, step)
                    : ProofCase.of(shape, used, step, KINDS.get(kind));
        }
    }

    private Stream<Place> places() {
        return RequestShape.bytewise().stream()
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
        return RequestShape.bytewise().stream()
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
        return RequestShape.bytewise().stream().flatMap(shape -> {
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
            RequestShape shape = any(RequestShape.bytewise(), random);
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
        if (framing != Answer.Framing.UNTIL_CLOSE && random.nextInt(10) == 0) {
            return new Step.Reply(answer, framing, Step.ALL, Ending.LEFTOVER);
        }
        return new Step.Reply(answer, framing, random.nextInt(answer.bytes(framing).length + 1), ending);
    }

    private static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
