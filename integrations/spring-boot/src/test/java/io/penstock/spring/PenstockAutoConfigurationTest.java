package io.penstock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.micrometer.ClientMeters;
import io.penstock.pentify.Pentify;
import io.penstock.pentify.PentifyVendor;
import io.penstock.picus.Picus;
import io.penstock.request.ApiRequest;
import io.penstock.test.Await;
import io.penstock.test.LogCapture;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.pentify.PentifySimulator;
import io.penstock.transport.ClientResources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.context.support.GenericApplicationContext;

/** The beans of clients, their properties, and what is said of bad ones. */
class PenstockAutoConfigurationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final LogCapture log = LogCapture.ofEverything();

    private final PentifySimulator simulator = PentifySimulator.start();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    PenstockAutoConfiguration.class,
                    PenstockHealthAutoConfiguration.class,
                    PenstockProblemDetailsAutoConfiguration.class));

    @AfterEach
    void stop() {
        simulator.close();
    }

    private ApplicationContextRunner scanner(String... more) {
        return runner.withPropertyValues(
                        "penstock.clients.scanner.vendor=pentify",
                        "penstock.clients.scanner.base-url=" + simulator.baseUri(),
                        "penstock.clients.scanner.secret=" + simulator.secret())
                .withPropertyValues(more);
    }

    // ---- beans ----

    @Test
    void createsTypedAndGenericClientThatWork() {
        scanner().run(context -> {
            assertThat(context).hasSingleBean(Pentify.class).hasBean("scanner").hasBean("scannerClient");
            assertThat(context.getBean(Pentify.class).client()).isSameAs(context.getBean(ApiClient.class));
            assertThat(context.getBean(Pentify.class).usage().block(PATIENCE)).isNotNull();
        });
    }

    @Test
    void createsNoClientWithoutProperties() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ApiClient.class));
    }

    /** A user's bean with two clients of one vendor. */
    @Configuration(proxyBeanMethods = false)
    static class TwoClients {
        @Bean
        Object both(@Qualifier("scanner") Pentify first, @Qualifier("second") Pentify second) {
            return List.of(first, second);
        }
    }

    @Test
    void createsClientForEachName() {
        scanner(
                        "penstock.clients.second.vendor=pentify",
                        "penstock.clients.other.vendor=picus",
                        "penstock.clients.other.secret=refresh-token")
                .withUserConfiguration(TwoClients.class)
                .run(context -> {
                    assertThat(context.getBean("scanner")).isNotSameAs(context.getBean("second"));
                    assertThat(context).hasSingleBean(Picus.class);
                    assertThat(context.getBeansOfType(ApiClient.class))
                            .containsOnlyKeys("scannerClient", "secondClient", "otherClient");
                });
    }

    @Test
    void createsGenericClientWhereModuleOfTypedOneIsMissing() {
        scanner()
                .withClassLoader(new FilteredClassLoader(Pentify.class))
                .run(context -> assertThat(context).hasBean("scannerClient").doesNotHaveBean("scanner"));
    }

    @Test
    void appliesEveryProperty() {
        scanner(
                        "penstock.clients.scanner.deadline=7s",
                        "penstock.clients.scanner.attempt-timeout=3s",
                        "penstock.clients.scanner.first-byte-timeout=2s",
                        "penstock.clients.scanner.idle-timeout=1s",
                        "penstock.clients.scanner.connect-timeout=500ms",
                        "penstock.clients.scanner.max-response-size=2KB",
                        "penstock.clients.scanner.max-attempts=5",
                        "penstock.clients.scanner.max-concurrent=3",
                        "penstock.clients.scanner.max-waiting=11",
                        "penstock.clients.scanner.headers.x-team=blue",
                        "penstock.clients.scanner.own-resources=true")
                .run(context -> {
                    ApiClient client = context.getBean(ApiClient.class);
                    assertThat(client.inspect().explain(ApiRequest.get("usage")))
                            .contains("deadline 7000 ms", "3 at once, 11 waiting", "5 attempts");
                    client.value(ApiRequest.get("usage")).block(PATIENCE);
                    assertThat(simulator.requests().all().get(0).headers().toString())
                            .contains("blue");
                });
    }

    @Test
    void keepsRestrictionsOfVendorOnceWithOtherNumberOfAttempts() {
        List<String> plans = new ArrayList<>();
        String usual = "penstock.clients.scanner.max-attempts="
                + new PentifyVendor().spec().retry().maxAttempts();

        for (String[] more : new String[][] {{}, {usual}}) {
            scanner(more)
                    .run(context ->
                            plans.add(context.getBean(ApiClient.class).inspect().explain(ApiRequest.get("usage"))));
        }

        assertThat(new PentifyVendor().spec().retry().restrictions()).isNotEmpty();
        assertThat(plans.get(1)).isEqualTo(plans.get(0));
    }

    @Test
    void usesResourcesOfApplication() {
        ClientResources resources = ClientResources.create(1);
        scanner()
                .withBean(ClientResources.class, () -> resources, definition -> definition.setDestroyMethodName(""))
                .run(context -> {
                    String[] thread = new String[1];
                    context.getBean(Pentify.class)
                            .usage()
                            .doOnNext(
                                    usage -> thread[0] = Thread.currentThread().getName())
                            .block(PATIENCE);
                    assertThat(thread[0]).startsWith("penstock");
                });
        resources.closeLater().block(PATIENCE);
    }

    @Test
    void asksCustomizersLast() {
        scanner("penstock.clients.scanner.deadline=7s")
                .withBean(ClientCustomizer.class, () -> (name, builder) -> {
                    assertThat(name).isEqualTo("scanner");
                    builder.deadline(Duration.ofSeconds(9));
                })
                .run(context -> assertThat(
                                context.getBean(ApiClient.class).inspect().explain(ApiRequest.get("usage")))
                        .contains("deadline 9000 ms"));
    }

    @Test
    void takesProxyAndItsCredentials() {
        scanner(
                        "penstock.clients.scanner.proxy=http://127.0.0.1:1",
                        "penstock.clients.scanner.proxy-user=me",
                        "penstock.clients.scanner.proxy-password=p4ss",
                        "penstock.clients.scanner.max-attempts=1")
                .run(context -> {
                    Pentify pentify = context.getBean(Pentify.class);
                    ApiException failed = catchThrowableOfType(
                            ApiException.class, () -> pentify.usage().block(PATIENCE));
                    assertThat((Object) failed.kind()).isEqualTo(ErrorKind.CONNECT);
                });
        log.takeWarnings();
        assertThat(log.text()).doesNotContain("p4ss");
    }

    @Test
    void takesSslBundle() throws IOException {
        try (InputStream pem = getClass().getResourceAsStream("/ca.pem")) {
            assertThat(pem).isNotNull();
        }
        scanner(
                        "spring.ssl.bundle.pem.vendor.truststore.certificate=classpath:ca.pem",
                        "penstock.clients.scanner.ssl-bundle=vendor")
                .run(context -> assertThat(context).hasNotFailed());
    }

    // ---- bad properties ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vendor=acme | penstock.clients.scanner.vendor: no such vendor on the class path (expected: one of infraon,",
                "vendor= | penstock.clients.scanner.vendor: no such vendor on the class path (expected: one of infraon,",
                "secret=s3cret\u00e9 | penstock.clients.scanner.secret: cannot be used (expected: the key alone",
                "base-url=ftp://s3cret | penstock.clients.scanner.base-url: cannot be used (expected: http or https, a host",
                "deadline=s3cret | penstock.clients.scanner.deadline: cannot be read (expected: a duration, such as 30s)",
                "deadline=-1s | penstock.clients.scanner.deadline: cannot be used (expected: more than zero)",
                "max-response-size=s3cret | penstock.clients.scanner.max-response-size: cannot be read (expected: a data size",
                "max-response-size=1B | penstock.clients.scanner.max-response-size: cannot be used (expected: >= 1024)",
                "max-attempts=s3cret | penstock.clients.scanner.max-attempts: cannot be read (expected: a whole number)",
                "max-attempts=0 | penstock.clients.scanner.max-attempts: cannot be used (expected: ",
                "max-concurrent=0 | penstock.clients.scanner.max-concurrent: cannot be used (expected: ",
                "own-resources=s3cret | penstock.clients.scanner.own-resources: cannot be read (expected: true or false)",
                "headers.host=s3cret\u00e9 | penstock.clients.scanner.headers.host: cannot be used (expected: ",
                "proxy=gopher://s3cret | penstock.clients.scanner.proxy: cannot be used (expected: ",
                "proxy-user=me | PROXY",
                "ssl-bundle=s3cret | penstock.clients.scanner.ssl-bundle: no such bundle (expected: a name below spring.ssl.bundle)",
            })
    void saysInOneLineWhichPropertyIsBadAndNotItsValue(String property, String expected) {
        String[] more = expected.equals("PROXY")
                ? new String[] {
                    "penstock.clients.scanner.proxy=http://127.0.0.1:1", "penstock.clients.scanner." + property
                }
                : new String[] {"penstock.clients.scanner." + property};
        String wanted = expected.equals("PROXY")
                ? "penstock.clients.scanner.proxy-password: missing (expected: user and password)"
                : expected;

        scanner(more).run(context -> {
            FailureAnalysis analysis = new BadPropertyAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription())
                    .startsWith(wanted)
                    .hasLineCount(1)
                    .doesNotContain("s3cret");
        });
        log.takeWarnings();
        assertThat(log.text()).doesNotContain("s3cret");
    }

    @Test
    void wantsVendorOfEachClient() {
        assertThat(descriptionOf(runner.withPropertyValues("penstock.clients.scanner.deadline=1s")))
                .startsWith("penstock.clients.scanner.vendor: missing (expected: one of ");
    }

    @Test
    void refusesOneNameInTwoSpellings() {
        assertThat(descriptionOf(runner.withPropertyValues(
                        "penstock.clients.my-api.vendor=pentify", "penstock.clients.myApi.vendor=pentify")))
                .contains("the name of client my")
                .contains("in another spelling (expected: one name for each client)");
    }

    @Test
    void refusesNameOfAnotherBean() {
        assertThat(descriptionOf(scanner().withBean("scanner", String.class, () -> "mine")))
                .isEqualTo("penstock.clients.scanner: there is another bean scanner (expected: another name for the"
                        + " client)");
    }

    @Test
    void refusesShutdownTimeoutOutOfRange() {
        assertThat(descriptionOf(scanner("penstock.shutdown-timeout=-1s")))
                .isEqualTo("penstock.shutdown-timeout: cannot be used (expected: 0s to 24h)");
    }

    private String descriptionOf(ApplicationContextRunner bad) {
        String[] description = new String[1];
        bad.run(context -> description[0] =
                new BadPropertyAnalyzer().analyze(context.getStartupFailure()).getDescription());
        log.takeWarnings();
        return description[0];
    }

    // ---- closing ----

    @Test
    void endsCallUnderWayBeforeItCloses() {
        simulator.faults().on("GET", "/v1/usage", Fault.delay(Duration.ofMillis(300)));
        List<Object> ends = new CopyOnWriteArrayList<>();
        ApiClient[] client = new ApiClient[1];
        scanner().run(context -> {
            client[0] = context.getBean(ApiClient.class);
            client[0].value(ApiRequest.get("usage")).subscribe(ends::add, ends::add);
            Await.until("a request under way", () -> simulator.requests().count() == 1);
        });

        assertThat(ends).hasSize(1).noneMatch(end -> end instanceof Throwable);
        ApiException late = catchThrowableOfType(
                ApiException.class,
                () -> client[0].value(ApiRequest.get("usage")).block(PATIENCE));
        assertThat((Object) late.kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        log.takeWarnings();
    }

    @Test
    void keepsClientsOfContextThatIsPaused() {
        scanner().run(context -> {
            DefaultLifecycleProcessor lifecycle = context.getBean(DefaultLifecycleProcessor.class);
            lifecycle.onPause();
            lifecycle.onRestart();
            context.getBean(ApiClient.class).value(ApiRequest.get("usage")).block(PATIENCE);
        });
    }

    @Test
    void blamesPropertyThatIsWrong() {
        assertThat(descriptionOf(scanner(
                        "penstock.clients.scanner.max-concurrent=10", "penstock.clients.scanner.max-waiting=-1")))
                .startsWith("penstock.clients.scanner.max-waiting: ");
    }

    @Test
    void createsNoClientInOrderToCloseIt() {
        List<String> created = new ArrayList<>();
        scanner("management.health.penstock.enabled=false")
                .withBean(ClientCustomizer.class, () -> (name, builder) -> created.add(name))
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(created).isEmpty();
    }

    @Test
    void closesAfterWebServer() {
        assertThat(ClientLifecycle.PHASE).isLessThan(SmartLifecycle.DEFAULT_PHASE - 2048);
    }

    /** A bean that needs a client and cannot be created. */
    private static final class Failing {
        Failing(ApiClient client, List<ApiClient> seen) {
            seen.add(client);
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void closesClientsOfContextThatFailsToStart() {
        List<ApiClient> seen = new ArrayList<>();
        scanner()
                .withInitializer(context -> ((GenericApplicationContext) context)
                        .registerBean(
                                "failing", Failing.class, () -> new Failing(context.getBean(ApiClient.class), seen)))
                .run(context -> assertThat(context).hasFailed());
        log.takeWarnings();

        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).health().calls().closing()).isTrue();
    }

    // ---- health, meters, observations ----

    private static Health healthOf(HealthContributor contributor) {
        CompositeHealthContributor all = (CompositeHealthContributor) contributor;
        return ((HealthIndicator) all.getContributor("scanner")).health();
    }

    @Test
    void tellsHealthOfEachClient() {
        scanner().run(context -> {
            HealthContributor contributor = context.getBean(HealthContributor.class);
            context.getBean(Pentify.class).usage().block(PATIENCE);

            Health up = healthOf(contributor);
            assertThat(up.getStatus()).isEqualTo(Status.UP);
            assertThat(up.getDetails()).containsEntry("vendor", "pentify").containsKeys("lastSuccessAt", "circuits");

            context.getBean(ApiClient.class).closeLater().block(PATIENCE);
            assertThat(healthOf(contributor).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        });
    }

    @Test
    void leavesHealthOutWhereItIsDisabledOrMissing() {
        scanner("management.health.penstock.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthContributor.class));
        scanner()
                .withClassLoader(new FilteredClassLoader(HealthContributor.class))
                .run(context -> assertThat(context).hasNotFailed().hasBean("scanner"));
    }

    @Test
    void bindsMetersAndObservesWithRegistryOfApplication() {
        List<String> observed = new CopyOnWriteArrayList<>();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.add(String.valueOf(context.getName()));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        scanner().withBean(ObservationRegistry.class, () -> registry).run(context -> {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            context.getBean(ClientMeters.class).bindTo(meters);
            context.getBean(Pentify.class).usage().block(PATIENCE);

            assertThat(observed).containsExactly("http.client.requests", "penstock.calls");
            assertThat(meters.get("penstock.client.calls.active")
                            .tags("client", "scanner", "vendor", "pentify")
                            .gauge()
                            .value())
                    .isZero();
        });
    }

    @Test
    void worksWithTwoObservationRegistriesByUsingNone() {
        scanner()
                .withBean("one", ObservationRegistry.class, ObservationRegistry::create)
                .withBean("two", ObservationRegistry.class, ObservationRegistry::create)
                .run(context -> assertThat(
                                context.getBean(ApiClient.class).inspect().explain(ApiRequest.get("usage")))
                        .containsPattern("listeners +–"));
    }

    // ---- problem details ----

    @Test
    void mapsErrorsOnlyIfAskedTo() {
        AutoConfigurations all =
                AutoConfigurations.of(PenstockAutoConfiguration.class, PenstockProblemDetailsAutoConfiguration.class);
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(all)
                .run(context -> assertThat(context).doesNotHaveBean(ApiExceptionAdvice.class));
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(all)
                .withPropertyValues("penstock.problem-details.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(ApiExceptionAdvice.class));
    }

    @Test
    void worksInServletApplication() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        PenstockAutoConfiguration.class, PenstockProblemDetailsAutoConfiguration.class))
                .withPropertyValues("penstock.problem-details.enabled=true", "penstock.clients.scanner.vendor=pentify")
                .run(context -> assertThat(context)
                        .hasSingleBean(ApiExceptionAdvice.class)
                        .hasBean("scanner"));
    }

    // ---- metadata ----

    @Test
    void describesPropertiesForEditors() throws IOException {
        try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(metadata).isNotNull();
            String json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(json)
                    .contains("penstock.shutdown-timeout", "penstock.clients", "penstock.problem-details.enabled");
        }
    }
}
