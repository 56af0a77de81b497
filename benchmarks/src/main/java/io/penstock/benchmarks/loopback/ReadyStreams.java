package io.penstock.benchmarks.loopback;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;

/** A handler that responds to a GET on an HTTP/2 stream with the small object. */
@SuppressWarnings("FutureReturnValueIgnored") // the client notices a failed write
final class ReadyStreams extends ChannelInboundHandlerAdapter {

    /** The limit of concurrent streams: more than any run has callers. */
    private static final int STREAMS = 1024;

    static void install(ChannelPipeline pipeline) {
        pipeline.addLast(
                Http2FrameCodecBuilder.forServer()
                        .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS))
                        .build(),
                new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline().addLast(new ReadyStreams());
                    }
                }));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame frame && frame.isEndStream()) {
            context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers()
                    .status("200")
                    .set("content-type", "application/json")
                    .setInt("content-length", ReadyAnswers.ITEM_JSON.readableBytes())));
            context.writeAndFlush(new DefaultHttp2DataFrame(ReadyAnswers.ITEM_JSON.duplicate(), true));
        }
        ReferenceCountUtil.release(message);
    }

    /** Closes the stream: a client may disconnect at any time. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
