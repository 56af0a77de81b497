package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.penstock.ApiClient;
import io.penstock.annotation.Internal;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API of core as a text file: each change of it is a line in a diff. To write the file anew, run this test with
 * {@code -Dpenstock.write=true}.
 */
class PublicApiTest {

    private static final Path FILE = Path.of("..").toAbsolutePath().normalize().resolve("docs/api.txt");

    private static final DescribedPredicate<JavaClass> VISIBLE =
            DescribedPredicate.describe("public, and not internal", PublicApiTest::isVisible);

    @Test
    void describesEveryPublicTypeAndMemberOfCore() throws IOException {
        URL core = ApiClient.class.getProtectionDomain().getCodeSource().getLocation();
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importUrl(core);
        String rendered = classes.that(VISIBLE).stream()
                .sorted(Comparator.comparing(JavaClass::getName))
                .map(PublicApiTest::render)
                .collect(Collectors.joining("\n"));
        if (Boolean.getBoolean("penstock.write")) {
            Files.writeString(FILE, rendered);
        }

        assertThat(rendered).contains("io.penstock.ApiClient\n");
        assertThat(Files.readString(FILE).replace("\r\n", "\n")).isEqualTo(rendered);
    }

    private static boolean isVisible(JavaClass type) {
        boolean open = type.getModifiers().contains(JavaModifier.PUBLIC) && !type.isAnnotatedWith(Internal.class);
        return open && type.getEnclosingClass().map(PublicApiTest::isVisible).orElse(true);
    }

    private static String render(JavaClass type) {
        List<String> lines = new ArrayList<>();
        Stream.concat(
                        type.getFields().stream()
                                .filter(PublicApiTest::isVisible)
                                .map(PublicApiTest::field),
                        type.getCodeUnits().stream()
                                .filter(PublicApiTest::isVisible)
                                .map(PublicApiTest::unit))
                .sorted()
                .forEach(lines::add);
        return type.getName() + "\n"
                + lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                && !member.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !member.isAnnotatedWith(Internal.class);
    }

    private static String field(JavaField field) {
        return isStatic(field) + field.getName() + ": " + field.getType().getName();
    }

    private static String unit(JavaCodeUnit unit) {
        String name = unit.isConstructor() ? "new" : unit.getName();
        String parameters = unit.getParameterTypes().stream()
                .map(parameter -> parameter.getName())
                .collect(Collectors.joining(", ", "(", ")"));
        return isStatic(unit) + name + parameters + ": " + unit.getReturnType().getName();
    }

    private static String isStatic(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.STATIC) ? "static " : "";
    }
}
