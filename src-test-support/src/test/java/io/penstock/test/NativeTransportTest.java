package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.PagedSet;
import io.penstock.test.simulator.SimulatorServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.resources.LoopResources;

/** Use of the native transport where its library is present, and of NIO elsewhere. */
@Tag("slow")
class NativeTransportTest {

    @TempDir
    Path directory;

    @Test
    void answersOverNioWithoutNativeLibrary() throws Exception {
        assertThat(call(true)).isEqualTo("200, native: false");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void answersOverBundledNativeLibrary() throws Exception {
        assertThat(call(false)).isEqualTo("200, native: true");
    }

    /** Returns the outcome of a call in a process of its own, with or without the epoll jars on its class path. */
    private String call(boolean withoutEpoll) throws IOException, InterruptedException {
        String classPath = Stream.of(ChildJvm.classPath().split(File.pathSeparator, -1))
                .filter(jar -> !withoutEpoll || !new File(jar).getName().contains("epoll"))
                .collect(Collectors.joining(File.pathSeparator));
        try (SimulatorServer server = SimulatorServer.start(0, new PagedSet(3))) {
            Path result = directory.resolve("result");
            ChildJvm.run(
                    Duration.ofMinutes(2),
                    classPath,
                    List.of(),
                    Caller.class,
                    server.origin().toString(),
                    result.toString());
            return Files.readString(result);
        }
    }

    /** The process that calls. */
    static final class Caller {

        private Caller() {}

        /**
         * Makes one call.
         *
         * @param args the address of the set, and the file for the outcome
         */
        public static void main(String[] args) throws IOException {
            try (ApiClient client = ApiClient.builder(VendorSpec.generic("set", URI.create(args[0])))
                    .build()) {
                int status = client.execute(ApiRequest.get("cursor").query("size", 2))
                        .block()
                        .status();
                Files.writeString(Path.of(args[1]), status + ", native: " + LoopResources.hasNativeSupport());
            }
        }
    }
}
