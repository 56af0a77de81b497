package io.penstock.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a bad property in one line, without its value. */
final class BadPropertyAnalyzer extends AbstractFailureAnalyzer<BadPropertyException> {

    BadPropertyAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BadPropertyException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Set the property as expected. Its value is not shown here.",
                cause);
    }
}
