package io.penstock.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Auto-configuration of responses for failed calls, if {@code penstock.problem-details.enabled} is true. */
@AutoConfiguration
@ConditionalOnClass({ProblemDetail.class, RestControllerAdvice.class})
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty("penstock.problem-details.enabled")
public final class PenstockProblemDetailsAutoConfiguration {

    /** Creates the configuration. */
    public PenstockProblemDetailsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ApiExceptionAdvice penstockApiExceptionAdvice() {
        return new ApiExceptionAdvice();
    }
}
