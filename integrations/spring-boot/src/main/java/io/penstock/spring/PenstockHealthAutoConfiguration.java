package io.penstock.spring;

import io.penstock.ApiClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the health of each client, below {@code penstock}. */
@AutoConfiguration(after = PenstockAutoConfiguration.class)
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("penstock")
public final class PenstockHealthAutoConfiguration {

    /** Creates the configuration. */
    public PenstockHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = {"penstockHealthIndicator", "penstockHealthContributor"})
    HealthContributor penstockHealthContributor(ConfiguredClients clients) {
        return CompositeHealthContributor.<ApiClient>fromMap(clients.all(), ClientHealthIndicator::new);
    }
}
