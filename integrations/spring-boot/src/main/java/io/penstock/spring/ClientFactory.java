package io.penstock.spring;

import io.micrometer.observation.ObservationRegistry;
import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.micrometer.ClientObservations;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import io.penstock.transport.ClientCertificate;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.Pool;
import io.penstock.transport.ProxyOptions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.unit.DataSize;

/** Builds a client from its properties. */
final class ClientFactory {

    private final BeanFactory beans;

    ClientFactory(BeanFactory beans) {
        this.beans = beans;
    }

    /** Returns the client of a name. */
    ApiClient create(String name, PenstockProperties.Client properties) {
        return new Building(name, properties).build();
    }

    /** Returns the vendor of a client. */
    static VendorSpec vendor(String name, PenstockProperties.Client properties) {
        String id = properties.getVendor();
        return Vendors.all().stream()
                .filter(spec -> spec.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BadPropertyException(
                        property(name, "vendor"),
                        id == null ? "missing" : "no such vendor on the class path",
                        "one of " + Vendors.all().stream().map(VendorSpec::id).collect(Collectors.joining(", "))));
    }

    static String property(String name, String key) {
        return "penstock.clients." + name + "." + key;
    }

    /** The building of one client. */
    private final class Building {
        private final String name;
        private final PenstockProperties.Client from;
        private final ApiClientBuilder builder;
        private ConnectionOptions connections = ConnectionOptions.standard();

        Building(String name, PenstockProperties.Client from) {
            this.name = name;
            this.from = from;
            this.builder = ApiClient.builder(vendor(name, from));
        }

        ApiClient build() {
            set("base-url", from.getBaseUrl(), builder::baseUri);
            set("secret", from.getSecret(), secret -> builder.secret(Secret.of(secret)));
            set("deadline", from.getDeadline(), builder::deadline);
            set("attempt-timeout", from.getAttemptTimeout(), builder::attemptTimeout);
            set("first-byte-timeout", from.getFirstByteTimeout(), builder::firstByteTimeout);
            set("idle-timeout", from.getIdleTimeout(), builder::idleTimeout);
            set("max-response-size", from.getMaxResponseSize(), size -> builder.maxResponseBytes(bytes(size)));
            set(
                    "max-attempts",
                    from.getMaxAttempts(),
                    most -> builder.retry(
                            vendor(name, from).retry().withMaxAttempts(most).withRestrictions()));
            gate();
            from.getHeaders()
                    .forEach((header, value) -> set("headers." + header, value, v -> builder.header(header, v)));
            connections();
            resources();
            ObservationRegistry observations =
                    beans.getBeanProvider(ObservationRegistry.class).getIfUnique();
            if (observations != null && !observations.isNoop()) {
                builder.listener(ClientObservations.of(observations));
            }
            beans.getBeanProvider(ClientCustomizer.class)
                    .orderedStream()
                    .forEach(each -> each.customize(name, builder));
            return builder.build();
        }

        private <V> void set(String key, @Nullable V value, Consumer<V> setter) {
            if (value != null) {
                try {
                    setter.accept(value);
                } catch (ApiException e) {
                    throw BadPropertyException.of(property(name, key), e);
                }
            }
        }

        private <V> void connect(String key, @Nullable V value, Function<V, ConnectionOptions> with) {
            set(key, value, v -> connections = with.apply(v));
        }

        private int bytes(DataSize size) {
            return (int) Math.min(Integer.MAX_VALUE, size.toBytes());
        }

        private void gate() {
            Integer concurrent = from.getMaxConcurrent();
            Integer waiting = from.getMaxWaiting();
            if (concurrent == null && waiting == null) {
                return;
            }
            GatePolicy[] gate = {GatePolicy.standard()};
            set("max-concurrent", concurrent, most -> gate[0] = gate[0].withMaxConcurrent(most));
            set("max-waiting", waiting, most -> gate[0] = gate[0].withMaxWaiting(most));
            builder.gate(gate[0]);
            Pool pool = connections.pool();
            if (concurrent != null && concurrent > pool.maxConnections()) {
                connections = connections.withPool(concurrent, pool.maxPending(), pool.acquireTimeout());
            }
        }

        private void connections() {
            Duration connectTimeout = from.getConnectTimeout();
            connect("connect-timeout", connectTimeout, connections::withConnectTimeout);
            connect("proxy", from.getProxy(), proxy -> connections.withProxy(proxy(proxy)));
            connect("ssl-bundle", from.getSslBundle(), this::withBundle);
            builder.connections(connections);
        }

        private ProxyOptions proxy(String proxy) {
            ProxyOptions options = switch (proxy) {
                case "system" -> ProxyOptions.ofSystemProperties();
                case "environment" -> ProxyOptions.ofEnvironment();
                default -> ProxyOptions.of(proxy);
            };
            String user = from.getProxyUser();
            String password = from.getProxyPassword();
            if (user == null && password == null) {
                return options;
            }
            if (user == null || password == null) {
                throw new BadPropertyException(
                        property(name, user == null ? "proxy-user" : "proxy-password"), "missing", "user and password");
            }
            try {
                return options.withCredentials(user, Secret.of(password));
            } catch (ApiException e) {
                throw BadPropertyException.of(property(name, "proxy-password"), e);
            }
        }

        private ConnectionOptions withBundle(String bundleName) {
            SslBundle bundle;
            try {
                bundle = beans.getBean(SslBundles.class).getBundle(bundleName);
            } catch (NoSuchSslBundleException e) {
                throw new BadPropertyException(
                        property(name, "ssl-bundle"), "no such bundle", "a name below spring.ssl.bundle");
            }
            ConnectionOptions options = connections;
            KeyStore trusted = bundle.getStores().getTrustStore();
            if (trusted != null) {
                options = options.withTrusted(trusted);
            }
            if (bundle.getStores().getKeyStore() != null) {
                for (KeyManager manager : bundle.getManagers().getKeyManagers()) {
                    if (manager instanceof X509ExtendedKeyManager keys) {
                        options = options.withClientCertificate(ClientCertificate.of(keys));
                    }
                }
            }
            String[] protocols = bundle.getOptions().getEnabledProtocols();
            if (protocols != null) {
                options = options.withProtocols(protocols);
            }
            String[] ciphers = bundle.getOptions().getCiphers();
            return ciphers == null ? options : options.withCiphers(ciphers);
        }

        private void resources() {
            ClientResources shared =
                    beans.getBeanProvider(ClientResources.class).getIfUnique();
            if (from.isOwnResources()) {
                builder.ownResources();
            } else if (shared != null) {
                builder.resources(shared);
            }
        }
    }
}
