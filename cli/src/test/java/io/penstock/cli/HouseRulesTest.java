package io.penstock.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.penstock.annotation.Internal;
import io.penstock.pipeline.Operator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** Dependency rules, checked where every module is on the class path. */
class HouseRulesTest {

    private static final int PUBLIC_TYPES_OF_CORE = 92;
    private static final int PARAMETERS = 5;

    /** Constructors and static methods with more parameters, and the reason. */
    private static final Map<String, String> LONGER = Map.of(
            "FairShare.<init>", "replaced per response: no object more",
            "QuotaReport.<init>", "made per response: no object more",
            "QuotaState.<init>", "replaced per response: no object more",
            "StreamedBody.opening", "called per streamed response: no object more",
            "WholeCall.<init>", "made per call: no object more",
            "WindowCount.<init>", "replaced per response: no object more");

    /** Core's packages from the ground up: each may use those before it, none after it. The last one is the root. */
    private static final List<String> STOREYS = List.of(
            "annotation",
            "redaction",
            "error",
            "http",
            "body",
            "upload",
            "request",
            "pipeline",
            "transport",
            "transport.netty",
            "ratelimit",
            "envelope",
            "webhook",
            "download",
            "paging",
            "retry",
            "auth",
            "timeout",
            "hedge",
            "circuit",
            "logging",
            "call",
            "polling",
            "spec",
            "");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.penstock");

    /** Add a new vendor here. */
    private static final DescribedPredicate<JavaClass> VENDOR = resideInAnyPackage(
                    "io.penstock.infraon..",
                    "io.penstock.invicti..",
                    "io.penstock.ixon..",
                    "io.penstock.pentify..",
                    "io.penstock.picus..")
            .as("a vendor");

    private static final DescribedPredicate<JavaClass> TEST_KIT =
            resideInAPackage("io.penstock.test..").as("the test kit");
    private static final DescribedPredicate<JavaClass> PROGRAM =
            resideInAnyPackage("io.penstock.cli..", "io.penstock.benchmarks..").as("a program");
    private static final DescribedPredicate<JavaClass> HIDDEN =
            resideInAPackage("io.penstock.transport.netty..").as("the hidden transport");
    private static final DescribedPredicate<JavaClass> CORE = resideInAPackage("io.penstock..")
            .and(not(VENDOR))
            .and(not(TEST_KIT))
            .and(not(PROGRAM))
            .as("core");

    @Test
    void findsEveryModuleOnClassPath() {
        for (DescribedPredicate<JavaClass> room : List.of(CORE, VENDOR, TEST_KIT, PROGRAM, HIDDEN)) {
            assertThat(HOUSE.that(room)).as(room.getDescription()).isNotEmpty();
        }
    }

