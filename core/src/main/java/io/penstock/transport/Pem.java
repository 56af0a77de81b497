package io.penstock.transport;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** A file of certificates or keys in PEM form (RFC 7468). Messages name the option and the file, never its content. */
final class Pem {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String CERTIFICATES = "a file of X.509 certificates in PEM form";
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");
    /** The object identifier of PBES2 (RFC 8018), whose parameters name the algorithm itself. */
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private final String option;
    private final Path file;
    private final byte[] content;
    private final List<Block> blocks = new ArrayList<>();

    private record Block(String label, String base64) {}

    private Pem(String option, Path file, String expected) {
        this.option = option;
        this.file = file;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw ApiException.invalidConfiguration(option + ": " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "; expected: " + expected + ")");
        }
        String text = new String(content, StandardCharsets.ISO_8859_1);
        Matcher begin = BEGIN.matcher(text);
        for (int at = 0; begin.find(at); ) {
            String label = begin.group(1);
            String end = "-----END " + label + "-----";
            int to = text.indexOf(end, begin.end());
            if (to < 0) {
                throw invalid("breaks off inside a " + label, "its END line");
            }
            blocks.add(new Block(label, text.substring(begin.end(), to)));
            at = to + end.length();
        }
    }

    private byte[] decoded(Block block) {
        try {
            return Base64.getDecoder().decode(block.base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw invalid("has a " + block.label + " that is no base64", "the file as it was issued");
        }
    }

    /** Reads the certificates of a file, in PEM or in DER form, at least one. */
    static List<X509Certificate> certificates(String option, Path file) {
        Pem pem = new Pem(option, file, CERTIFICATES);
        List<X509Certificate> certificates = new ArrayList<>();
        if (pem.blocks.isEmpty()) {
            certificates.addAll(pem.parsed(pem.content));
        }
        for (Block block : pem.blocks) {
            if (block.label.equals(CERTIFICATE)) {
                certificates.addAll(pem.parsed(pem.decoded(block)));
            }
        }
        if (certificates.isEmpty()) {
            throw pem.invalid("has no certificate", CERTIFICATES);
        }
        return certificates;
    }

    private List<X509Certificate> parsed(byte[] bytes) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw invalid(
                    "has a certificate that cannot be read (" + e.getClass().getSimpleName() + ")", CERTIFICATES);
        }
    }

    /** Reads the one private key of a file, in PKCS #8 form. */
    static PrivateKey key(String option, Path file, @Nullable Secret password) {
        Pem pem = new Pem(option, file, "a file with a private key in PEM form");
        List<Block> keys = pem.blocks.stream()
                .filter(block -> block.label.endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw pem.invalid("has " + keys.size() + " private keys", "one, in PEM form");
        }
        Block key = keys.get(0);
        return switch (key.label) {
            case "PRIVATE KEY" -> pem.key(pem.decoded(key));
            case "ENCRYPTED PRIVATE KEY" -> pem.key(pem.decrypted(pem.decoded(key), password));
            default ->
                throw pem.invalid(
                        "has a key in the form " + key.label, "PKCS #8: openssl pkcs8 -topk8 -in old.pem -out new.pem");
        };
    }

    private PrivateKey key(byte[] encoded) {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // a key of another algorithm
            }
        }
        throw invalid("has a key that cannot be read", "a key of one of " + String.join(", ", ALGORITHMS));
    }

    private byte[] decrypted(byte[] encoded, @Nullable Secret password) {
        if (password == null) {
            throw invalid("has an encrypted key", "its password: ClientCertificate.ofPem(certificates, key, password)");
        }
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(encoded);
            String algorithm = encrypted.getAlgName().equals(PBES2)
                            || encrypted.getAlgName().equals("PBES2")
                    ? encrypted.getAlgParameters().toString()
                    : encrypted.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm)
                            .generateSecret(new PBEKeySpec(password.reveal().toCharArray())),
                    encrypted.getAlgParameters());
            return encrypted.getKeySpec(cipher).getEncoded();
        } catch (IOException | GeneralSecurityException e) {
            throw invalid(
                    "cannot be decrypted (" + e.getClass().getSimpleName() + ")",
                    "the password of the key, and an encryption that Java knows, such as that of openssl pkcs8 -topk8 -v2"
                            + " aes-256-cbc");
        }
    }

    private ApiException invalid(String what, String expected) {
        return ApiException.invalidConfiguration(option + ": " + file + " " + what + " (expected: " + expected + ")");
    }
}
