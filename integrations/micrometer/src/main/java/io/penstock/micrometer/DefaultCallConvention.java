package io.penstock.micrometer;

import io.micrometer.common.KeyValues;
import io.penstock.error.ApiException;
import io.penstock.micrometer.ClientObservationDocumentation.Detail;
import io.penstock.micrometer.ClientObservationDocumentation.Key;
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
                Key.METHOD.withValue(call.plan().method().name()),
                Key.URI.withValue(Outcomes.template(call.plan())),
                Key.STATUS.withValue(Outcomes.status(status, error)),
                Key.OUTCOME.withValue(Outcomes.outcome(status)),
                Key.EXCEPTION.withValue(Outcomes.exception(error)),
                Key.CLIENT_NAME.withValue(Outcomes.host(call.plan().uri())),
                Key.VENDOR.withValue(context.vendor()),
                Key.KIND.withValue(Outcomes.kind(error, context.isCancelled())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(CallContext context) {
        Call call = context.call();
        KeyValues keys = KeyValues.of(
                Detail.ATTEMPTS.withValue(Integer.toString(call.attempts().size())),
                Detail.CERTAINTY.withValue(call.certainty().name()));
        String requestId = context.getError() instanceof ApiException failed ? failed.requestId() : null;
        return requestId == null ? keys : keys.and(Detail.REQUEST_ID.withValue(requestId));
    }
}
