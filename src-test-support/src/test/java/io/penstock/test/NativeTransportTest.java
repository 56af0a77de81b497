package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.ApiRequest;
import io.penstock.test.simulator.PagedSet;
import io.penstock.test.simulator.SimulatorServer;
import io.penstock.vendor.VendorSpec;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.netty.resources.LoopResources;

/** The native transport is used where its library is, and not missed where it is not. */
class NativeTransportTest {

    @Test
    void aCallIsAnsweredOverNioWhereTheNativeLibraryIsNotThere() throws Exception {
        assertThat(call(true)).contains("200, native: false");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aCallIsAnsweredOverTheNativeLibraryThatComesAlong() throws Exception {
        assertThat(call(false)).contains("200, native: true");
    }

    /** What a process prints that makes a call, with or without whatever is called epoll on its class path. */
    private static String call(boolean withoutEpoll) throws IOException, InterruptedException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(jar -> !withoutEpoll || !new File(jar).getName().contains("epoll"))
                .collect(Collectors.joining(File.pathSeparator));
        try (SimulatorServer server = SimulatorServer.start(0, new PagedSet(3))) {
            Process caller = new ProcessBuilder(
                            new File(System.getProperty("java.home"), "bin/java").getPath(),
                            "-cp",
                            classPath,
                            Caller.class.getName(),
                            server.origin().toString())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(caller.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return printed;
        }
    }

    /** The process that calls. */
    static final class Caller {

        private Caller() {}

        /**
         * Makes one call.
         *
         * @param args the address of the set
         */
        public static void main(String[] args) {
            try (ApiClient client = ApiClient.builder(VendorSpec.generic("set", URI.create(args[0])))
                    .build()) {
                int status = client.execute(ApiRequest.get("cursor").query("size", 2))
                        .block()
                        .status();
                System.out.println(status + ", native: " + LoopResources.hasNativeSupport());
            }
        }
    }
}
