package io.penstock.download;

import io.penstock.error.Journey;
import io.penstock.http.Headers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A completely downloaded file.
 *
 * @param path the path of the file, or null if it went to a channel
 * @param name the name that the server gave, sanitized for use as a file name; null if it gave no usable one
 * @param bytes the size of the file
 * @param resumes how often the download was resumed after an interruption
 * @param lastCall the last call of the download
 */
public record Download(@Nullable Path path, @Nullable String name, long bytes, int resumes, LastCall lastCall) {

    /**
     * The last call of a download.
     *
     * @param headers the headers of its response
     * @param journey its journey
     */
    public record LastCall(Headers headers, Journey journey) {}
}
