package io.penstock.picus.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file for the threat library (contract). Null components are not sent.
 *
 * @param file the file to upload
 * @param fileType the kind of file; the words are not documented
 * @param type {@code local} or {@code remote}
 * @param downloadPath the path at which an agent stores it
 * @param isExecutable whether an agent may run it
 * @param skipZipExtract whether a zip file is left unextracted
 */
public record NewThreatFile(
        Path file,
        @Nullable String fileType,
        @Nullable String type,
        @Nullable String downloadPath,
        @Nullable Boolean isExecutable,
        @Nullable Boolean skipZipExtract) {

    /** {@code local}, one of the two documented types. */
    public static final String LOCAL = "local";

    /** {@code remote}, the other documented type. */
    public static final String REMOTE = "remote";

    /** Creates a file of a type, without the optional members. */
    public static NewThreatFile of(Path file, String type) {
        return new NewThreatFile(file, null, type, null, null, null);
    }
}
