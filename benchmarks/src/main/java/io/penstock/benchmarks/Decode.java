package io.penstock.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.penstock.body.FailureSign;
import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorShape;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Reply;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cost of decoding a body: Penstock's decoder on the pooled buffers of a socket, compared with the JSON library
 * alone on the same bytes.
 *
 * <p>All rows use the JSON library as it is on the class path. If its Blackbird module is there, both Penstock and the
 * plain mapper use it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class Decode {

    /** The size of a body. */
    public enum Size {
        SMALL,
        KB8,
        MB1
    }

    /** The position of the value in its body. */
    public enum Shape {
        BARE,
        ENVELOPED
    }

    /** The value of a small body, and one element of the larger ones. */
    public record Finding(
            String id,
            String severity,
            String title,
            int port,
            double score,
            @JsonProperty("seen_at") String seenAt,
            boolean fixed) {}

    /** The envelope as a user without an envelope decoder declares it. */
    public record Envelope<T>(String type, T data, @Nullable String moreAfter, String status) {}

    private static final int LIMIT = 8 << 20;

    /** The size of the parts into which the HTTP codec cuts a body. */
    private static final int PART = 8192;

    private static final TypeReference<List<Finding>> LIST = new TypeReference<>() {};

    /** The size of the body. */
    @Param
    public Size size = Size.SMALL;

    /** The position of the value in the body. */
    @Param
    public Shape shape = Shape.BARE;

    private final JsonMapper mapper = JsonMapper.builder().findAndAddModules().build();
    private final ResponseHead head = new ResponseHead(200, Headers.of("content-type", "application/json"));
    private byte[] bytes = new byte[0];
    private ByteBuf body = PooledByteBufAllocator.DEFAULT.buffer();
    private EnvelopeDecoding decoding = decoding(ErrorShape.messageOnly());
    private EnvelopeDecoding lookingForFailure = decoding;
    private Attempt call = call(Payload.json(Finding.class));
    private JavaType type = mapper.constructType(Finding.class);
    private ObjectReader whole = mapper.readerFor(type);

    /** Creates the state for JMH. */
    public Decode() {}

    private static EnvelopeDecoding decoding(ErrorShape shape) {
        return new EnvelopeDecoding(
                new JsonCodec(LIMIT), ErrorModel.byStatusOnly().withShape(shape), LIMIT, null);
    }

    private static Attempt call(Payload<?> payload) {
        return Call.start(
                        Plan.of(ApiRequest.get("findings").as(payload), URI.create("https://api.example.com")),
                        Schedulers.parallel())
                .attempt(1);
    }

    /** Creates the body, its buffers, and the readers that are kept per type. */
    @Setup
    public void setUp() {
        bytes = DecodeBodies.json(size, shape);
        body.release();
        body = asFromASocket(bytes);
        lookingForFailure =
                decoding(ErrorShape.messageOnly().withFailureSigns(FailureSign.isOneOf("status", "error", "failed")));
        Payload<?> value = size == Size.SMALL ? Payload.json(Finding.class) : Payload.json(LIST);
        call = call(shape == Shape.BARE ? value : value.inside("data"));
        type = size == Size.SMALL ? mapper.constructType(Finding.class) : mapper.constructType(LIST.getType());
        whole = mapper.readerFor(
                shape == Shape.BARE ? type : mapper.getTypeFactory().constructParametricType(Envelope.class, type));
    }

    private static ByteBuf asFromASocket(byte[] bytes) {
        ByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
        CompositeByteBuf all = pool.compositeBuffer(Integer.MAX_VALUE);
        for (int from = 0; from < bytes.length; from += PART) {
            int length = Math.min(PART, bytes.length - from);
            all.addComponent(true, pool.directBuffer(length).writeBytes(bytes, from, length));
        }
        return all;
    }

    /** Releases the buffers. */
    @TearDown
    public void tearDown() {
        body.release();
    }

    /** Decodes the value out of its envelope with Penstock, from the buffers. */
    @Benchmark
    public Reply penstock() {
        return decoding.onBody(call, head, body, true);
    }

    /** Decodes with Penstock for an API that marks failures by a member of a body with status 200. */
    @Benchmark
    public Reply penstockFailureSigns() {
        return lookingForFailure.onBody(call, head, body, true);
    }

    /** Binds the whole body, envelope included, to records with the JSON library alone, from an existing array. */
    @Benchmark
    public Object objectReader() {
        return whole.readValue(bytes);
    }

    /** Binds the whole body as {@link #objectReader} does, after a copy of the buffers into an array. */
    @Benchmark
    public Object objectReaderOfCopy() {
        return whole.readValue(ByteBufUtil.getBytes(body));
    }

    /** Copies the body, reads it to a tree, and binds the payload's node: a common way to write it. */
    @Benchmark
    public Object treeToValue() {
        JsonNode tree = mapper.readTree(ByteBufUtil.getBytes(body));
        return mapper.treeToValue(shape == Shape.BARE ? tree : tree.path("data"), type);
    }
}
