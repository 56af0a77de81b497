package io.penstock.picus.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file for the threat library (contract). What is null is not sent.
 *
 * @param file what is uploaded
 * @param fileType what kind of file it is; the words are not documented
 * @param type {@code local} or {@code remote}
 * @param downloadPath where an agent puts it
 * @param isExecutable whether an agent may run it
 * @param skipZipExtract whether a zip file stays one
 */
public record NewThreatFile(
        Path file,
        @Nullable String fileType,
        @Nullable String type,
        @Nullable String downloadPath,
        @Nullable Boolean isExecutable,
        @Nullable Boolean skipZipExtract) {

    /** One of the two documented types. */
    public static final String LOCAL = "local";

    /** The other one. */
    public static final String REMOTE = "remote";

    /** A file of that type, and nothing else said about it. */
    public static NewThreatFile of(Path file, String type) {
        return new NewThreatFile(file, null, type, null, null, null);
    }
}
