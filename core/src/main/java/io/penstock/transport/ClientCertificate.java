package io.penstock.transport;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a client shows to servers that ask for one, with its private key. Nothing prints the key. Two of
 * them are equal if they are the same object.
 */
public final class ClientCertificate {

    private static final String OPTION = "clientCertificate";
    private static final String ALIAS = "client";

    private final KeyManager manager;
    private final String description;
    private final @Nullable Files files;

    /** The files that a certificate and its key were read from. */
    private record Files(
            Path certificates, Path key, @Nullable Secret password) {}

    private ClientCertificate(KeyManager manager, String description, @Nullable Files files) {
        this.manager = manager;
        this.description = description;
        this.files = files;
    }

    /**
     * Reads a certificate, followed by those that issued it, and its key from PEM files, which may be one and the same.
     * It blocks. The key is in PKCS #8 form and not encrypted. A client reads the files again once they have changed, and
     * uses the new certificate for new connections; files that cannot be used change nothing, and are logged.
     *
     * @throws ApiException INVALID_CONFIGURATION if a file has not what it should have, breaks off, or if the key is not
     *     that of the first certificate
     */
    public static ClientCertificate ofPem(Path certificates, Path key) {
        return ofPem(certificates, key, null);
    }

    /** Reads them from PEM files, the key encrypted with a password or not, as {@link #ofPem(Path, Path)}. */
    public static ClientCertificate ofPem(Path certificates, Path key, @Nullable Secret password) {
        return read(new Files(certificates, key, password));
    }

    private static ClientCertificate read(Files files) {
        List<X509Certificate> chain = Pem.certificates(OPTION, files.certificates);
        return of(Pem.key(OPTION, files.key, files.password), chain, files);
    }

    /**
     * Creates a client certificate.
     *
     * @param chain the certificate, followed by those that issued it
     * @throws ApiException INVALID_CONFIGURATION if the chain is empty, or the key is not that of its first certificate
     */
    public static ClientCertificate of(PrivateKey key, List<X509Certificate> chain) {
        return of(key, chain, null);
    }

    private static ClientCertificate of(PrivateKey key, List<X509Certificate> chain, @Nullable Files files) {
        if (chain.isEmpty()) {
            throw invalid("no certificate", "at least one");
        }
        X509Certificate first = chain.get(0);
        if (!areOnePair(key, first.getPublicKey())) {
            throw invalid(
                    "the private key is not that of the certificate of "
                            + first.getSubjectX500Principal().getName(),
                    "the certificate first, then those that issued it");
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            char[] password = OPTION.toCharArray(); // the store stays in memory
            store.load(null, password);
            store.setKeyEntry(ALIAS, key, password, chain.toArray(Certificate[]::new));
            return new ClientCertificate(managerOf(store, password), describe(first), files);
        } catch (GeneralSecurityException | IOException e) {
            throw invalid(
                    "not accepted by the platform (" + e.getClass().getSimpleName() + ")", "an X.509 certificate");
        }
    }

    /**
     * Creates a client certificate of all keys of a store. TLS selects one that the server accepts.
     *
     * @param password the password of the keys
     * @throws ApiException INVALID_CONFIGURATION if the store has no key, or the password is wrong
     */
    public static ClientCertificate of(KeyStore store, Secret password) {
        try {
            String description = "";
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    description += (description.isEmpty() ? "" : "; ") + describe(certificate);
                }
            }
            if (description.isEmpty()) {
                throw invalid("the key store has no key with a certificate", "at least one");
            }
            return new ClientCertificate(managerOf(store, password.reveal().toCharArray()), description, null);
        } catch (GeneralSecurityException e) {
            throw invalid(
                    "the key store cannot be used (" + e.getClass().getSimpleName() + ")",
                    "a loaded store, and the password of its keys");
        }
    }

    /** Creates a client certificate of a key manager, such as one for keys that cannot be read or that are replaced. */
    public static ClientCertificate of(X509ExtendedKeyManager manager) {
        return new ClientCertificate(manager, "a key manager", null);
    }

    /**
     * Creates a client certificate of a factory of key managers, such as that of a framework's bundle.
     *
     * @throws ApiException INVALID_CONFIGURATION if the factory is not initialized, or has no manager for X.509
     */
    public static ClientCertificate of(KeyManagerFactory factory) {
        try {
            return new ClientCertificate(managerOf(factory), "a key manager", null);
        } catch (GeneralSecurityException | IllegalStateException e) {
            throw invalid("the factory has no key manager (" + e.getMessage() + ")", "an initialized one, for X.509");
        }
    }

    private static KeyManager managerOf(KeyStore store, char[] password) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return managerOf(factory);
    }

    private static KeyManager managerOf(KeyManagerFactory factory) throws GeneralSecurityException {
        return Arrays.stream(factory.getKeyManagers())
                .filter(X509ExtendedKeyManager.class::isInstance)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no key manager for X.509"));
    }

    private static String describe(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName() + ", valid until "
                + certificate.getNotAfter().toInstant();
    }

    private static boolean areOnePair(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> key.getAlgorithm();
                    });
            signature.initSign(key);
            byte[] probe = {1, 2, 3};
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static ApiException invalid(String what, String expected) {
        return ApiException.invalidConfiguration(OPTION + ": " + what + " (expected: " + expected + ")");
    }

    /**
     * Returns the key manager of the transport.
     *
     * @hidden
     */
    @Internal
    public KeyManager keyManager() {
        return manager;
    }

    /**
     * Returns the files that this was read from; empty if there are none.
     *
     * @hidden
     */
    @Internal
    public List<Path> files() {
        return files == null ? List.of() : List.of(files.certificates, files.key);
    }

    /**
     * Reads the files again, and returns the certificate that they have now; this one if there are no files.
     *
     * @throws ApiException INVALID_CONFIGURATION as {@link #ofPem(Path, Path)}
     * @hidden
     */
    @Internal
    public ClientCertificate readAgain() {
        return files == null ? this : read(files);
    }

    /** Returns subject and end of validity. */
    @Override
    public String toString() {
        return description;
    }
}
