package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.annotation.Internal;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.SecretSource;
import io.penstock.body.BodyFormat;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.download.DownloadOptions;
import io.penstock.envelope.ErrorModel;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Secret;
import io.penstock.logging.LogPolicy;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Probe;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.ScriptedTransport;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ProxyOptions;
import io.penstock.webhook.DuplicateGuard;
import io.penstock.webhook.SignatureScheme;
import io.penstock.webhook.SignatureScheme.SignedContent;
import io.penstock.webhook.WebhookVerifier;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Agreement of {@code docs/options.md} with the option types of core. */
class OptionsPageTest {

    /** A spec whose values all differ from the defaults, to see which of them a client takes over. */
    private static final VendorSpec UNUSUAL = VendorSpec.of(
                    "acme", "Acme", "https://api.example.com/v1/", CredentialScheme.bearer())
            .withRetry(RetryPolicy.standard().withMaxAttempts(7))
            .withCircuit(CircuitPolicy.off())
            .withAttemptTimeout(Duration.ofSeconds(7))
            .withHeader("x-acme", "1");

    /** Types whose methods return an instance, but that are no options: parts of a spec, bodies, results, calls. */
    private static final Set<String> NO_OPTIONS = Set.of(
            "AccessToken",
            "Attempt",
            "Call",
            "CallListener",
            "CredentialScheme",
            "CursorPaging",
            "ErrorCase",
            "ErrorModel",
            "ErrorRule",
            "ErrorShape",
            "ErrorTable",
            "Failure",
            "FormUpload",
            "JobShape",
            "JsonUpload",
            "ListForm",
            "LongOperation",
            "NumberedPaging",
            "Page",
            "Payload",
            "Plan",
            "PollStatus",
            "QuotaModel",
            "RetryRestriction",
            "StateWords");

    /** Values that a table gives by the expression that creates them. */
    private static final Map<String, Object> NAMED_VALUES = Map.ofEntries(
            Map.entry("Backoff.standard()", Backoff.standard()),
            Map.entry("BodyFormat.json()", BodyFormat.json()),
            Map.entry("CircuitPolicy.standard()", CircuitPolicy.standard()),
            Map.entry("Clock.systemUTC()", Clock.systemUTC()),
            Map.entry("ConnectionOptions.standard()", ConnectionOptions.standard()),
            Map.entry("ErrorModel.byStatusOnly()", ErrorModel.byStatusOnly()),
            Map.entry("GatePolicy.standard()", GatePolicy.standard()),
            Map.entry("LogPolicy.standard()", LogPolicy.standard()),
            Map.entry("Payload.tree()", Payload.tree()),
            Map.entry("PollPolicy.standard()", PollPolicy.standard()),
            Map.entry("ProxyOptions.ofSystemProperties()", ProxyOptions.ofSystemProperties()),
            Map.entry("QuotaModel.unknown()", QuotaModel.unknown()),
            Map.entry("RetryPolicy.standard()", RetryPolicy.standard()),
            Map.entry("SignedContent.TIMESTAMP_DOT_BODY", SignedContent.TIMESTAMP_DOT_BODY));

    /** The default of an option, by its name. */
    private interface Defaults {
        @Nullable
        Object of(String option) throws ReflectiveOperationException;
    }

    /** A value that the user has to give. */
    private record Required() {}

    /** A value that comes from the spec of the API. */
    private record OfSpec() {}

    /** A member of a value, with its default. */
    private record Member(
            String name, Class<?> type, @Nullable Object value) {}

