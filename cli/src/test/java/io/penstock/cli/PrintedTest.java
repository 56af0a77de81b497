package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Output when a signal meets the end of the list. */
class PrintedTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Printed printed =
            new Printed(new Console(new PrintWriter(out), new PrintWriter(err), name -> null), null);

    private static Page<JsonNode> page(int number) {
        return new Page<JsonNode>(List.of(JsonNodeFactory.instance.numberNode(number)), null)
                .at(number, null)
                .emitted(0, Journey.none(), "token-" + number);
    }

    @Test
    void printsNoPageAfterSignal() {
        assertThat(printed.page(page(1))).isTrue();
        printed.interrupted();

        assertThat(printed.page(page(2))).isFalse();
        printed.breakOff("nobody reads what is printed");

        assertThat(out.toString()).isEqualToNormalizingNewlines("1\n");
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "penstock: broken off after 1 items: interrupted\npenstock: go on with --resume token-1\n");
    }

    @Test
    void printsNoOtherTokenForFailureAfterSignal() {
        printed.page(page(1));
        printed.interrupted();

        int code = printed.failed(ApiException.invalidRequest("too late"));

        assertThat(code).isEqualTo(ExitCode.UNEXPECTED);
        assertThat(err.toString()).contains("token-1").doesNotContain("too late");
    }

    @Test
    void printsNothingForSignalAfterEnd() {
        printed.page(page(1));
        printed.end();

        printed.interrupted();

        assertThat(err.toString()).isEmpty();
    }
}
