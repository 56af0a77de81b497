package io.penstock.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    private static Duration longest(String form) {
        return Duration.ofMillis(Form.named(form).longestMillis());
    }

    @Test
    void leavesOtherPartsOfShortBoardFiveOfItsTwentyFiveMinutes() {
        assertThat(longest("short")).isLessThan(Duration.ofMinutes(20));
        assertThat(longest("long")).isLessThan(Duration.ofMinutes(100));
        assertThat(longest("trial")).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void measuresEveryCellOfTheGoalsBesideTheBase() {
        List<Block> blocks = Form.named("short").blocks();

        assertThat(blocks)
                .extracting(Block::name)
                .containsExactly("get-small:64", "post:64", "get-collection:64", "get-small:1", "get-small:512");
        assertThat(blocks).allSatisfy(block -> {
            assertThat(block.base()).isEqualTo(Cell.BASE);
            assertThat(block.rounds()).as("the half is five").isEqualTo(10);
            assertThat(block.contenders())
                    .contains("Penstock", "async-http-client", "Vert.x", "WebClient + Resilience4j")
                    .doesNotContain(Cell.BASE);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "long", "choices", "tls", "trial"})
    void namesOnlyContendersThatExist(String form) {
        assertThat(Form.named(form).blocks())
                .flatExtracting(block -> block.toWarmUp(block.contenders()))
                .allSatisfy(name -> assertThat(Contenders.named(name)).isNotNull());
    }

    @Test
    void putsATurnOfTheBaseBeforeEachTurn() {
        Block block = Form.named("short").blocks().get(0);

        assertThat(block.turns("Penstock", 3))
                .extracting(Turn::contender, Turn::pair, Turn::round)
                .containsExactly(tuple(Cell.BASE, "Penstock", 3), tuple("Penstock", "Penstock", 3));
        assertThat(block.toWarmUp(List.of("Penstock"))).containsExactly(Cell.BASE, "Penstock");
        assertThat(block.toWarmUp(List.of())).isEmpty();
    }
}
