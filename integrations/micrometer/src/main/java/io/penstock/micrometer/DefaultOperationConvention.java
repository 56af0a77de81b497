package io.penstock.micrometer;

import io.micrometer.common.KeyValues;
import io.penstock.micrometer.ClientObservationDocumentation.LowCardinalityKeyNames;
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
                LowCardinalityKeyNames.OPERATION.withValue(kind(context)),
                LowCardinalityKeyNames.METHOD.withValue(
                        context.operation().request().method().name()),
                LowCardinalityKeyNames.URI.withValue(
                        Outcomes.template(context.operation().request())),
                LowCardinalityKeyNames.VENDOR.withValue(context.vendor()),
                LowCardinalityKeyNames.KIND.withValue(Outcomes.kind(context.getError(), context.isCancelled())),
                LowCardinalityKeyNames.CLIENT_NAME.withValue(
                        Outcomes.host(context.operation().baseUri())));
    }

    private static String kind(OperationContext context) {
        return context.operation().kind().name().toLowerCase(Locale.ROOT);
    }
}
