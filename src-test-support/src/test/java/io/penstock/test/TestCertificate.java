package io.penstock.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate that vouches for itself, or one that an authority has issued, and a server's TLS with it. */
public record TestCertificate(X509Certificate certificate, KeyStore keys) {

    static final String PASSWORD = "changeit";

    private static final String ALIAS = "server";
    private static final String AUTHORITY = "authority";

    /** Made out to a subject alternative name such as {@code ip:127.0.0.1}, by the JDK's own tool. */
    public static TestCertificate of(Path directory, String name) {
        Path store = directory.resolve("server.p12");
        generate(store, ALIAS, List.of("-dname", "CN=localhost", "-ext", "SAN=" + name));
        return read(store);
    }

    /** Issued by an authority of its own. */
    static TestCertificate issued(Path directory, String name) {
        return issued(directory, name, List.of());
    }

    /** Issued by an authority of its own, 400 days ago for 30 days. */
    static TestCertificate expired(Path directory, String name) {
        return issued(directory, name, List.of("-startdate", "-400d", "-validity", "30"));
    }

    private static TestCertificate issued(Path directory, String name, List<String> validity) {
        Path store = directory.resolve("issued.p12");
        generate(store, AUTHORITY, List.of("-dname", "CN=authority", "-ext", "bc:c"));
        List<String> more =
                new ArrayList<>(List.of("-dname", "CN=localhost", "-ext", "SAN=" + name, "-signer", AUTHORITY));
        more.addAll(validity);
        generate(store, ALIAS, more);
        return read(store);
    }

    private static void generate(Path store, String alias, List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(more);
        try {
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool failed: "
                        + new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static TestCertificate read(Path store) {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            return new TestCertificate((X509Certificate) keys.getCertificate(ALIAS), keys);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the certificate of the authority, or this one if it vouches for itself. */
    X509Certificate authority() {
        try {
            return keys.getCertificate(AUTHORITY) instanceof X509Certificate issuer ? issuer : certificate;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    PrivateKey key() {
        try {
            return (PrivateKey) keys.getKey(ALIAS, PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the TLS of a server with this certificate. */
    public SSLContext server() {
        return server(null);
    }

    /** Returns the TLS of a server with this certificate, which accepts one certificate of clients. */
    SSLContext server(@Nullable TestCertificate client) {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(ALIAS, key(), PASSWORD.toCharArray(), keys.getCertificateChain(ALIAS));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(own, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    factory.getKeyManagers(),
                    client == null ? null : trusting(client).getTrustManagers(),
                    null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrustManagerFactory trusting(TestCertificate client) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", client.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }

    /** As a file that others may be given. */
    Path pem(Path directory) throws IOException, GeneralSecurityException {
        return Files.writeString(directory.resolve("ca.pem"), pem());
    }

    String pem() throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    String keyPem() {
        return pem("PRIVATE KEY", key().getEncoded());
    }

    static String pem(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** Returns the names of the keys, for the messages of tests. */
    @Override
    public String toString() {
        try {
            return Collections.list(keys.aliases()).toString();
        } catch (GeneralSecurityException e) {
            return "unreadable";
        }
    }
}
