package io.penstock.benchmarks.loopback;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A server with minimal cost, in a process of its own: a request decoder on one event loop, and responses whose bytes
 * are ready. It prints its address and, with the argument {@code tls}, the file of its certificate. It ends at the end
 * of its input.
 */
public final class LeanServer {

    private LeanServer() {}

    /** Starts the server. */
    public static void main(String[] args) throws Exception {
        ServerTls tls = args.length > 0 && args[0].equals("tls") ? ServerTls.create() : null;
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        Channel server = new ServerBootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(handlers(tls))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        System.out.println(
                tls == null ? "http://127.0.0.1:" + port : "https://127.0.0.1:" + port + " " + tls.certificate());
        while (System.in.read() >= 0) {
            Thread.onSpinWait(); // there are no commands
        }
        System.exit(0);
    }

    private static ChannelInitializer<SocketChannel> handlers(@Nullable ServerTls tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                if (tls == null) {
                    ReadyAnswers.install(channel.pipeline());
                } else {
                    channel.pipeline().addLast(tls.context().newHandler(channel.alloc()), new ServerTls.Negotiated());
                }
            }
        };
    }
}
