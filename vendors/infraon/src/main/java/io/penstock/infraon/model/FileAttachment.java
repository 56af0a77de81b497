package io.penstock.infraon.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file to be added to an incident. It is not read before it is sent. The server's size limit is not documented.
 *
 * @param file the path of the file
 * @param fileName the name that the server should show
 * @param mediaType the media type
 * @param formattedSize the size as text, such as {@code 12.3 KB}
 */
public record FileAttachment(Path file, String fileName, String mediaType, String formattedSize) {

    private static final double KILO = 1024;

    /**
     * Creates an attachment that keeps the name of the file. Reads the size from the file system, which may block.
     *
     * @throws UncheckedIOException if there is no such file
     */
    public static FileAttachment of(Path file, String mediaType) {
        try {
            String size = String.format(Locale.ROOT, "%.1f KB", Files.size(file) / KILO);
            return new FileAttachment(file, String.valueOf(file.getFileName()), mediaType, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
