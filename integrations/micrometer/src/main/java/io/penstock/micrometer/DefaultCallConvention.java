package io.penstock.micrometer;

import io.micrometer.common.KeyValues;
import io.penstock.error.ApiException;
import io.penstock.micrometer.ClientObservationDocumentation.HighCardinalityKeyNames;
import io.penstock.micrometer.ClientObservationDocumentation.LowCardinalityKeyNames;
import io.penstock.pipeline.Call;

/** The documented names and keys of a call. */
public class DefaultCallConvention implements CallConvention {

    /** Creates the convention. */
    public DefaultCallConvention() {}

    @Override
    public String getName() {
        return "penstock.calls";
    }

    @Override
    public String getContextualName(CallContext context) {
        return context.vendor() + " " + context.call().plan().method() + " "
                + Outcomes.template(context.call().plan());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(CallContext context) {
        Call call = context.call();
        Throwable error = context.getError();
        int status = Outcomes.status(call, error, context.isCancelled());
        return KeyValues.of(
                LowCardinalityKeyNames.METHOD.withValue(call.plan().method().name()),
                LowCardinalityKeyNames.URI.withValue(Outcomes.template(call.plan())),
                LowCardinalityKeyNames.STATUS.withValue(Outcomes.status(status, error)),
                LowCardinalityKeyNames.OUTCOME.withValue(Outcomes.outcome(status)),
                LowCardinalityKeyNames.EXCEPTION.withValue(Outcomes.exception(error)),
                LowCardinalityKeyNames.CLIENT_NAME.withValue(Outcomes.server(call.plan())),
                LowCardinalityKeyNames.VENDOR.withValue(context.vendor()),
                LowCardinalityKeyNames.KIND.withValue(Outcomes.kind(error, context.isCancelled())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(CallContext context) {
        Call call = context.call();
        KeyValues keys = KeyValues.of(
                HighCardinalityKeyNames.ATTEMPTS.withValue(
                        Integer.toString(call.attempts().size())),
                HighCardinalityKeyNames.CERTAINTY.withValue(call.certainty().name()));
        String requestId = context.getError() instanceof ApiException failed ? failed.requestId() : null;
        return requestId == null ? keys : keys.and(HighCardinalityKeyNames.REQUEST_ID.withValue(requestId));
    }
}
