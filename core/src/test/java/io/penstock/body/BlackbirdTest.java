package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlackbirdTest {

    private record Hidden(String name, int count, boolean on) {}

    @Test
    void usesModuleOnClassPath() {
        assertThat(Blackbird.modules())
                .singleElement()
                .satisfies(module -> assertThat(module.getModuleName()).contains("BlackbirdModule"));
    }

    @Test
    void findsNothingInLoaderWithoutModule() {
        assertThat(Blackbird.find(
                        "tools.jackson.module.blackbird.BlackbirdModule", ClassLoader.getPlatformClassLoader()))
                .isEmpty();
    }

    @Test
    void findsNothingWhenClassCannotBeInstantiated() {
        assertThat(Blackbird.find("java.lang.Math", BlackbirdTest.class.getClassLoader()))
                .isEmpty();
    }

    @Test
    void decodesPrivateRecords() {
        JsonCodec codec = new JsonCodec(1 << 20);
        byte[] json = "{\"name\":\"a\",\"count\":3,\"on\":true,\"other\":[]}".getBytes(StandardCharsets.UTF_8);

        assertThat(List.of(codec.decode(Hidden.class, json), codec.decode(Hidden.class, json)))
                .containsOnly(new Hidden("a", 3, true));
    }
}
