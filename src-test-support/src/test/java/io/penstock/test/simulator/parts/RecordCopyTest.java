package io.penstock.test.simulator.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.simulator.infraon.InfraonRules;
import io.penstock.test.simulator.invicti.InvictiRules;
import io.penstock.test.simulator.ixon.IxonAccess;
import io.penstock.test.simulator.ixon.IxonErrors;
import io.penstock.test.simulator.ixon.IxonLimits;
import io.penstock.test.simulator.ixon.IxonPaging;
import io.penstock.test.simulator.ixon.IxonRules;
import io.penstock.test.simulator.pentify.PentifyRules;
import io.penstock.test.simulator.picus.PicusRules;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCopyTest {

    public record Sample(int number, String text) {

        public Sample {
            Expected.that(number > 0, "number", number, "> 0");
        }
    }

    @Test
    void changesOnlyNamedComponent() {
        assertThat(RecordCopy.with(new Sample(1, "a"), "text", "b")).isEqualTo(new Sample(1, "b"));
    }

    @Test
    void throwsErrorOfConstructor() {
        assertThatThrownBy(() -> RecordCopy.with(new Sample(1, "a"), "number", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number: 0 (expected: > 0)");
    }

    @Test
    void rejectsUnknownComponent() {
        assertThatThrownBy(() -> RecordCopy.with(new Sample(1, "a"), "txt", "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("component: txt (expected: one of class ");
    }

    static Stream<Record> rules() {
        return Stream.of(
                InfraonRules.documented(),
                InvictiRules.documented(),
                IxonRules.documented(),
                IxonAccess.documented(),
                IxonErrors.documented(),
                IxonLimits.newest(),
                IxonPaging.documented(),
                PentifyRules.documented(),
                PicusRules.documented());
    }

    /** A method that names the wrong component fails here, or changes a component beside its own. */
    @ParameterizedTest
    @MethodSource("rules")
    void copiesEveryRuleUnderItsOwnName(Record rules) throws Exception {
        int checked = 0;
        for (RecordComponent component : rules.getClass().getRecordComponents()) {
            Optional<Method> method = changeOf(rules, component);
            if (method.isPresent()) {
                Object before = component.getAccessor().invoke(rules);
                Object after = another(before);
                Object copy = method.get().invoke(rules, after);
                assertThat(component.getAccessor().invoke(copy))
                        .as(component.getName())
                        .isEqualTo(after);
                assertThat(method.get().invoke(copy, before))
                        .as(component.getName())
                        .isEqualTo(rules);
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    private static Optional<Method> changeOf(Record rules, RecordComponent component) {
        String name = "with" + component.getName().replaceFirst("^with", "");
        return Arrays.stream(rules.getClass().getMethods())
                .filter(method -> method.getName().equalsIgnoreCase(name))
                .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {component.getType()}))
                .findFirst();
    }

    /** Returns another value of a switch, and the same value of anything that may be checked. */
    private static Object another(Object value) {
        if (value instanceof Boolean flag) {
            return !flag;
        }
        if (value instanceof Enum<?> constant) {
            return Arrays.stream(constant.getDeclaringClass().getEnumConstants())
                    .filter(other -> !other.equals(constant))
                    .findFirst()
                    .orElseThrow();
        }
        return value;
    }
}
