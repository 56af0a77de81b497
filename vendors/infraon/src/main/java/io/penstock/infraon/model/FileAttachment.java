package io.penstock.infraon.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file to be added to an incident, which is not read before it is sent. The largest size that the server takes is not
 * documented.
 *
 * @param file where it is
 * @param fileName its name, as the server is to show it
 * @param mediaType its media type
 * @param formattedSize its size for people, such as {@code 12.3 KB}
 */
public record FileAttachment(Path file, String fileName, String mediaType, String formattedSize) {

    private static final double KILO = 1024;

    /**
     * A file under its own name. It asks the file system for the size, so call it where that may take its time.
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