    private static String storeyOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals("io.penstock") ? "" : name.substring("io.penstock.".length());
    }

    @Test
    void listsEveryPackageOfCoreAsStorey() {
        assertThat(HOUSE.that(CORE).stream()
                        .map(HouseRulesTest::storeyOf)
                        .distinct()
                        .sorted())
                .containsExactlyElementsOf(STOREYS.stream().sorted().toList());
    }

    @Test
    void letsStoreysUseOnlyThoseBelow() {
        List<String> wrong = HOUSE.that(CORE).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(use -> CORE.test(use.getTargetClass().getBaseComponentType()))
                .filter(use -> STOREYS.indexOf(storeyOf(use.getTargetClass().getBaseComponentType()))
                        > STOREYS.indexOf(storeyOf(use.getOriginClass())))
                .map(Dependency::getDescription)
                .toList();

        assertThat(wrong).isEmpty();
    }

    /** Javadoc leaves no trace in class files, but its links bind the reader, and its imports the compiler. */
    @Test
    void letsSourcesNameOnlyStoreysBelow() throws IOException {
        Path sources = Path.of("..", "core", "src", "main", "java", "io", "penstock");
        Pattern nameOfType = Pattern.compile("\\bio\\.penstock\\.((?:[a-z]+\\.)*)\\p{Lu}\\w*");
        List<String> wrong = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String storey = sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.');
                for (Matcher name = nameOfType.matcher(Files.readString(file)); name.find(); ) {
                    String named = name.group(1).replaceFirst("\\.$", "");
                    seen.add(named);
                    if (STOREYS.indexOf(named) > STOREYS.indexOf(storey)) {
                        wrong.add(file.getFileName() + " names " + name.group());
                    }
                }
            }
        }

        assertThat(seen).hasSizeGreaterThan(500);
        assertThat(wrong).isEmpty();
    }

    @Test
    void keepsPackagesOfCoreFreeOfCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return CORE.test(type) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages of core";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(HOUSE);
    }

    @Test
    void keepsInternalTypesFromVendors() {
        noClasses()
                .that(VENDOR)
                .should()
                .dependOnClassesThat(annotatedWith(Internal.class))
                .orShould()
                .accessTargetWhere(JavaAccess.Predicates.target(annotatedWith(Internal.class)))
                .check(HOUSE);
    }

    @Test
    void keepsCoreIndependentOfOtherModules() {
        noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat(VENDOR.or(TEST_KIT).or(PROGRAM))
                .check(HOUSE);
    }

    @Test
    void keepsHiddenTransportTestKitAndProgramsFromVendors() {
        noClasses()
                .that(VENDOR)
                .should()
                .dependOnClassesThat(HIDDEN.or(TEST_KIT).or(PROGRAM))
                .check(HOUSE);
    }

    /** A vendor is data, types and names; a mechanism that waits, repeats or subscribes belongs to core. */
    @Test
    void keepsOperatorsSubscribersAndRetriesOutOfVendors() {
        noClasses()
                .that(VENDOR)
                .should()
                .beAssignableTo(Operator.class)
                .orShould()
                .beAssignableTo(Publisher.class)
                .orShould()
                .beAssignableTo(Subscriber.class)
                .orShould()
                .dependOnClassesThat(resideInAnyPackage(
                        "reactor.util.retry..", "io.penstock.pipeline..", "reactor.core.scheduler.."))
                .orShould()
                .callMethodWhere(target(nameMatching("retry|retryWhen|repeat|repeatWhen|repeatWhenEmpty|subscribe"))
                        .and(target(owner(resideInAPackage("reactor.core.publisher")))))
                .check(HOUSE);
    }

    @Test
    void keepsHiddenTransportVendorsAndProgramsFromTestKit() {
        noClasses()
                .that(TEST_KIT)
                .should()
                .dependOnClassesThat(HIDDEN.or(VENDOR).or(PROGRAM))
                .check(HOUSE);
    }

    /** Simulators are written from the wire facts, so that a mistake of core cannot hide in a shared class. */
    @Test
    void keepsSimulatorsIndependentOfCore() {
        noClasses()
                .that()
                .resideInAPackage("io.penstock.test.simulator..")
                .should()
                .dependOnClassesThat(CORE)
                .check(HOUSE);
    }

    @Test
    void hidesTransportFromAllButClient() {
        noClasses()
                .that(not(HIDDEN).and(not(nameMatching("io\\.penstock\\.ClientWiring(\\$.*)?"))))
                .should()
                .dependOnClassesThat(HIDDEN)
                .check(HOUSE);
    }

    @Test
    void forbidsShadedInternalsLombokAndGuava() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("reactor.netty.internal.shaded..", "lombok..", "com.google.common.."))
                .check(HOUSE);
    }

    @Test
    void allowsBlockingOnlyInProgramsAndConformanceTests() {
        noClasses()
                .that(not(PROGRAM)
                        .and(not(nameMatching(
                                "io\\.penstock\\.test\\.(\\w+Conformance|VendorTest|DocumentedOperations)(\\$.*)?"))))
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "a Mono or Flux is blocked on",
                        call -> call.getTarget().getOwner().getPackageName().equals("reactor.core.publisher")
                                && call.getTarget().getName().startsWith("block")))
                .check(HOUSE);
    }

    @Test
    void forbidsUtilityAndManagerNames() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)(\\$.*)?")
                .check(HOUSE);
    }

    /** Private ones are left out, and those of private types: a copy method calls them. So are simulators. */
    @Test
    void limitsParametersOfConstructorsAndFactories() {
        List<String> longer = HOUSE.that(CORE.or(resideInAPackage("io.penstock.test"))).stream()
                .filter(type -> !isHidden(type))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.isConstructor() || unit.getModifiers().contains(JavaModifier.STATIC))
                .filter(unit -> !unit.getModifiers().contains(JavaModifier.PRIVATE))
                .filter(unit -> unit.getRawParameterTypes().size() > PARAMETERS)
                .map(unit -> unit.getOwner().getSimpleName() + "." + unit.getName())
                .distinct()
                .sorted()
                .toList();

        assertThat(longer).containsExactlyElementsOf(new TreeSet<>(LONGER.keySet()));
    }

    /** Returns whether a type is seen in its own file only. */
    private static boolean isHidden(JavaClass type) {
        return type.isAnonymousClass()
                || type.isLocalClass()
                || type.getModifiers().contains(JavaModifier.PRIVATE)
                || type.getEnclosingClass().filter(HouseRulesTest::isHidden).isPresent();
    }

    @Test
    void limitsPublicTypesOfCore() {
        List<String> visible = HOUSE.that(CORE).stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.isAnnotatedWith(Internal.class))
                .map(JavaClass::getName)
                .sorted()
                .toList();

        assertThat(visible).hasSizeBetween(1, PUBLIC_TYPES_OF_CORE);
    }

    @Test
    void requiresNullMarkedPackages() {
        List<String> unmarked = HOUSE.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(room -> !isNullMarked(room))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked).isEmpty();
    }

    private static boolean isNullMarked(JavaPackage room) {
        return room.tryGetPackageInfo()
                .filter(info -> info.isAnnotatedWith(NullMarked.class))
                .isPresent();
    }
}
