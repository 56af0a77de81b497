package io.penstock.micrometer;

import io.micrometer.common.KeyValues;
import io.penstock.micrometer.ClientObservationDocumentation.Detail;
import io.penstock.micrometer.ClientObservationDocumentation.Key;
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
        String host = Outcomes.host(plan.uri());
        return KeyValues.of(
                Key.METHOD.withValue(plan.method().name()),
                Key.URI.withValue(Outcomes.template(plan)),
                Key.STATUS.withValue(Outcomes.status(status, error)),
                Key.OUTCOME.withValue(Outcomes.outcome(status)),
                Key.EXCEPTION.withValue(Outcomes.exception(error)),
                Key.CLIENT_NAME.withValue(host),
                Key.VENDOR.withValue(context.vendor()),
                Key.KIND.withValue(Outcomes.kind(error, context.isCancelled())),
                Key.SERVER_ADDRESS.withValue(host),
                Key.ERROR_TYPE.withValue(Outcomes.errorType(status, error, context.isCancelled())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(AttemptContext context) {
        Attempt attempt = context.attempt();
        Plan plan = attempt.plan();
        KeyValues keys = KeyValues.of(
                Detail.REQUEST_METHOD.withValue(plan.method().name()),
                Detail.URL_TEMPLATE.withValue(Outcomes.template(plan)),
                Detail.SERVER_PORT.withValue(Integer.toString(Outcomes.port(plan.uri()))),
                Detail.HTTP_URL.withValue(plan.origin() + plan.target()));
        int status = Outcomes.status(attempt, context.getError());
        if (status != 0) {
            keys = keys.and(Detail.STATUS_CODE.withValue(Integer.toString(status)));
        }
        return context.resends() == 0
                ? keys
                : keys.and(Detail.RESEND_COUNT.withValue(Integer.toString(context.resends())));
    }
}
