package io.penstock.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of a client. An operation contains calls, and a call contains attempts. */
public enum ClientObservationDocumentation implements ObservationDocumentation {

    /** A list, a poll, resumed events or a download: from its subscription to its last signal, with all its calls. */
    OPERATION {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultOperationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return KeyName.merge(new KeyName[] {
                LowCardinalityKeyNames.OPERATION,
                LowCardinalityKeyNames.METHOD,
                LowCardinalityKeyNames.URI,
                LowCardinalityKeyNames.VENDOR,
                LowCardinalityKeyNames.KIND,
                LowCardinalityKeyNames.CLIENT_NAME,
                LowCardinalityKeyNames.ERROR
            });
        }
    },

    /** A call: from its subscription to its decoded response or its error, with all attempts and waits. */
    CALL {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultCallConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return KeyName.merge(new KeyName[] {
                LowCardinalityKeyNames.METHOD,
                LowCardinalityKeyNames.URI,
                LowCardinalityKeyNames.STATUS,
                LowCardinalityKeyNames.OUTCOME,
                LowCardinalityKeyNames.EXCEPTION,
                LowCardinalityKeyNames.CLIENT_NAME,
                LowCardinalityKeyNames.VENDOR,
                LowCardinalityKeyNames.KIND,
                LowCardinalityKeyNames.ERROR
            });
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return KeyName.merge(new KeyName[] {
                HighCardinalityKeyNames.ATTEMPTS, HighCardinalityKeyNames.CERTAINTY, HighCardinalityKeyNames.REQUEST_ID
            });
        }
    },

    /** A request on the wire: from its hand-over to the pool to its decoded body. Every retry is another one. */
    ATTEMPT {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultAttemptConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return KeyName.merge(new KeyName[] {
                LowCardinalityKeyNames.METHOD,
                LowCardinalityKeyNames.URI,
                LowCardinalityKeyNames.STATUS,
                LowCardinalityKeyNames.OUTCOME,
                LowCardinalityKeyNames.EXCEPTION,
                LowCardinalityKeyNames.CLIENT_NAME,
                LowCardinalityKeyNames.VENDOR,
                LowCardinalityKeyNames.KIND,
                LowCardinalityKeyNames.SERVER_ADDRESS,
                LowCardinalityKeyNames.ERROR_TYPE,
                LowCardinalityKeyNames.ERROR
            });
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return KeyName.merge(new KeyName[] {
                HighCardinalityKeyNames.REQUEST_METHOD,
                HighCardinalityKeyNames.URL_TEMPLATE,
                HighCardinalityKeyNames.SERVER_PORT,
                HighCardinalityKeyNames.STATUS_CODE,
                HighCardinalityKeyNames.RESEND_COUNT,
                HighCardinalityKeyNames.HTTP_URL
            });
        }
    };

    /** The keys of timers and spans. Each has few values. */
    public enum LowCardinalityKeyNames implements KeyName {
        /** The kind of operation: {@code list}, {@code poll}, {@code events} or {@code download}. */
        OPERATION("operation"),
        /** The request method. */
        METHOD("method"),
        /** The path template; {@code none} if the request has none of its own. */
        URI("uri"),
        /**
         * The status of the response; without one, {@code IO_ERROR} after a failure of the connection, otherwise {@code
         * CLIENT_ERROR}.
         */
        STATUS("status"),
        /**
         * {@code SUCCESS}, {@code REDIRECTION}, {@code CLIENT_ERROR}, {@code SERVER_ERROR}; without a response, {@code
         * UNKNOWN}.
         */
        OUTCOME("outcome"),
        /** The simple name of the exception's class; {@code none} after a success. */
        EXCEPTION("exception"),
        /** The simple name of the exception's class; added to timers by Micrometer itself. */
        ERROR("error"),
        /** The host of the server. */
        CLIENT_NAME("client.name"),
        /** The id of the vendor. */
        VENDOR("vendor"),
        /** The {@code ErrorKind} of the failure, {@code CANCELLED}, or {@code none} after a success. */
        KIND("kind"),
        /** The host of the server (OpenTelemetry HTTP conventions). */
        SERVER_ADDRESS("server.address"),
        /**
         * The status from 400 on, otherwise the {@code ErrorKind}; {@code none} after a success (OpenTelemetry HTTP
         * conventions).
         */
        ERROR_TYPE("error.type");

        private final String key;

        LowCardinalityKeyNames(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** The keys of spans only. */
    public enum HighCardinalityKeyNames implements KeyName {
        /** How many attempts the call has made. */
        ATTEMPTS("penstock.attempts"),
        /** Whether the server may have acted. */
        CERTAINTY("penstock.certainty"),
        /** The vendor's id of a failed request. */
        REQUEST_ID("penstock.request_id"),
        /** The request method (OpenTelemetry HTTP conventions). */
        REQUEST_METHOD("http.request.method"),
        /** The path template (OpenTelemetry HTTP conventions). */
        URL_TEMPLATE("url.template"),
        /** The port of the server (OpenTelemetry HTTP conventions). */
        SERVER_PORT("server.port"),
        /** The status of the response (OpenTelemetry HTTP conventions). */
        STATUS_CODE("http.response.status_code"),
        /** How many requests of this call were sent before (OpenTelemetry HTTP conventions); absent at the first one. */
        RESEND_COUNT("http.request.resend_count"),
        /** Origin and path, without the query. */
        HTTP_URL("http.url");

        private final String key;

        HighCardinalityKeyNames(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