    /** Returns the members of a value in order, those of a group in its place. */
    private static List<Member> members(Object value) throws ReflectiveOperationException {
        List<Member> members = new ArrayList<>();
        if (value instanceof VendorSpec) {
            Object fields = field(value, "members");
            for (Field field : fields.getClass().getDeclaredFields()) {
                if (!field.isSynthetic()) {
                    members.add(new Member(field.getName(), field.getType(), field(fields, field.getName())));
                }
            }
        } else {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Object member = component.getAccessor().invoke(value);
                if (member instanceof Record && component.getType().getEnclosingClass() == value.getClass()) {
                    members.addAll(members(member));
                } else {
                    members.add(new Member(component.getName(), component.getType(), member));
                }
            }
        }
        return members;
    }

    /**
     * A type with options.
     *
     * @param defaults reads the defaults from an unchanged instance
     * @param members the members of such an instance; empty if they are not its options
     */
    private record Subject(Class<?> type, Defaults defaults, List<Member> members) {

        Subject(Class<?> type, Defaults defaults) {
            this(type, defaults, List.of());
        }

        /** Returns a value and the names of those members that have no default. */
        static Subject of(Object standard, String... required) throws ReflectiveOperationException {
            List<Member> members = OptionsPageTest.members(standard);
            Defaults defaults = option -> List.of(required).contains(option)
                    ? new Required()
                    : members.stream()
                            .filter(member -> member.name().equals(option))
                            .findFirst()
                            .orElseThrow(() ->
                                    new NoSuchFieldException(standard.getClass().getSimpleName() + "." + option))
                            .value();
            return new Subject(standard.getClass(), defaults, members);
        }

        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    static Stream<Subject> subjects() throws ReflectiveOperationException {
        ApiRequest<?> get = ApiRequest.get("things");
        return Stream.of(
                new Subject(ApiClientBuilder.class, OptionsPageTest::defaultOfBuilder),
                Subject.of(SecretSource.of(() -> Secret.of("key")), "reading"),
                Subject.of(ConnectionOptions.standard()),
                Subject.of(ProxyOptions.none()),
                Subject.of(RetryPolicy.standard()),
                Subject.of(Backoff.standard()),
                Subject.of(GatePolicy.standard()),
                Subject.of(CircuitPolicy.standard()),
                Subject.of(HedgingPolicy.standard()),
                Subject.of(LogPolicy.standard()),
                Subject.of(
                        VendorSpec.of("acme", "Acme", "https://api.example.com/v1/", CredentialScheme.bearer()),
                        "id",
                        "name",
                        "baseUri",
                        "credential"),
                Subject.of(KeyPlacement.header("Idempotency-Key"), "where", "name"),
                new Subject(ApiRequest.class, OptionsPageTest::defaultOfRequest),
                Subject.of(Probe.of(get, found -> null), "lookup", "found"),
                new Subject(Pages.class, OptionsPageTest::defaultOfPages),
                Subject.of(DownloadOptions.standard()),
                Subject.of(Polling.whileAccepted(get), "request", "reading"),
                Subject.of(PollPolicy.standard()),
                new Subject(WebhookVerifier.class, OptionsPageTest::defaultOfVerifier),
                Subject.of(SignatureScheme.timestamped("x-signature"), "header"));
    }

    @Test
    void hasTableForEachTypeWithOptions() throws IOException, ReflectiveOperationException {
        URL core = ApiClient.class.getProtectionDomain().getCodeSource().getLocation();
        Set<String> types = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importUrl(core).stream()
                        .filter(OptionsPageTest::hasOptions)
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toCollection(TreeSet::new));
        List<String> described = subjects().map(Subject::toString).toList();

        assertThat(types)
                .containsAll(NO_OPTIONS)
                .allSatisfy(type -> assertThat(type)
                        .isIn(Stream.concat(described.stream(), NO_OPTIONS.stream())
                                .toList()));
        assertThat(OptionsPage.read().keySet()).containsExactlyElementsOf(described);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void namesEachOptionMethod(Subject subject) throws IOException {
        Set<String> methods = Arrays.stream(subject.type().getDeclaredMethods())
                .filter(method -> isOption(method, subject.type()))
                .map(OptionsPageTest::signature)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = new TreeSet<>();
        rows(subject).forEach(row -> named.addAll(row.setters()));

        assertThat(named).isEqualTo(methods);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void namesEachMemberOfValues(Subject subject) throws IOException {
        if (!subject.members().isEmpty()) {
            assertThat(rows(subject).stream().map(row -> row.option() + ": " + typeIn(row)))
                    .containsExactlyElementsOf(subject.members().stream()
                            .map(member -> member.name() + ": " + member.type().getSimpleName())
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void givesDefaultsOfCode(Subject subject) throws IOException, ReflectiveOperationException {
        for (OptionsPage.Row row : rows(subject)) {
            String expected = render(row.option(), subject.defaults().of(row.option()));
            assertThat(row.standard().split("; ", 2)[0])
                    .as("default of %s.%s", subject, row.option())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void givesEffectOfEachOptionAndReasonOfEachValue(Subject subject) throws IOException {
        assertThat(rows(subject)).allSatisfy(row -> {
            assertThat(row.effect()).as("effect of %s", row.option()).isNotEmpty();
            if (!row.standard().matches("(required|none|no)\\b.*")) {
                assertThat(row.reason()).as("reason of %s", row.option()).isNotEmpty();
            }
        });
    }

    @Test
    void givesDeadlineOfTwoAttemptsIfThoseAreLong() throws IOException, ReflectiveOperationException {
        ApiClientBuilder builder = ApiClient.builder(UNUSUAL.withAttemptTimeout(Duration.ofSeconds(40)));

        assertThat(field(builder, "deadline")).isEqualTo(Duration.ofSeconds(80));
        assertThat(OptionsPage.read().get("ApiClientBuilder"))
                .anySatisfy(row -> assertThat(row.standard()).contains("twice the attempt timeout"));
    }

    @Test
    void givesLeaseOfDuplicateGuard() throws IOException {
        assertThat(Files.readString(Path.of("../docs/options.md")))
                .contains("a lease of " + render("lease", DuplicateGuard.USUAL_LEASE));
    }

    private static List<OptionsPage.Row> rows(Subject subject) throws IOException {
        List<OptionsPage.Row> rows = OptionsPage.read().get(subject.toString());
        assertThat(rows).as("table of %s", subject).isNotNull().isNotEmpty();
        return rows;
    }

    private static boolean hasOptions(JavaClass type) {
        boolean open = type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.isAnnotatedWith(Internal.class)
                && type.getEnclosingClass().isEmpty();
        return open
                && Arrays.stream(type.reflect().getDeclaredMethods())
                        .anyMatch(method -> isOption(method, type.reflect()));
    }

    private static boolean isOption(Method method, Class<?> type) {
        return method.getReturnType() == type
                && Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic()
                && !method.isAnnotationPresent(Internal.class)
                && Arrays.stream(method.getParameterTypes()).noneMatch(parameter -> parameter == type);
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(parameter -> parameter.isArray() && method.isVarArgs()
                        ? parameter.getComponentType().getSimpleName() + "..."
                        : parameter.getSimpleName())
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    /** Returns the type at the beginning of a cell, without type arguments. */
    private static String typeIn(OptionsPage.Row row) {
        return row.type().replaceFirst("^`(\\w+)(<.*>)?`.*", "$1");
    }

    private static @Nullable Object defaultOfBuilder(String option) throws ReflectiveOperationException {
        ApiClientBuilder builder = ApiClient.builder(UNUSUAL);
        return switch (option) {
            case "baseUri" -> ofSpec(UNUSUAL.baseUri(), field(builder, option));
            case "retry" -> ofSpec(UNUSUAL.retry(), field(builder, option));
            case "circuit" -> ofSpec(UNUSUAL.circuit(), field(builder, option));
            case "attemptTimeout" -> ofSpec(UNUSUAL.attemptTimeout(), field(builder, option));
            case "header" -> ofSpec(UNUSUAL.headers(), field(builder, "headers"));
            case "listener" -> field(builder, "listeners");
            case "sharesQuotaWith" -> field(builder, "sharing");
            case "operator" ->
                List.of(field(builder, "perCall"), field(builder, "perAttempt")).stream()
                        .flatMap(operators -> ((List<?>) operators).stream())
                        .toList();
            case "gate" -> {
                Method places = ApiClientBuilder.class.getDeclaredMethod("places");
                places.setAccessible(true);
                yield Boolean.TRUE.equals(field(builder, "gated")) ? places.invoke(builder) : null;
            }
            default -> field(builder, option);
        };
    }

    private static OfSpec ofSpec(Object inSpec, @Nullable Object inBuilder) {
        assertThat(inBuilder).isEqualTo(inSpec);
        return new OfSpec();
    }

    private static @Nullable Object defaultOfRequest(String option) throws ReflectiveOperationException {
        Map<String, String> fields = Map.of(
                "path", "pathValues",
                "header", "headers",
                "onUpload", "uploadProgress",
                "as", "payload",
                "idempotencyKey", "key",
                "reconciledBy", "probe",
                "retryClass", "marked",
                "followRedirects", "redirects");
        Object spec = field(ApiRequest.get("things"), "spec");
        return field(spec, fields.getOrDefault(option, option));
    }

    private static @Nullable Object defaultOfPages(String option) throws ReflectiveOperationException {
        ApiClient client =
                ApiClient.builder(UNUSUAL).transport(ScriptedTransport.of()).build();
        Payload<Page<String>> list = Payload.page(String.class, List.of("items"), List.of());
        Pages<String> pages = client.pages(ApiRequest.get("things").as(list), Paging.single());
        return field(pages, Map.of("prefetch", "ahead", "resumeFrom", "token").get(option));
    }

    private static @Nullable Object defaultOfVerifier(String option) throws ReflectiveOperationException {
        WebhookVerifier verifier = WebhookVerifier.of(SignatureScheme.timestamped("x-signature"), Secret.of("s"));
        return option.equals("secrets") ? new Required() : field(verifier, option);
    }

    private static @Nullable Object field(@Nullable Object target, @Nullable String name)
            throws ReflectiveOperationException {
        assertThat(target).isNotNull();
        Field field = target.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(target);
    }

    private static String render(String option, @Nullable Object value) {
        if (value == null || (value instanceof Collection<?> none && none.isEmpty()) || value instanceof Consumer<?>) {
            return "none";
        }
        String named = NAMED_VALUES.entrySet().stream()
                .filter(known -> known.getValue().equals(value))
                .map(known -> "`" + known.getKey() + "`")
                .findFirst()
                .orElse(null);
        if (named != null) {
            return named;
        }
        if (value instanceof Required) {
            return "required";
        }
        if (value instanceof OfSpec) {
            return "the spec's";
        }
        if (value instanceof Boolean set) {
            return set ? "yes" : "no";
        }
        if (value instanceof Duration duration) {
            return duration(duration);
        }
        if (value instanceof Double fraction) {
            return fraction == Math.rint(fraction) ? Long.toString(Math.round(fraction)) : fraction.toString();
        }
        if (value instanceof Number number) {
            return option.endsWith("Bytes") ? bytes(number.longValue()) : grouped(number.longValue());
        }
        if (value instanceof Set<?> names) {
            return names.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
        }
        return value instanceof Enum<?> || value instanceof String ? "`" + value + "`" : value.toString();
    }

    private static String duration(Duration value) {
        if (value.toMillis() % 1000 != 0) {
            return value.toMillis() + " ms";
        }
        long seconds = value.toSeconds();
        return seconds > 0 && seconds % 3600 == 0
                ? seconds / 3600 + " h"
                : seconds > 60 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    private static String bytes(long value) {
        List<String> units = List.of(" B", " KiB", " MiB", " GiB");
        int unit = 0;
        long left = value;
        while (left > 0 && left % 1024 == 0 && unit < units.size() - 1) {
            left /= 1024;
            unit++;
        }
        return left + units.get(unit);
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
    }
}
