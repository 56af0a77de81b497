package io.penstock.spring;

import java.time.Duration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Auto-configuration of the clients below {@code penstock.clients}. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@EnableConfigurationProperties(PenstockProperties.class)
public final class PenstockAutoConfiguration {

    private static final Duration LONGEST_CLOSE = Duration.ofDays(1);

    /** Creates the configuration. */
    public PenstockAutoConfiguration() {}

    @Bean
    static ClientDefinitions penstockClientDefinitions(Environment environment, ConfigurableBeanFactory beans) {
        return new ClientDefinitions(environment, beans);
    }

    @Bean
    ClientFactory penstockClientFactory(BeanFactory beans) {
        return new ClientFactory(beans);
    }

    @Bean
    ClientLifecycle penstockClientLifecycle(ConfiguredClients clients, PenstockProperties properties) {
        Duration limit = properties.getShutdownTimeout();
        if (limit.isNegative() || limit.compareTo(LONGEST_CLOSE) > 0) {
            throw new BadPropertyException("penstock.shutdown-timeout", "cannot be used", "0s to 24h");
        }
        return new ClientLifecycle(clients, limit);
    }
}
