package io.penstock.micrometer;

import io.micrometer.common.KeyValues;
import io.penstock.micrometer.ClientObservationDocumentation.HighCardinalityKeyNames;
import io.penstock.micrometer.ClientObservationDocumentation.LowCardinalityKeyNames;
import io.penstock.pipeline.Attempt;
import io.penstock.request.Plan;

/** The documented names and keys of an attempt: those of Spring's clients, and those of OpenTelemetry. */
public class DefaultAttemptConvention implements AttemptConvention {

    /** Creates the convention. */
    public DefaultAttemptConvention() {}

    @Override
    public String getName() {
        return "http.client.requests";
    }

    @Override
    public String getContextualName(AttemptContext context) {
        Plan plan = context.attempt().plan();
        return plan.method() + " " + Outcomes.template(plan);
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(AttemptContext context) {
        Attempt attempt = context.attempt();
        Plan plan = attempt.plan();
        Throwable error = context.getError();
        int status = Outcomes.status(attempt, error);
        String host = Outcomes.server(plan);
        return KeyValues.of(
                LowCardinalityKeyNames.METHOD.withValue(plan.method().name()),
                LowCardinalityKeyNames.URI.withValue(Outcomes.template(plan)),
                LowCardinalityKeyNames.STATUS.withValue(Outcomes.status(status, error)),
                LowCardinalityKeyNames.OUTCOME.withValue(Outcomes.outcome(status)),
                LowCardinalityKeyNames.EXCEPTION.withValue(Outcomes.exception(error)),
                LowCardinalityKeyNames.CLIENT_NAME.withValue(host),
                LowCardinalityKeyNames.VENDOR.withValue(context.vendor()),
                LowCardinalityKeyNames.KIND.withValue(Outcomes.kind(error, context.isCancelled())),
                LowCardinalityKeyNames.SERVER_ADDRESS.withValue(host),
                LowCardinalityKeyNames.ERROR_TYPE.withValue(Outcomes.errorType(status, error, context.isCancelled())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(AttemptContext context) {
        Attempt attempt = context.attempt();
        Plan plan = attempt.plan();
        KeyValues keys = KeyValues.of(
                HighCardinalityKeyNames.REQUEST_METHOD.withValue(plan.method().name()),
                HighCardinalityKeyNames.URL_TEMPLATE.withValue(Outcomes.template(plan)),
                HighCardinalityKeyNames.SERVER_PORT.withValue(Integer.toString(Outcomes.port(plan.uri()))),
                HighCardinalityKeyNames.HTTP_URL.withValue(plan.origin() + plan.target()));
        int status = Outcomes.status(attempt, context.getError());
        if (status != 0) {
            keys = keys.and(HighCardinalityKeyNames.STATUS_CODE.withValue(Integer.toString(status)));
        }
        return context.resends() == 0
                ? keys
                : keys.and(HighCardinalityKeyNames.RESEND_COUNT.withValue(Integer.toString(context.resends())));
    }
}
