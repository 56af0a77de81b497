package io.penstock.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/** The properties of all clients. What is not set keeps the default of the client's builder. */
@ConfigurationProperties("penstock")
public class PenstockProperties {

    /** Clients by name. Each name becomes the name of a bean. */
    private final Map<String, Client> clients = new LinkedHashMap<>();

    private final ProblemDetails problemDetails = new ProblemDetails();

    /**
     * How long calls may go on when the context closes. It should be less than spring.lifecycle.timeout-per-shutdown-phase.
     */
    private Duration shutdownTimeout = Duration.ofSeconds(25);

    /** Creates properties with their defaults. */
    public PenstockProperties() {}

    public Map<String, Client> getClients() {
        return clients;
    }

    public ProblemDetails getProblemDetails() {
        return problemDetails;
    }

    public Duration getShutdownTimeout() {
        return shutdownTimeout;
    }

    public void setShutdownTimeout(Duration shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
    }

    /** The mapping of failed calls to responses. */
    public static class ProblemDetails {

        /** Whether an ApiException that leaves a controller becomes a response with problem details (RFC 9457). */
        private boolean enabled;

        /** Creates properties with their defaults. */
        public ProblemDetails() {}

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** The properties of one client. */
    public static class Client {

        /** Id of the vendor, such as pentify. */
        private @Nullable String vendor;

        /** Base URI, instead of the vendor's own. */
        private @Nullable String baseUrl;

        /** Credential. It appears in no message. Without one, only public operations can be used. */
        private @Nullable String secret;

        /** Total time of a call with all attempts and waits. */
        private @Nullable Duration deadline;

        /** Time of one attempt, without its waits. */
        private @Nullable Duration attemptTimeout;

        /** Time from the hand-over of a request to the head of its response. */
        private @Nullable Duration firstByteTimeout;

        /** Longest pause in a response after its head. */
        private @Nullable Duration idleTimeout;

        /** Time to open a connection. */
        private @Nullable Duration connectTimeout;

        /** Maximum size of a decoded response body. */
        private @Nullable DataSize maxResponseSize;

        /** Most attempts of a call. */
        private @Nullable Integer maxAttempts;

        /** Most calls under way at once. */
        private @Nullable Integer maxConcurrent;

        /** Most calls that wait for quota or for a place. */
        private @Nullable Integer maxWaiting;

        /** Headers of every request that does not set them itself. */
        private final Map<String, String> headers = new LinkedHashMap<>();

        /**
         * Proxy: a URI such as http://proxy.example.com:3128, or system for the Java system properties, or environment
         * for the variables of the environment.
         */
        private @Nullable String proxy;

        /** User name for the proxy. */
        private @Nullable String proxyUser;

        /** Password for the proxy. It appears in no message. */
        private @Nullable String proxyPassword;

        /** SSL bundle with the trusted certificates and, if it has a key, the client's certificate. */
        private @Nullable String sslBundle;

        /** Whether the client has event loops, a timer and a DNS client of its own. */
        private boolean ownResources;

        /** Creates properties that leave everything to the builder. */
        public Client() {}

        public @Nullable String getVendor() {
            return vendor;
        }

        public void setVendor(@Nullable String vendor) {
            this.vendor = vendor;
        }

        public @Nullable String getBaseUrl() {
            return baseUrl;
        }

        public void setBaseUrl(@Nullable String baseUrl) {
            this.baseUrl = baseUrl;
        }

        public @Nullable String getSecret() {
            return secret;
        }

        public void setSecret(@Nullable String secret) {
            this.secret = secret;
        }

        public @Nullable Duration getDeadline() {
            return deadline;
        }

        public void setDeadline(@Nullable Duration deadline) {
            this.deadline = deadline;
        }

        public @Nullable Duration getAttemptTimeout() {
            return attemptTimeout;
        }

        public void setAttemptTimeout(@Nullable Duration attemptTimeout) {
            this.attemptTimeout = attemptTimeout;
        }

        public @Nullable Duration getFirstByteTimeout() {
            return firstByteTimeout;
        }

        public void setFirstByteTimeout(@Nullable Duration firstByteTimeout) {
            this.firstByteTimeout = firstByteTimeout;
        }

        public @Nullable Duration getIdleTimeout() {
            return idleTimeout;
        }

        public void setIdleTimeout(@Nullable Duration idleTimeout) {
            this.idleTimeout = idleTimeout;
        }

        public @Nullable Duration getConnectTimeout() {
            return connectTimeout;
        }

        public void setConnectTimeout(@Nullable Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
        }

        public @Nullable DataSize getMaxResponseSize() {
            return maxResponseSize;
        }

        public void setMaxResponseSize(@Nullable DataSize maxResponseSize) {
            this.maxResponseSize = maxResponseSize;
        }

        public @Nullable Integer getMaxAttempts() {
            return maxAttempts;
        }

        public void setMaxAttempts(@Nullable Integer maxAttempts) {
            this.maxAttempts = maxAttempts;
        }

        public @Nullable Integer getMaxConcurrent() {
            return maxConcurrent;
        }

        public void setMaxConcurrent(@Nullable Integer maxConcurrent) {
            this.maxConcurrent = maxConcurrent;
        }

        public @Nullable Integer getMaxWaiting() {
            return maxWaiting;
        }

        public void setMaxWaiting(@Nullable Integer maxWaiting) {
            this.maxWaiting = maxWaiting;
        }

        public Map<String, String> getHeaders() {
            return headers;
        }

        public @Nullable String getProxy() {
            return proxy;
        }

        public void setProxy(@Nullable String proxy) {
            this.proxy = proxy;
        }

        public @Nullable String getProxyUser() {
            return proxyUser;
        }

        public void setProxyUser(@Nullable String proxyUser) {
            this.proxyUser = proxyUser;
        }

        public @Nullable String getProxyPassword() {
            return proxyPassword;
        }

        public void setProxyPassword(@Nullable String proxyPassword) {
            this.proxyPassword = proxyPassword;
        }

        public @Nullable String getSslBundle() {
            return sslBundle;
        }

        public void setSslBundle(@Nullable String sslBundle) {
            this.sslBundle = sslBundle;
        }

        public boolean isOwnResources() {
            return ownResources;
        }

        public void setOwnResources(boolean ownResources) {
            this.ownResources = ownResources;
        }
    }
}
