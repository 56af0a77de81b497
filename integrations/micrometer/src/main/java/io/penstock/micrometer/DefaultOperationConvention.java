package io.penstock.micrometer;

import io.micrometer.common.KeyValues;
import io.penstock.micrometer.ClientObservationDocumentation.Key;
import java.util.Locale;

/** The documented names and keys of an operation. */
public class DefaultOperationConvention implements OperationConvention {

    /** Creates the convention. */
    public DefaultOperationConvention() {}

    @Override
    public String getName() {
        return "penstock.operations";
    }

    @Override
    public String getContextualName(OperationContext context) {
        return context.vendor() + " " + kind(context) + " "
                + Outcomes.template(context.operation().request());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(OperationContext context) {
        return KeyValues.of(
                Key.OPERATION.withValue(kind(context)),
                Key.METHOD.withValue(context.operation().request().method().name()),
                Key.URI.withValue(Outcomes.template(context.operation().request())),
                Key.VENDOR.withValue(context.vendor()),
                Key.KIND.withValue(Outcomes.kind(context.getError(), context.isCancelled())),
                Key.CLIENT_NAME.withValue(Outcomes.host(context.operation().baseUri())));
    }

    private static String kind(OperationContext context) {
        return context.operation().kind().name().toLowerCase(Locale.ROOT);
    }
}
